#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "kapok/v1/frame.pb.h"
#include "protocol/codec.h"
#include "protocol/frame.h"

namespace kapok::protocol {
namespace {

using testing::HasSubstr;

std::string han(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "棉";
  return text;
}

v1::ClientFrame frame_of(const std::function<void(v1::ClientFrame&)>& fill) {
  v1::ClientFrame frame;
  frame.set_request_id(7);
  fill(frame);
  return frame;
}

Decoded decode(const std::function<void(v1::ClientFrame&)>& fill) {
  return decode_request(frame_of(fill).SerializeAsString());
}

/// A frame that is refused with its own id named, so that the client learns which request it was.
void expect_refused(const Decoded& decoded, ErrorCode code, std::string_view in_detail = {}) {
  ASSERT_FALSE(decoded.request.ok());
  EXPECT_EQ(name_of(decoded.request.error().code), name_of(code));
  EXPECT_THAT(decoded.request.error().detail, HasSubstr(std::string(in_detail)));
  EXPECT_EQ(decoded.id, 7u);
}

void expect_taken(const Decoded& decoded) {
  ASSERT_TRUE(decoded.request.ok()) << name_of(decoded.request.error().code) << " " << decoded.request.error().detail;
}

std::string valid_bytes() {
  return frame_of([](auto& f) {
           f.set_key(3);
           auto& draft = *f.mutable_finalise_contact();
           draft.set_contact(11);
           draft.mutable_fields()->set_summary("需要米面");
           draft.mutable_fields()->add_needs()->set_kind(v1::NEED_KIND_RICE_FLOUR);
           draft.add_dispatches()->add_needs(0);
         })
      .SerializeAsString();
}

/// A field of wire type bytes that no version of ours knows.
std::string unknown_field(std::size_t size) {
  v1::ClientFrame frame;
  frame.GetReflection()->MutableUnknownFields(&frame)->AddLengthDelimited(4000, std::string(size, 'x'));
  return frame.SerializeAsString();
}

TEST(DecodeRequest, UnknownFieldsAreIgnored) {
  const Decoded decoded = decode_request(valid_bytes() + unknown_field(100));
  expect_taken(decoded);
  EXPECT_EQ(std::get<api::FinaliseContact>(decoded.request->body).fields.summary, "需要米面");
}

TEST(DecodeRequest, FrameWithoutABodyWeKnowIsAnUnknownRequest) {
  expect_refused(decode([](auto&) {}), ErrorCode::kUnknownRequest);
  expect_refused(decode_request(frame_of([](auto&) {}).SerializeAsString() + unknown_field(5)),
                 ErrorCode::kUnknownRequest);
}

TEST(DecodeRequest, RequestIdZeroIsRefused) {
  const Decoded decoded = decode([](auto& f) { f.set_request_id(0), f.mutable_ping(); });
  ASSERT_FALSE(decoded.request.ok());
  EXPECT_EQ(decoded.request.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(decoded.id, 0u);
  EXPECT_FALSE(decode_request("").request.ok());
}

TEST(DecodeRequest, LargestFrameIsTakenAndOneByteMoreRefused) {
  const std::string ping = frame_of([](auto& f) { f.mutable_ping(); }).SerializeAsString();
  const std::size_t overhead = unknown_field(60'000).size() - 60'000;
  const std::size_t padding = kInboundFrameBytesMax - ping.size() - overhead;
  const std::string largest = ping + unknown_field(padding);
  ASSERT_EQ(largest.size(), kInboundFrameBytesMax);
  expect_taken(decode_request(largest));
  const Decoded larger = decode_request(ping + unknown_field(padding + 1));
  ASSERT_FALSE(larger.request.ok());
  EXPECT_EQ(larger.request.error().code, ErrorCode::kFrameTooLarge);
}

TEST(DecodeRequest, EveryCutOfAFrameIsRefused) {
  const std::string whole = valid_bytes();
  expect_taken(decode_request(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode_request(whole.substr(0, size)).request.ok()) << size;
}

TEST(DecodeRequest, NestingIsTakenToSixteenAndNoDeeper) {
  const std::string ping = frame_of([](auto& f) { f.mutable_ping(); }).SerializeAsString();
  const auto nested = [&](int depth) {
    google::protobuf::UnknownFieldSet top;
    auto* at = &top;
    for (int i = 0; i < depth; ++i) at = at->AddGroup(4000);
    std::string bytes;
    top.SerializeToString(&bytes);
    return ping + bytes;
  };
  expect_taken(decode_request(nested(kNestingMax)));
  expect_refused(decode_request(nested(kNestingMax + 1)), ErrorCode::kBadFrame);
  expect_refused(decode_request(nested(10'000)), ErrorCode::kBadFrame);
}

TEST(DecodeRequest, TextThatIsNotUtf8IsNamedAsSuch) {
  for (const std::string bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe6\xa3"}) {
    std::string bytes = valid_bytes();
    const std::string good = "需要米面";
    bytes.replace(bytes.find(good), bad.size(), bad);
    bytes.replace(bytes.find(bad) + bad.size(), good.size() - bad.size(), std::string(good.size() - bad.size(), 'x'));
    expect_refused(decode_request(bytes), ErrorCode::kTextNotUtf8);
  }
}

TEST(DecodeRequest, BrokenBytesBesideBadTextAreABadFrame) {
  std::string bytes = valid_bytes();
  bytes.replace(bytes.find("需"), 1, "\xff");
  expect_refused(decode_request(bytes + '\x0f'), ErrorCode::kBadFrame);
}

TEST(DecodeRequest, UnknownEnumerationValuesAreRefused) {
  expect_refused(decode([](auto& f) { f.mutable_save_draft()->mutable_fields()->set_risk(v1::RiskLevel(99)); }),
                 ErrorCode::kInvalidArgument, "risk");
  expect_refused(decode([](auto& f) { f.mutable_search_log()->set_outcome(v1::CallOutcome(-1)); }),
                 ErrorCode::kInvalidArgument, "outcome");
  expect_refused(decode([](auto& f) { f.mutable_save_draft()->mutable_fields()->add_services(v1::ServiceKind(9)); }),
                 ErrorCode::kInvalidArgument, "services");
}

TEST(DecodeRequest, MissingValueIsItsDefaultOnlyWhereOneIsNamed) {
  const Decoded arrived = decode([](auto& f) { f.mutable_arrived()->set_gw_ref("a"); });
  expect_taken(arrived);
  EXPECT_EQ(std::get<api::Arrived>(arrived.request->body).channel, Channel::kPhone);
  expect_refused(decode([](auto& f) { f.mutable_complete_referral()->set_referral(1); }), ErrorCode::kInvalidArgument,
                 "result");
  expect_refused(decode([](auto& f) { f.mutable_callback_attempted()->set_callback(1); }), ErrorCode::kInvalidArgument,
                 "result");
  expect_refused(decode([](auto& f) { f.mutable_search_log()->set_risk(v1::RISK_LEVEL_UNSPECIFIED); }),
                 ErrorCode::kInvalidArgument, "risk");
}

TEST(DecodeRequest, GatewayBitsOfALaterVersionAreLeftOut) {
  const Decoded decoded = decode([](auto& f) {
    f.mutable_attach_gateway()->add_capabilities(v1::GATEWAY_CAPABILITY_HANGUP);
    f.mutable_attach_gateway()->add_capabilities(v1::GatewayCapability(40));
  });
  expect_taken(decoded);
  EXPECT_THAT(std::get<api::AttachGateway>(decoded.request->body).capabilities,
              testing::ElementsAre(api::GatewayCapability::kHangup));
}

TEST(DecodeRequest, NegativeIdsAreRefusedAndZeroIsNone) {
  expect_refused(decode([](auto& f) { f.mutable_accept_offer()->set_offer(-1); }), ErrorCode::kInvalidArgument,
                 "offer");
  expect_refused(decode([](auto& f) { f.mutable_create_referral()->add_needs(0); }), ErrorCode::kInvalidArgument,
                 "needs");
  const Decoded decoded = decode([](auto& f) { f.mutable_list_drafts(); });
  expect_taken(decoded);
  EXPECT_FALSE(std::get<api::ListDrafts>(decoded.request->body).unit.is_set());
}

TEST(DecodeRequest, InstantsLieBetween1970And2099) {
  const auto until = [](std::int64_t us) { return decode([us](auto& f) { f.mutable_take_duty()->set_until_us(us); }); };
  expect_taken(until(0));
  expect_taken(until(kInstantMaxUs - 1));
  expect_refused(until(kInstantMaxUs), ErrorCode::kInvalidArgument, "until_us");
  expect_refused(until(-1), ErrorCode::kInvalidArgument, "until_us");
}

TEST(DecodeRequest, ListsAskFor50RowsUnlessToldAndAtMost200) {
  const auto rows = [](std::uint32_t limit) {
    return decode([limit](auto& f) { f.mutable_search_log()->set_limit(limit); });
  };
  const Decoded unsaid = rows(0);
  expect_taken(unsaid);
  EXPECT_EQ(std::get<api::SearchLog>(unsaid.request->body).limit, 50u);
  expect_taken(rows(200));
  expect_refused(rows(201), ErrorCode::kInvalidArgument, "limit");
}

TEST(DecodeRequest, ListsShowOnlyOpenOnesUnlessToldOtherwise) {
  const Decoded unsaid = decode([](auto& f) { f.mutable_list_callbacks(); });
  const Decoded all = decode([](auto& f) { f.mutable_list_callbacks()->set_open_only(false); });
  EXPECT_TRUE(std::get<api::ListCallbacks>(unsaid.request->body).open_only);
  EXPECT_FALSE(std::get<api::ListCallbacks>(all.request->body).open_only);
}

/// The longest text that is taken, and how to send one of any length.
struct TextLimit {
  std::string field;
  std::size_t chars_max;
  std::function<void(v1::ClientFrame&, const std::string&)> put;
};

std::vector<TextLimit> text_limits() {
  return {
      {"summary", 8000, [](auto& f, auto& t) { f.mutable_save_draft()->mutable_fields()->set_summary(t); }},
      {"person_name", 64, [](auto& f, auto& t) { f.mutable_save_draft()->mutable_fields()->set_person_name(t); }},
      {"person_number", 20, [](auto& f, auto& t) { f.mutable_save_draft()->mutable_fields()->set_person_number(t); }},
      {"address", 200, [](auto& f, auto& t) { f.mutable_save_draft()->mutable_fields()->set_address(t); }},
      {"needs.detail", 200,
       [](auto& f, auto& t) {
         auto& need = *f.mutable_save_draft()->mutable_fields()->add_needs();
         need.set_kind(v1::NEED_KIND_OIL);
         need.set_detail(t);
       }},
      {"reason", 200, [](auto& f, auto& t) { f.mutable_hand_back()->set_reason(t); }},
      {"caller_number", 20, [](auto& f, auto& t) { f.mutable_record_manual()->set_caller_number(t); }},
      {"text", 64, [](auto& f, auto& t) { f.mutable_search_log()->set_text(t); }},
      {"account", 64, [](auto& f, auto& t) { f.mutable_sign_in()->set_account(t); }},
      {"password", 256, [](auto& f, auto& t) { f.mutable_sign_in()->set_password(t); }},
      {"gw_ref", 128, [](auto& f, auto& t) { f.mutable_arrived()->set_gw_ref(t); }},
      {"note", 8000, [](auto& f, auto& t) { f.mutable_create_referral()->set_note(t); }},
  };
}

TEST(DecodeRequest, TextOfTheLimitIsTakenAndOneCharacterMoreRefused) {
  for (const auto& limit : text_limits()) {
    expect_taken(decode([&](auto& f) { limit.put(f, han(limit.chars_max)); }));
    expect_refused(decode([&](auto& f) { limit.put(f, han(limit.chars_max + 1)); }), ErrorCode::kTextTooLong,
                   limit.field);
  }
}

TEST(DecodeRequest, ControlCharactersAreRefusedAndNewlinesOnlyInNotes) {
  for (const auto& limit : text_limits())
    expect_refused(decode([&](auto& f) { limit.put(f, "a\x07"); }), ErrorCode::kInvalidArgument, limit.field);
  expect_taken(decode([](auto& f) { f.mutable_create_referral()->set_note("a\nb"); }));
  expect_refused(decode([](auto& f) { f.mutable_hand_back()->set_reason("a\nb"); }), ErrorCode::kInvalidArgument);
}

TEST(DecodeRequest, ListsHaveTheirLimits) {
  const auto needs = [](int count) {
    return decode([count](auto& f) {
      for (int i = 0; i < count; ++i)
        f.mutable_save_draft()->mutable_fields()->add_needs()->set_kind(v1::NEED_KIND_OIL);
    });
  };
  expect_taken(needs(32));
  expect_refused(needs(33), ErrorCode::kInvalidArgument, "needs");
  const auto dispatches = [](int count) {
    return decode([count](auto& f) {
      for (int i = 0; i < count; ++i) f.mutable_record_manual()->add_dispatches();
    });
  };
  expect_taken(dispatches(16));
  expect_refused(dispatches(17), ErrorCode::kInvalidArgument, "dispatches");
}

TEST(DecodeRequest, ImportChunkOf48KiBIsTakenAndOneByteMoreRefused) {
  const auto chunk = [](std::size_t size) {
    return decode([size](auto& f) { f.mutable_import_chunk()->set_bytes(std::string(size, '\xff')); });
  };
  expect_taken(chunk(48 * 1024));
  expect_refused(chunk(48 * 1024 + 1), ErrorCode::kInvalidArgument, "bytes");
}

TEST(DecodeRequest, BodyBytesTellSameContentFromOther) {
  const auto body_bytes = [](std::uint64_t id, std::uint64_t key, std::uint32_t epoch) {
    return decode([&](auto& f) {
             f.set_request_id(id);
             f.set_key(key);
             f.mutable_accept_offer()->set_epoch(epoch);
           })
        .request->body_bytes;
  };
  EXPECT_FALSE(body_bytes(7, 1, 1).empty());
  EXPECT_EQ(body_bytes(7, 1, 1), body_bytes(8, 2, 1));
  EXPECT_NE(body_bytes(7, 1, 1), body_bytes(7, 1, 2));
}

TEST(DecodeRequest, BodyBytesDoNotDependOnTheOrderOfFields) {
  const std::string id = frame_of([](auto&) {}).SerializeAsString();
  v1::ClientFrame rest;
  rest.set_key(5);
  rest.mutable_hang_up()->set_call(3);
  const auto forth = decode_request(id + rest.SerializeAsString());
  const auto back = decode_request(rest.SerializeAsString() + id);
  EXPECT_EQ(forth.request->body_bytes, back.request->body_bytes);
  EXPECT_EQ(back.request->key, 5u);
}

TEST(DecodeRequest, BodyBytesAreKeptOnlyForAKey) {
  const Decoded decoded = decode([](auto& f) { f.mutable_arrived()->set_gw_ref("a"); });
  EXPECT_EQ(decoded.request->key, std::nullopt);
  EXPECT_EQ(decoded.request->body_bytes, "");
}

TEST(DecodeRequest, DamagedFramesAreTakenOrRefusedByName) {
  constexpr unsigned kSeed = 20261121;
  std::mt19937 random(kSeed);
  const std::string whole = valid_bytes();
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = whole;
    for (unsigned hits = 1 + random() % 4; hits > 0; --hits)
      bytes[random() % bytes.size()] = static_cast<char>(random() & 0xFF);
    const Decoded decoded = decode_request(bytes);
    if (decoded.request.ok()) continue;
    ++refused;
    EXPECT_THAT(decoded.request.error().code,
                testing::AnyOf(ErrorCode::kBadFrame, ErrorCode::kTextNotUtf8, ErrorCode::kTextTooLong,
                               ErrorCode::kUnknownRequest, ErrorCode::kInvalidArgument));
  }
  EXPECT_GT(refused, 1000);
}

TEST(DecodeRequest, NoArrivalIsRefusedForWhatTheNetworkShowsOfItsCaller) {
  v1::ClientFrame frame;
  frame.set_request_id(1);
  frame.mutable_arrived()->set_gw_ref("a");
  frame.mutable_arrived()->set_dialled("020-83000010");
  frame.mutable_arrived()->set_caller("sip:\t138\x01" + std::string(100, '0'));
  const auto decoded = decode_request(frame.SerializeAsString());
  ASSERT_TRUE(decoded.request.ok());
  EXPECT_EQ(std::get<api::Arrived>(decoded.request.value().body).caller, "sip:138" + std::string(57, '0'));
}

}  // namespace
}  // namespace kapok::protocol
