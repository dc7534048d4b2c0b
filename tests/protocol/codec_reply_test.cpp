#include <gtest/gtest.h>

#include <string>

#include "kapok/v1/frame.pb.h"
#include "protocol/codec.h"
#include "protocol/frame.h"

namespace kapok::protocol {
namespace {

v1::Reply parse(const std::string& bytes) {
  v1::ServerFrame frame;
  EXPECT_TRUE(frame.ParseFromString(bytes));
  EXPECT_TRUE(frame.has_reply());
  return frame.reply();
}

api::Reply csv_reply(std::size_t size) {
  return {5, api::ReplyBody(api::CsvPage{std::string(size, 'x'), {}}), api::Saved::kNothingToSave, false};
}

TEST(EncodeReply, ErrorsCarryCodeDetailAndChineseWord) {
  const v1::Reply reply = parse(encode_reply({3, Error{ErrorCode::kOfferGone, "offer ended"}}));
  EXPECT_EQ(reply.request_id(), 3u);
  EXPECT_EQ(reply.error().code(), "OFFER_GONE");
  EXPECT_EQ(reply.error().detail(), "offer ended");
  EXPECT_EQ(reply.error().text_zh(), "来电已转走或挂断");
}

TEST(EncodeReply, SavedSaysWhereAChangeLies) {
  EXPECT_EQ(parse(encode_reply({3, api::ReplyBody(Done{}), api::Saved::kSpool, false})).saved(), v1::SAVED_SPOOL);
  EXPECT_EQ(parse(encode_reply({3, api::ReplyBody(Done{})})).saved(), v1::SAVED_NOTHING_TO_SAVE);
}

TEST(EncodeReply, AnEmptyListIsAnAnswerToo) {
  EXPECT_TRUE(parse(encode_reply({3, api::ReplyBody(api::ShiftList{})})).has_shift_list());
  EXPECT_TRUE(parse(encode_reply({3, api::ReplyBody(api::GapList{})})).has_gap_list());
  EXPECT_TRUE(parse(encode_reply({3, api::ReplyBody(api::UnitList{})})).has_unit_list());
  EXPECT_TRUE(parse(encode_reply({3, api::ReplyBody(api::LineList{})})).has_line_list());
  EXPECT_TRUE(parse(encode_reply({3, api::ReplyBody(api::WorkerList{})})).has_worker_list());
}

TEST(EncodeReply, LargestReplyIsSentAndALargerOneBecomesInternal) {
  const std::size_t overhead = encode_reply(csv_reply(200'000)).size() - 200'000;
  const std::string largest = encode_reply(csv_reply(kOutboundFrameBytesMax - overhead));
  EXPECT_EQ(largest.size(), kOutboundFrameBytesMax);
  EXPECT_TRUE(parse(largest).has_csv_page());
  const v1::Reply larger = parse(encode_reply(csv_reply(kOutboundFrameBytesMax - overhead + 1)));
  EXPECT_EQ(larger.error().code(), "INTERNAL");
  EXPECT_EQ(larger.request_id(), 5u);
}

TEST(EncodePush, PushBeyondTheLimitIsRefused) {
  api::ServerNotice notice{.state = "ok", .text_zh = std::string(kOutboundFrameBytesMax, 'x'), .text_en = {}};
  const auto refused = encode_push(notice);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInternal);
}

TEST(StoredReply, IsRepeatedWordForWordUnderTheNewRequestId) {
  const api::Reply first{5, api::ReplyBody(api::ContactSaved{ContactId(11), 4, "GZ-261121-0042", {ReferralId(9)}}),
                         api::Saved::kStore, false};
  const std::string stored = encode_reply_body(first);
  v1::Reply repeat = parse(encode_reply({8, api::ReplyBody(api::Stored{stored}), api::Saved::kStore, true}));
  EXPECT_EQ(repeat.request_id(), 8u);
  EXPECT_EQ(repeat.saved(), v1::SAVED_STORE);
  EXPECT_TRUE(repeat.is_repeat());
  repeat.set_request_id(5);
  repeat.set_is_repeat(false);
  EXPECT_EQ(repeat.SerializeAsString(), parse(encode_reply(first)).SerializeAsString());
}

TEST(StoredReply, HoldsTheBodyAloneAndErrorsToo) {
  const std::string one = encode_reply_body({1, api::ReplyBody(Done{}), api::Saved::kStore, false});
  const std::string other = encode_reply_body({2, api::ReplyBody(Done{}), api::Saved::kSpool, true});
  EXPECT_EQ(one, other);
  const std::string refused = encode_reply_body({1, Error{ErrorCode::kAlreadyTaken, "陈"}});
  EXPECT_EQ(parse(encode_reply({2, api::ReplyBody(api::Stored{refused})})).error().code(), "ALREADY_TAKEN");
}

TEST(StoredReply, UnreadableBytesBecomeInternal) {
  const v1::Reply reply = parse(encode_reply({2, api::ReplyBody(api::Stored{"\x0f"}), api::Saved::kStore, true}));
  EXPECT_EQ(reply.error().code(), "INTERNAL");
  EXPECT_EQ(reply.request_id(), 2u);
}

}  // namespace
}  // namespace kapok::protocol
