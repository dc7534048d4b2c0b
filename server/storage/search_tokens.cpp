#include "storage/search_tokens.h"

#include <sodium.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "core/check.h"
#include "storage/policy.h"

namespace kapok::storage {
namespace {

bool is_utf8(std::string_view text) {
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    if (c < 0) return false;
  }
  return true;
}

/// Scripts written without spaces: any two neighbours may be a word.
bool is_cjk(UChar32 c) {
  const int script = u_getIntPropertyValue(c, UCHAR_SCRIPT);
  return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
         script == USCRIPT_HANGUL || script == USCRIPT_BOPOMOFO;
}

struct Character {
  std::string_view bytes;
  enum class Kind { kCjk, kWord, kOther } kind;
};

std::vector<Character> characters_of(std::string_view text) {
  std::vector<Character> all;
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    const std::int32_t start = i;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    const auto kind = is_cjk(c)      ? Character::Kind::kCjk
                      : u_isalnum(c) ? Character::Kind::kWord
                                     : Character::Kind::kOther;
    all.push_back({text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(i - start)), kind});
  }
  return all;
}

/// Pieces of one run of characters of one kind; `lone` says whether a single CJK character counts.
void append_run(const std::vector<Character>& run, bool lone, std::vector<std::string>& pieces) {
  if (run.empty() || run.front().kind == Character::Kind::kOther) return;
  std::string word;
  for (const Character& c : run) word += c.bytes;
  if (run.front().kind == Character::Kind::kWord || (run.size() == 1 && lone)) return pieces.push_back(std::move(word));
  for (std::size_t i = 0; i + 1 < run.size(); ++i)
    pieces.push_back(std::string(run[i].bytes) + std::string(run[i + 1].bytes));
}

std::vector<std::string> split_pieces(std::string_view normalised, bool lone) {
  std::vector<std::string> pieces;
  std::vector<Character> run;
  for (const Character& c : characters_of(normalised)) {
    if (!run.empty() && run.front().kind != c.kind) {
      append_run(run, lone, pieces);
      run.clear();
    }
    run.push_back(c);
  }
  append_run(run, lone, pieces);
  std::sort(pieces.begin(), pieces.end());
  pieces.erase(std::unique(pieces.begin(), pieces.end()), pieces.end());
  return pieces;
}

std::string token_of(const SecretKey& key, std::string_view message) {
  static_assert(crypto_shorthash_KEYBYTES <= SecretKey::kBytes && crypto_shorthash_BYTES == 8);
  unsigned char hash[crypto_shorthash_BYTES];
  crypto_shorthash(hash, reinterpret_cast<const unsigned char*>(message.data()), message.size(), key.data());
  std::uint64_t bits = 0;
  for (const unsigned char byte : hash) bits = bits << 8 | byte;
  std::string token;
  for (int i = 0; i < 8; ++i, bits >>= 5) token.push_back("abcdefghijklmnopqrstuvwxyz234567"[bits & 31]);
  return token;
}

}  // namespace

Result<std::string> normalise_text(std::string_view utf8) {
  if (!is_utf8(utf8)) return Error{ErrorCode::kTextNotUtf8, "text is not UTF-8"};
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const rules = icu::Normalizer2::getNFKCCasefoldInstance(error);
  KAPOK_CHECK(U_SUCCESS(error));
  const icu::StringPiece piece(utf8.data(), static_cast<std::int32_t>(utf8.size()));
  const icu::UnicodeString normal = rules->normalize(icu::UnicodeString::fromUTF8(piece), error);
  KAPOK_CHECK(U_SUCCESS(error));
  std::string text;
  normal.toUTF8String(text);
  return text;
}

std::vector<std::string> pieces_of(std::string_view normalised) { return split_pieces(normalised, true); }

bool SearchQuery::matches(std::string_view utf8) const {
  const auto text = normalise_text(utf8);
  return text && std::all_of(terms.begin(), terms.end(),
                             [&](const std::string& term) { return text->find(term) != std::string::npos; });
}

Result<SearchQuery> parse_search(std::string_view utf8) {
  auto text = normalise_text(utf8);
  if (!text) return text.error();
  const auto all = characters_of(*text);
  if (all.size() > kSearchCharactersMax)
    return Error{ErrorCode::kTextTooLong, "search text is longer than 64 characters"};
  SearchQuery query;
  std::string term;
  const auto end_term = [&] {
    if (!term.empty()) query.terms.push_back(std::move(term));
    term.clear();
  };
  for (const Character& c : all) c.bytes == " " ? end_term() : static_cast<void>(term += c.bytes);
  end_term();
  for (const std::string& each : query.terms) {
    const auto characters = characters_of(each);
    const auto counted = std::count_if(characters.begin(), characters.end(),
                                       [](const Character& c) { return c.kind != Character::Kind::kOther; });
    // A lone CJK character beside a word is in the index only when it stood alone there too: leave it to matches().
    auto pieces = split_pieces(each, false);
    if (static_cast<std::size_t>(counted) < kSearchTermMin || pieces.empty())
      return Error{ErrorCode::kSearchTooShort, "a search term has at least two characters"};
    query.pieces.insert(query.pieces.end(), std::make_move_iterator(pieces.begin()),
                        std::make_move_iterator(pieces.end()));
  }
  if (query.terms.empty()) return Error{ErrorCode::kSearchTooShort, "a search term has at least two characters"};
  std::sort(query.pieces.begin(), query.pieces.end());
  query.pieces.erase(std::unique(query.pieces.begin(), query.pieces.end()), query.pieces.end());
  return query;
}

std::string SearchTokens::piece(std::string_view normalised_piece) const {
  return token_of(key_, "piece/" + std::string(normalised_piece));
}

std::string SearchTokens::label(std::string_view name, std::string_view value) const {
  return token_of(key_, "label/" + std::string(name) + '/' + std::string(value));
}

Result<std::vector<std::string>> SearchTokens::text(std::string_view utf8) const {
  const auto normalised = normalise_text(utf8);
  if (!normalised) return normalised.error();
  std::vector<std::string> tokens;
  for (const std::string& each : pieces_of(*normalised)) tokens.push_back(piece(each));
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  return tokens;
}

}  // namespace kapok::storage
