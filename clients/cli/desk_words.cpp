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
  if (offer.beside())
    text += say(language, {"　{} 陪同转接", "  warm transfer from {}"}, offer.from_name());
  else if (!offer.from_name().empty())
    text += say(language, {"　{} 转来", "  passed on by {}"}, offer.from_name());
  else if (offer.reason() > v1::OFFER_REASON_RING)
    text += say(language, {"　{}", "  {}"}, word(offer.reason(), language));
  if (offer.second_attempt()) text += say(language, {"　再次来电", "  second attempt"});
  text += say(language, {"　已等 {}　响铃还剩 {}", "  waited {}  rings for {} more"},
              duration_text(now_us - offer.arrived_at_us()), duration_text(offer.ring_until_us() - now_us));
  return text;
}

std::string call_text(const v1::CallView& call, Language language) {
  const std::string caller =
      call.caller_masked().empty() ? say(language, {"未显示号码", "number withheld"}) : call.caller_masked();
  if (call.being_dialled())
    return say(language, {"正在回拨 {}　{} {}　{}", "ringing back {}  {} {}  {}"}, caller, call.line_zh(),
               call.line_number(), word(call.caller_class(), language));
  return say(language, {"已接通 {}　{} {}　{}　{}　记录 {}", "connected {}  {} {}  {}  {}  contact {}"},
             call.display_number(), call.line_zh(), call.line_number(), caller, word(call.caller_class(), language),
             call.contact());
}

std::string call_over_text(const v1::CallOver& over, Language language) {
  // With you alone: the caller waits again or talks with somebody else.
  if (over.outcome() == v1::CALL_OUTCOME_NONE)
    return say(language, {"您已不在通话中", "you are out of the call; it goes on"});
  return say(language, {"通话结束：{}，由{}挂断", "call over: {}, ended by {}"}, word(over.outcome(), language),
             word(over.ended_by(), language));
}

std::string transfer_text(const v1::TransferOffered& offered, Language language, std::int64_t now_us) {
  return say(language, {"正在请 {} 接手，还剩 {}；您仍在通话", "asking {} to take over, {} left; you talk on"},
             offered.to_name(), duration_text(offered.ring_until_us() - now_us));
}

std::string transfer_text(const v1::TransferEnded& ended, Language language) {
  if (ended.how() == v1::TRANSFER_END_TAKEN) return say(language, {"{} 已接手", "{} has taken over"}, ended.to_name());
  return say(language, {"转接结束：{}　{}", "transfer over: {}  {}"}, ended.to_name(), word(ended.how(), language));
}

std::string withdrawn_text(const std::string& why, Language language) {
  static constexpr std::array<std::pair<std::string_view, Words>, 7> kWhy = {
      {{"cancelled", {"转接已取消", "the transfer was taken back"}},
       {"timeout", {"无人接听，已转给别人", "not answered in time"}},
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
