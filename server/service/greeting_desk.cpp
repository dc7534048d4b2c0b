#include "service/greeting_desk.h"

#include <algorithm>

namespace kapok::service {

void GreetingDesk::handle(const Asked& asked, const api::Hello& x) {
  const std::uint32_t version = std::min(x.version_max, kProtocolVersionMax);
  if (version < std::max(x.version_min, kProtocolVersionMin))
    return asked->refuse(ErrorCode::kVersionNotSupported, "this server speaks version 1");
  const CityConfig& city = office_.config;
  api::Welcome welcome;
  welcome.version = version;
  welcome.server = "kapokd " + city.version;
  welcome.city_zh = city.city_zh;
  welcome.city_en = city.city_en;
  welcome.city = city.city;
  welcome.utc_offset_min = static_cast<std::int32_t>(city.utc_offset.count());
  welcome.now = asked->now;
  welcome.practice_factor = office_.clock.factor();
  welcome.frame_bytes_max = kFrameBytesMax;
  welcome.ping_interval_ms = kPingIntervalMs;
  asked->answer(std::move(welcome));
}

void GreetingDesk::handle(const Asked& asked, const api::Ping&) { asked->answer(api::Pong{asked->now}); }

void GreetingDesk::handle(const Asked& asked, const api::GetStatus&) {
  if (!office_.require(asked, Action::kReadStatus, {.unit = office_.directory->tree().root(), .owner = {}})) return;
  asked->answer(status_());
}

}  // namespace kapok::service
