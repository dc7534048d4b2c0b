#include <algorithm>

#include "storage/search_index.h"
#include "storage/search_tokens.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

using Pieces = std::vector<std::string>;

ErrorCode refusal(std::string_view text) {
  const auto query = parse_search(text);
  return query ? ErrorCode::kInternal : query.error().code;
}

TEST(SearchTokensTest, ChineseIsCutIntoPairsAndWordsStayWhole) {
  EXPECT_EQ(pieces_of("低保金 abc12"), (Pieces{"abc12", "低保", "保金"}));
  EXPECT_EQ(pieces_of("药, 3楼"), (Pieces{"3", "楼", "药"}));
  EXPECT_EQ(pieces_of("𠮷野家"), (Pieces{"野家", "𠮷野"}));
  EXPECT_TRUE(pieces_of("，。! ").empty());
}

TEST(SearchTokensTest, FullWidthAndCapitalsMeetPlainOnes) {
  EXPECT_EQ(normalise_text("ＡＢ１２３").value(), "ab123");
  EXPECT_EQ(normalise_text("e\xCC\x81").value(), normalise_text("\xC3\x89").value());
  EXPECT_EQ(normalise_text("\xFF").error().code, ErrorCode::kTextNotUtf8);
}

TEST(SearchTokensTest, TermsBelowTwoCharactersAreRefused) {
  EXPECT_EQ(refusal(""), ErrorCode::kSearchTooShort);
  EXPECT_EQ(refusal("  "), ErrorCode::kSearchTooShort);
  EXPECT_EQ(refusal("药"), ErrorCode::kSearchTooShort);
  EXPECT_EQ(refusal("a"), ErrorCode::kSearchTooShort);
  EXPECT_EQ(refusal("药，"), ErrorCode::kSearchTooShort);
  EXPECT_EQ(refusal("低保 药"), ErrorCode::kSearchTooShort);
  EXPECT_TRUE(parse_search("低保"));
}

TEST(SearchTokensTest, SixtyFourCharactersAreTheLimit) {
  std::string text;
  for (int i = 0; i < 64; ++i) text += "社";
  EXPECT_TRUE(parse_search(text));
  EXPECT_EQ(refusal(text + "社"), ErrorCode::kTextTooLong);
}

TEST(SearchTokensTest, MatchNeedsTheWholeTermNotOnlyItsPairs) {
  const auto query = parse_search("最低生活保障").value();
  EXPECT_TRUE(query.matches("申请最低生活保障金"));
  EXPECT_FALSE(query.matches("最低生活，生活保障"));
}

class SearchTest : public StoreTest {
 protected:
  void put(std::int64_t id, std::string_view text, Instant at = kNow) {
    const auto tokens = SearchTokens(*keys_).text(text).value();
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<> {
                  index_->put(tx, {id, at, tokens});
                  return Done{};
                }).result);
  }
  std::vector<SearchHit> lookup(std::string_view text, std::int64_t limit = 50,
                                std::optional<std::int64_t> before = {}) {
    std::vector<std::string> tokens;
    const auto query = parse_search(text).value();
    for (const auto& piece : query.pieces) tokens.push_back(SearchTokens(*keys_).piece(piece));
    std::vector<SearchHit> hits;
    read([&](ReadTransaction& tx) { hits = index_->find(tx, {tokens, before, limit}); });
    return hits;
  }
  std::vector<std::int64_t> find(std::string_view text) {
    std::vector<std::int64_t> ids;
    for (const auto& hit : lookup(text)) ids.push_back(hit.object_id);
    return ids;
  }
  using Ids = std::vector<std::int64_t>;

  std::unique_ptr<SearchIndex> index_ = make_fts5_index();
};

TEST_F(SearchTest, TwoChineseCharactersFindTheRecord) {
  put(1, "独居老人需要米面和药品");
  put(2, "咨询低保政策");
  EXPECT_EQ(find("药品"), Ids{1});
  EXPECT_EQ(find("低保"), Ids{2});
  EXPECT_EQ(find("低保政策"), Ids{2});
  EXPECT_EQ(find("疫苗"), Ids{});
}

TEST_F(SearchTest, AllTermsMustBeThere) {
  put(1, "独居老人需要米面");
  put(2, "独居老人需要药品");
  EXPECT_EQ(find("独居 药品"), Ids{2});
}

TEST_F(SearchTest, WordsAndFullWidthDigitsAreFound) {
  put(1, "病历 AB１２３ 复查");
  EXPECT_EQ(find("ab123"), Ids{1});
}

TEST_F(SearchTest, NewestComesFirstAndPagesDoNotOverlap) {
  put(1, "低保", kNow + hours{2});
  put(2, "低保", kNow);
  put(3, "低保", kNow + hours{1});
  put(4, "低保", kNow + hours{1});
  const auto first = lookup("低保", 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].object_id, 1);
  EXPECT_EQ(first[1].object_id, 4);
  const auto second = lookup("低保", 2, first.back().place);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second[0].object_id, 3);
  EXPECT_EQ(second[1].object_id, 2);
}

TEST_F(SearchTest, CorrectedTextIsFoundByItsNewWordsOnly) {
  put(1, "需要米面");
  put(1, "需要药品");
  EXPECT_EQ(find("米面"), Ids{});
  EXPECT_EQ(find("药品"), Ids{1});
}

TEST_F(SearchTest, RemovedRecordIsNotFound) {
  put(1, "需要米面");
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<> {
                index_->remove(tx, 1);
                index_->remove(tx, 99);
                return Done{};
              }).result);
  EXPECT_EQ(find("米面"), Ids{});
}

TEST_F(SearchTest, LabelsNarrowASearch) {
  const SearchTokens tokens(*keys_);
  for (std::int64_t id : {1, 2}) {
    auto of_text = tokens.text("需要米面").value();
    of_text.push_back(tokens.label("unit", std::to_string(id)));
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<> {
                  index_->put(tx, {id, kNow, of_text});
                  return Done{};
                }).result);
  }
  read([&](ReadTransaction& tx) {
    const auto hits = index_->find(tx, {{tokens.piece("米面"), tokens.label("unit", "2")}, {}, 50});
    ASSERT_EQ(hits.size(), 1u);
    EXPECT_EQ(hits[0].object_id, 2);
  });
}

TEST_F(SearchTest, FileShowsNoWord) {
  put(1, "独居老人 Wang 需要米面");
  read([](ReadTransaction& tx) {
    EXPECT_EQ(tx.connection().text_of(
                  "SELECT COUNT(*) FROM search_document WHERE tokens LIKE '%wang%' OR tokens LIKE '%米面%'"),
              "0");
  });
  const auto other_file = directory_.path() / "other";
  ASSERT_TRUE(KeyRing::create_file(other_file));
  EXPECT_NE(SearchTokens(*KeyRing::load(other_file).value()).piece("米面"), SearchTokens(*keys_).piece("米面"));
}

TEST_F(SearchTest, EmptyLookupFindsNothing) {
  put(1, "需要米面");
  read([&](ReadTransaction& tx) { EXPECT_TRUE(index_->find(tx, {{}, {}, 50}).empty()); });
}

}  // namespace
}  // namespace kapok::storage
