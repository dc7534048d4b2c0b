#include <gtest/gtest.h>

#include <stdexcept>

#include "load/city_reader.h"
#include "load/writing.h"

namespace kapok::load {
namespace {

TEST(CityFiles, DeskShiftsOfKnownUnitsAreReadWithTheirOffset) {
  const auto shifts = read_roster(
      "account,unit_codes,by,starts_at,ends_at,invented\n"
      "a-01,1001;1002,desk,2026-11-23T08:20:00+08:00,2026-11-23T17:40:00+08:00,yes\n"
      "a-02,1001,phone,2026-11-23T17:30:00+08:00,2026-11-24T08:30:00+08:00,yes\n"
      "a-03,9999,desk,2026-11-23T08:20:00+08:00,2026-11-23T17:40:00+08:00,yes\n",
      {{"1001", 5}});
  ASSERT_EQ(shifts.size(), 1U);
  EXPECT_EQ(shifts[0].account, "a-01");
  EXPECT_EQ(shifts[0].unit, 5);
  EXPECT_EQ(shifts[0].from, 1'795'393'200LL * kSecondUs);
  EXPECT_EQ(shifts[0].to - shifts[0].from, (9 * 60 + 20) * 60 * kSecondUs);
}

TEST(CityFiles, ARosterWithoutItsColumnsOrInstantsIsRefused) {
  EXPECT_THROW(read_roster("account,by\nx,desk\n", {}), std::runtime_error);
  EXPECT_THROW(read_roster("account,unit_codes,by,starts_at,ends_at\nx,1,desk,today,tomorrow\n", {{"1", 1}}),
               std::runtime_error);
}

TEST(CityFiles, DevicesAreReadWithEitherLineEnd) {
  const auto devices = read_devices("account,device_token\r\ngateway-1,abc\r\nchen,def\n");
  EXPECT_EQ(devices.at("gateway-1"), "abc");
  EXPECT_EQ(devices.at("chen"), "def");
  EXPECT_THROW(read_devices("account,device_token\n"), std::runtime_error);
}

TEST(Writing, EveryFormIsComplete) {
  Writing writing(RandomStreams(2).of(Purpose::kWriting));
  for (int form = 0; form < 500; ++form) {
    const v1::ContactFields fields = writing.contact();
    EXPECT_NE(fields.type(), v1::CONTACT_TYPE_UNSPECIFIED);
    EXPECT_FALSE(fields.summary().empty());
    EXPECT_NE(fields.risk(), v1::RISK_LEVEL_UNSPECIFIED);
    for (const v1::Need& need : fields.needs())
      if (need.kind() <= v1::NEED_KIND_SHELTER) EXPECT_FALSE(fields.address().empty());
    if (fields.needs_size() > 0) EXPECT_GT(Writing::dispatch(fields, 1, false).needs_size(), 0);
  }
}

TEST(Writing, ADraftIsTheBeginningOfTheText) {
  Writing writing(RandomStreams(2).of(Purpose::kWriting));
  const v1::ContactFields fields = writing.contact();
  const v1::ContactFields draft = Writing::draft(fields, 0.5);
  EXPECT_TRUE(fields.summary().starts_with(draft.summary()));
  EXPECT_EQ(draft.summary().size() % 3, 0U);
  EXPECT_LT(draft.summary().size(), fields.summary().size());
}

}  // namespace
}  // namespace kapok::load
