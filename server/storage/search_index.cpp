#include "storage/search_index.h"

#include <algorithm>

#include "storage/connection.h"

namespace kapok::storage {
namespace {

const Sql kFindDocument("SELECT place, tokens FROM search_document WHERE object_id = :id");
const Sql kLastPlace("SELECT MAX(place) FROM search_document WHERE place >= :from_place AND place < :to_place");
const Sql kPutDocument("INSERT INTO search_document (object_id, place, tokens) VALUES (:id, :place, :tokens)");
const Sql kRemoveDocument("DELETE FROM search_document WHERE object_id = :id");
const Sql kPutTokens("INSERT INTO search_text (rowid, tokens) VALUES (:place, :tokens)", SqlFor::kSqliteOnly);
const Sql kRemoveTokens("INSERT INTO search_text (search_text, rowid, tokens) VALUES ('delete', :place, :tokens)",
                        SqlFor::kSqliteOnly);
const Sql kFindTokens(
    "SELECT d.object_id, d.place FROM (SELECT rowid AS place FROM search_text WHERE search_text MATCH :tokens AND "
    "rowid < :before ORDER BY rowid DESC LIMIT :limit) hit JOIN search_document d ON d.place = hit.place "
    "ORDER BY d.place DESC",
    SqlFor::kSqliteOnly);

/// Room for a million documents of one millisecond.
constexpr std::int64_t kPlacesPerMs = 1'000'000;

/// A place is the document's millisecond and a small number that makes it unique: the index is kept in
/// order of place, so the newest hits come first without sorting all of them.
std::int64_t free_place(Transaction& tx, Instant at) {
  const std::int64_t from = first_place_at(at);
  const auto last = tx.connection().first(kLastPlace, {from, from + kPlacesPerMs}, {CellKind::kInteger});
  return last->front().null ? from : last->front().integer + 1;
}

std::string joined(std::vector<std::string> tokens, std::string_view between) {
  std::sort(tokens.begin(), tokens.end());  // order in the text would tell more than the tokens themselves
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  std::string text;
  for (const std::string& token : tokens) text += (text.empty() ? std::string{} : std::string(between)) + token;
  return text;
}

class Fts5Index final : public SearchIndex {
 public:
  void put(Transaction& tx, const SearchDocument& document) override {
    remove(tx, document.object_id);
    const std::int64_t place = free_place(tx, document.at);
    const std::string tokens = joined(document.tokens, " ");
    tx.connection().run(kPutDocument, {document.object_id, place, tokens});
    tx.connection().run(kPutTokens, {place, tokens});
  }

  /// A table without content forgets a document only when handed exactly the tokens it was given.
  void remove(Transaction& tx, std::int64_t object_id) override {
    const auto old = tx.connection().first(kFindDocument, {object_id}, {CellKind::kInteger, CellKind::kText});
    if (!old) return;
    tx.connection().run(kRemoveTokens, *old);
    tx.connection().run(kRemoveDocument, {object_id});
  }

  std::vector<SearchHit> find(ReadTransaction& tx, const SearchLookup& lookup) override {
    std::vector<SearchHit> hits;
    if (lookup.tokens.empty()) return hits;
    const std::string wanted = '"' + joined(lookup.tokens, "\" AND \"") + '"';
    const std::int64_t before = lookup.before_place.value_or(INT64_MAX);
    tx.connection().query(kFindTokens, {wanted, before, lookup.limit}, {CellKind::kInteger, CellKind::kInteger},
                          [&](const Values& row) { hits.push_back({row[0].integer, row[1].integer}); });
    return hits;
  }
};

}  // namespace

std::int64_t first_place_at(Instant at) { return at.us / 1'000 * kPlacesPerMs; }

std::unique_ptr<SearchIndex> make_fts5_index() { return std::make_unique<Fts5Index>(); }

}  // namespace kapok::storage
