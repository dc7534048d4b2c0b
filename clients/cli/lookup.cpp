#include "cli/lookup.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <vector>

#include "cli/time_text.h"

namespace kapok::cli {
namespace {

constexpr std::uint32_t kFoundMax = 50;
constexpr int kPagesMax = 50;

[[noreturn]] void unknown(Invocation& run, const std::string& text) {
  throw UsageError(say(run.language(), {"找不到：{}", "nothing is called {}"}, text));
}

[[noreturn]] void ambiguous(Invocation& run, const std::string& text, const std::vector<std::string>& found) {
  std::string list;
  for (const std::string& each : found) list += "\n  " + each;
  throw UsageError(say(run.language(),
                       {"“{}”不止一个，请写代码或账号：{}", "{} fits several; give a code or account:{}"}, text, list));
}

std::string digits_of(const std::string& text) {
  std::string digits;
  for (const char sign : text)
    if (sign >= '0' && sign <= '9') digits += sign;
  return digits;
}

template <class Row, class Fits>
const Row* only(const google::protobuf::RepeatedPtrField<Row>& rows, Fits fits) {
  const Row* found = nullptr;
  for (const Row& row : rows) {
    if (!fits(row)) continue;
    if (found != nullptr) return nullptr;
    found = &row;
  }
  return found;
}

/// Reads page after page until `fits` says yes.
template <class Row, class AskPage>
const Row* search_pages(AskPage ask_page, const std::function<bool(const Row&)>& fits, Row& kept) {
  std::string cursor;
  for (int page = 0; page < kPagesMax; ++page) {
    const auto [rows, next] = ask_page(cursor);
    for (const Row& row : rows) {
      if (!fits(row)) continue;
      kept = row;
      return &kept;
    }
    if (next.empty()) break;
    cursor = next;
  }
  return nullptr;
}

}  // namespace

std::int64_t id_from(const std::string& text) {
  std::int64_t id = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, id);
  return failed == std::errc{} && stopped == end && id > 0 ? id : 0;
}

v1::UnitView find_unit(Invocation& run, const std::string& text) {
  v1::ClientFrame frame;
  frame.mutable_find_units()->set_text(text);
  frame.mutable_find_units()->set_limit(kFoundMax);
  const auto units = run.ask(frame).unit_list().units();
  if (units.empty()) unknown(run, text);
  if (units.size() == 1) return units[0];
  if (const auto* unit = only(units, [&](const v1::UnitView& each) { return each.code() == text; })) return *unit;
  const auto* named =
      only(units, [&](const v1::UnitView& each) { return each.name_zh() == text || each.name_en() == text; });
  if (named != nullptr) return *named;
  std::vector<std::string> found;
  for (const auto& unit : units) found.push_back(unit.code() + "  " + unit.path_zh() + "  " + unit.name_en());
  ambiguous(run, text, found);
}

std::int64_t unit_or(Invocation& run, const std::string& text, std::int64_t otherwise) {
  return text.empty() ? otherwise : find_unit(run, text).unit();
}

std::int64_t own_unit(Invocation& run) { return run.session().unit(); }

v1::WorkerView find_worker(Invocation& run, const std::string& text) {
  v1::ClientFrame frame;
  frame.mutable_find_workers()->set_text(text);
  frame.mutable_find_workers()->set_limit(kFoundMax);
  const auto workers = run.ask(frame).worker_list().workers();
  if (workers.empty()) unknown(run, text);
  if (const auto* exact = only(workers, [&](const v1::WorkerView& each) { return each.account() == text; }))
    return *exact;
  if (workers.size() == 1) return workers[0];
  std::vector<std::string> found;
  for (const auto& worker : workers) found.push_back(worker.account() + "  " + worker.name() + "  " + worker.unit_zh());
  ambiguous(run, text, found);
}

v1::LineView find_line(Invocation& run, const std::string& text) {
  v1::ClientFrame frame;
  frame.mutable_list_lines();
  const auto lines = run.ask(frame).line_list().lines();
  const std::string digits = digits_of(text);
  const auto* line = only(lines, [&](const v1::LineView& each) {
    return each.name_zh() == text || (digits.size() >= 3 && digits_of(each.number()).ends_with(digits));
  });
  if (line == nullptr) unknown(run, text);
  return *line;
}

v1::ContactView open_contact(Invocation& run, const std::string& text, const std::string& reason, bool break_glass) {
  v1::ClientFrame frame;
  auto& show = *frame.mutable_show_contact();
  if (const std::int64_t id = id_from(text); id != 0) {
    show.set_contact(id);
  } else {
    show.set_display_number(text);
  }
  show.set_reason(reason);
  show.set_break_glass(break_glass);
  return run.ask(frame).contact_view();
}

v1::ReferralView find_referral(Invocation& run, const std::string& text) {
  if (const std::int64_t id = id_from(text); id != 0) {
    v1::ClientFrame frame;
    frame.mutable_show_referral()->set_referral(id);
    return run.ask(frame).referral_view();
  }
  v1::ReferralView kept;
  for (const auto box : {v1::REFERRAL_BOX_INCOMING, v1::REFERRAL_BOX_OUTGOING}) {
    const auto page = [&](const std::string& cursor) {
      v1::ClientFrame frame;
      auto& list = *frame.mutable_list_referrals();
      list.set_unit(own_unit(run));
      list.set_box(box);
      list.set_open_only(false);
      list.set_cursor(cursor);
      list.set_limit(200);
      const auto answer = run.ask(frame).referral_page();
      return std::pair(answer.referrals(), answer.next_cursor());
    };
    const auto fits = [&](const v1::ReferralView& each) { return each.display_number() == text; };
    if (search_pages<v1::ReferralView>(page, fits, kept) != nullptr) return kept;
  }
  unknown(run, text);
}

v1::CallbackView find_callback(Invocation& run, const std::string& text) {
  const std::int64_t wanted = id_from(text);
  std::int64_t place = 0;
  v1::CallbackView kept;
  const auto page = [&](const std::string& cursor) {
    v1::ClientFrame frame;
    frame.mutable_list_callbacks()->set_unit(own_unit(run));
    frame.mutable_list_callbacks()->set_cursor(cursor);
    frame.mutable_list_callbacks()->set_limit(200);
    const auto answer = run.ask(frame).callback_page();
    return std::pair(answer.callbacks(), answer.next_cursor());
  };
  const auto fits = [&](const v1::CallbackView& each) { return ++place == wanted || each.callback() == wanted; };
  if (search_pages<v1::CallbackView>(page, fits, kept) == nullptr) unknown(run, text);
  return kept;
}

v1::MissedView find_missed(Invocation& run, const std::string& text) {
  const std::int64_t wanted = id_from(text);
  std::int64_t place = 0;
  v1::MissedView kept;
  const auto page = [&](const std::string& cursor) {
    v1::ClientFrame frame;
    frame.mutable_list_missed()->set_unit(own_unit(run));
    frame.mutable_list_missed()->set_cursor(cursor);
    frame.mutable_list_missed()->set_limit(200);
    const auto answer = run.ask(frame).missed_page();
    return std::pair(answer.missed(), answer.next_cursor());
  };
  const auto fits = [&](const v1::MissedView& each) { return ++place == wanted || each.missed() == wanted; };
  if (search_pages<v1::MissedView>(page, fits, kept) == nullptr) unknown(run, text);
  return kept;
}

std::int64_t instant_from(Invocation& run, const std::string& option, const std::string& text, bool past) {
  const auto at = time_from(text, run.now_us(), run.offset_min(), past);
  if (!at)
    throw UsageError(
        say(run.language(), {"{}：写成 17:30 或 2026-11-21T17:30", "{}: write 17:30 or 2026-11-21T17:30"}, option));
  return *at;
}

v1::Period period_from(Invocation& run, const std::string& day, const std::string& from, const std::string& to) {
  v1::Period period;
  const std::string asked = day.empty() && from.empty() && to.empty() ? "today" : day;
  if (!asked.empty()) {
    const auto found = day_from(asked, run.now_us(), run.offset_min());
    if (!found)
      throw UsageError(say(run.language(), {"--day：写成 2026-11-21、today 或 yesterday",
                                            "--day: write 2026-11-21, today or yesterday"}));
    period.set_from_us(found->from_us);
    period.set_to_us(found->to_us);
  }
  const auto edge = [&](const std::string& option, const std::string& text, bool end) {
    if (const auto found = day_from(text, run.now_us(), run.offset_min())) return end ? found->to_us : found->from_us;
    return instant_from(run, option, text, true);
  };
  if (!from.empty()) period.set_from_us(edge("--from", from, false));
  if (!to.empty()) period.set_to_us(edge("--to", to, true));
  if (period.to_us() == 0) period.set_to_us(run.now_us());
  return period;
}

}  // namespace kapok::cli
