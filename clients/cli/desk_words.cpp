#include "cli/desk_words.h"

#include <array>
#include <utility>

#include "cli/enum_words.h"
#include "cli/time_text.h"

namespace kapok::cli {

std::string desk_state_text(const v1::DeskState& state, Language language, std::int64_t now_us, int offset_min) {
  std::string text = word(state.state(), language);
  if (state.state_since_us() != 0)
    text += say(language, {"（已 {}）", " (for {})"}, duration_text(now_us - state.state_since_us()));
  if (state.shift_ends_at_us() != 0)
    text += say(language, {"　班次至 {}", "  shift until {}"}, minute_text(state.shift_ends_at_us(), offset_min));
  if (state.after_call_until_us() != 0)
    text += say(language, {"　整理记录至 {}", "  after-call work until {}"},
                clock_text(state.after_call_until_us(), offset_min));
  if (state.callers_waiting() > 0)
    text += say(language, {"　本站等候 {} 人", "  {} waiting at your station"}, state.callers_waiting());
  if (state.contact() != 0) text += say(language, {"　待写记录 {}", "  draft {}"}, state.contact());
  return text;
}

std::string offer_text(const v1::OfferView& offer, Language language, std::int64_t now_us) {
  const std::string caller =
      offer.caller_masked().empty() ? say(language, {"未显示号码", "number withheld"}) : offer.caller_masked();
  std::string text = say(language, {"新来电　{}　{}　{}　{}", "NEW CALL  {}  {}  {}  {}"}, offer.line_zh(),
                         offer.unit_zh(), caller, word(offer.caller_class(), language));
  if (offer.second_attempt()) text += say(language, {"　再次来电", "  second attempt"});
  text += say(language, {"　已等 {}　响铃还剩 {}", "  waited {}  rings for {} more"},
              duration_text(now_us - offer.arrived_at_us()), duration_text(offer.ring_until_us() - now_us));
  return text;
}

std::string call_text(const v1::CallView& call, Language language) {
  const std::string caller =
      call.caller_masked().empty() ? say(language, {"未显示号码", "number withheld"}) : call.caller_masked();
  return say(language, {"已接通 {}　{} {}　{}　{}　记录 {}", "connected {}  {} {}  {}  {}  contact {}"},
             call.display_number(), call.line_zh(), call.line_number(), caller, word(call.caller_class(), language),
             call.contact());
}

std::string withdrawn_text(const std::string& why, Language language) {
  static constexpr std::array<std::pair<std::string_view, Words>, 6> kWhy = {
      {{"timeout", {"无人接听，已转给别人", "not answered in time"}},
       {"caller_left", {"来电人已挂断", "the caller has left"}},
       {"answered_elsewhere", {"已在别处接听", "answered elsewhere"}},
       {"declined", {"已拒接", "declined"}},
       {"shift_ended", {"班次已结束", "the shift has ended"}},
       {"device_lost", {"设备失联", "the device was lost"}}}};
  for (const auto& [name, words] : kWhy)
    if (name == why) return std::string(words.in(language));
  return why;
}

}  // namespace kapok::cli
