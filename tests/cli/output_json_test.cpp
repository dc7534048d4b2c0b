#include "cli/output_json.h"

#include <gtest/gtest.h>

#include "kapok/v1/frame.pb.h"

namespace kapok::cli {
namespace {

TEST(OutputJson, IdsAreStringsAndInstantsIsoInTheCitysOffset) {
  v1::DeskState state;
  state.set_state(v1::WORKER_STATE_AFTER_CALL);
  state.set_call(228'020'453'025'776'640);
  state.set_state_since_us(1'795'267'800'000'000);
  const std::string json = to_json(state, 480);
  EXPECT_NE(json.find("\"state\": \"after_call\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"call\": \"228020453025776640\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"state_since\": \"2026-11-21T21:30:00+08:00\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"shift\": null"), std::string::npos) << json;
}

TEST(OutputJson, LengthsAreSeconds) {
  v1::LogRow row;
  row.set_waited_us(1'500'000);
  EXPECT_NE(to_json(row, 480).find("\"waited_s\": 1.500"), std::string::npos);
}

TEST(OutputJson, OptionalFieldsThatWereNotSentAreLeftOut) {
  EXPECT_EQ(to_json(v1::LogRow{}, 480).find("risk"), std::string::npos);
  EXPECT_NE(to_json(v1::LogRow{}, 480).find("\"needs\": []"), std::string::npos);
}

TEST(OutputJson, TextIsEscaped) { EXPECT_EQ(json_string("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\n\\u0001\""); }

}  // namespace
}  // namespace kapok::cli
