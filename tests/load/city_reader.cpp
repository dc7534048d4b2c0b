#include "load/city_reader.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace kapok::load {
namespace {

Bucket bucket_of(v1::CallOutcome outcome) {
  switch (outcome) {
    case v1::CALL_OUTCOME_ANSWERED:
      return Bucket::kAnswered;
    case v1::CALL_OUTCOME_ABANDONED:
      return Bucket::kAbandoned;
    case v1::CALL_OUTCOME_SHORT_ABANDONED:
      return Bucket::kShortAbandoned;
    case v1::CALL_OUTCOME_MISSED:
    case v1::CALL_OUTCOME_MISSED_NOBODY_ON_DUTY:
      return Bucket::kMissed;
    case v1::CALL_OUTCOME_TEST:
      return Bucket::kNotOffered;
    default:
      return Bucket::kFailure;
  }
}

LogCall log_call(const v1::LogRow& row) {
  LogCall call;
  call.call = row.call();
  call.contact = row.contact();
  call.ended = row.outcome() != v1::CALL_OUTCOME_NONE && row.outcome() != v1::CALL_OUTCOME_UNSPECIFIED;
  call.bucket = bucket_of(row.outcome());
  call.finalised = row.state() == v1::CONTACT_STATE_FINALISED;
  call.needs.assign(row.needs().begin(), row.needs().end());
  std::sort(call.needs.begin(), call.needs.end());
  return call;
}

OrderState order_state(v1::ReferralState state) {
  if (state == v1::REFERRAL_STATE_ACCEPTED) return OrderState::kAccepted;
  if (state == v1::REFERRAL_STATE_COMPLETED) return OrderState::kCompleted;
  if (state == v1::REFERRAL_STATE_RETURNED) return OrderState::kReturned;
  return OrderState::kDispatched;
}

}  // namespace

asio::awaitable<v1::Reply> CityReader::ask(v1::ClientFrame frame, std::string what) {
  Answer answer = co_await link_.ask(std::move(frame));
  if (!answer.ok())
    throw std::runtime_error(what + " was refused: " + answer.code() + " " + answer.reply.error().detail());
  co_return std::move(answer.reply);
}

asio::awaitable<std::vector<v1::UnitView>> CityReader::children(std::int64_t parent) {
  v1::ClientFrame frame;
  frame.mutable_find_units()->set_parent(parent);
  frame.mutable_find_units()->set_limit(200);
  const v1::Reply reply = co_await ask(frame, "FindUnits");
  co_return std::vector<v1::UnitView>(reply.unit_list().units().begin(), reply.unit_list().units().end());
}

asio::awaitable<CityDirectory> CityReader::directory() {
  CityDirectory found;
  found.city = link_.signed_in().unit();
  std::vector<std::int64_t> open{found.city};
  while (!open.empty()) {
    const std::int64_t parent = open.back();
    open.pop_back();
    const std::vector<v1::UnitView> units = co_await children(parent);
    for (const v1::UnitView& unit : units) {
      if (unit.kind() == v1::UNIT_KIND_DISTRICT) found.districts.push_back(unit.unit());
      if (unit.kind() == v1::UNIT_KIND_STATION) found.stations.emplace(unit.unit(), unit.code());
      if (unit.kind() < v1::UNIT_KIND_STATION) open.push_back(unit.unit());
    }
  }
  if (found.stations.empty()) throw std::runtime_error("the directory has no stations below the city account's unit");
  v1::ClientFrame frame;
  frame.mutable_list_lines()->set_unit(found.city);
  const v1::Reply reply = co_await ask(frame, "ListLines");
  for (const v1::LineView& line : reply.line_list().lines())
    if (line.mode() != v1::LINE_MODE_RECORDED_ONLY)
      found.lines.push_back({line.line(), line.unit(), line.number(), line.crisis(), 1});
  co_return found;
}

asio::awaitable<void> CityReader::read_accounts(CityDirectory& directory, std::int64_t unit, std::string name) {
  v1::ClientFrame frame;
  frame.mutable_find_workers()->set_unit(unit);
  frame.mutable_find_workers()->set_text(name);
  frame.mutable_find_workers()->set_limit(200);
  const v1::Reply reply = co_await ask(frame, "FindWorkers");
  for (const v1::WorkerView& worker : reply.worker_list().workers())
    directory.accounts[worker.worker()] = worker.account();
}

asio::awaitable<std::vector<std::string>> CityReader::desk_workers(std::int64_t unit) {
  v1::ClientFrame frame;
  frame.mutable_find_workers()->set_unit(unit);
  frame.mutable_find_workers()->set_limit(200);
  const v1::Reply reply = co_await ask(frame, "FindWorkers");
  std::vector<std::string> accounts;
  for (const v1::WorkerView& worker : reply.worker_list().workers()) {
    const auto has = [](const auto& list, auto value) {
      return std::find(list.begin(), list.end(), value) != list.end();
    };
    if (has(worker.roles(), v1::ROLE_WORKER) && has(worker.endpoints(), v1::ENDPOINT_KIND_DESK))
      accounts.push_back(worker.account());
  }
  std::sort(accounts.begin(), accounts.end());
  co_return accounts;
}

asio::awaitable<std::vector<PlanShift>> CityReader::desk_shifts(CityDirectory& directory, ProductUs from,
                                                                ProductUs to) {
  std::vector<PlanShift> shifts;
  std::vector<std::int64_t> units = directory.districts;
  units.push_back(directory.city);
  std::set<std::int64_t> seen;
  for (const std::int64_t unit : units) {
    v1::ClientFrame frame;
    frame.mutable_list_shifts()->set_unit(unit);
    frame.mutable_list_shifts()->mutable_period()->set_from_us(from);
    frame.mutable_list_shifts()->mutable_period()->set_to_us(to);
    const v1::Reply reply = co_await ask(frame, "ListShifts");
    for (const v1::ShiftView& shift : reply.shift_list().shifts()) {
      const bool runs = shift.state() == v1::SHIFT_STATE_PLANNED || shift.state() == v1::SHIFT_STATE_ON_DUTY ||
                        shift.state() == v1::SHIFT_STATE_ABSENT;
      if (shift.by() != v1::ENDPOINT_KIND_DESK || !runs || shift.units().empty()) continue;
      if (!seen.insert(shift.shift()).second) continue;
      if (!directory.accounts.contains(shift.worker())) co_await read_accounts(directory, shift.units(0), "");
      // A district or the city has more people below it than one answer holds.
      if (!directory.accounts.contains(shift.worker()))
        co_await read_accounts(directory, shift.units(0), shift.worker_name());
      const auto account = directory.accounts.find(shift.worker());
      if (account == directory.accounts.end()) continue;
      shifts.push_back({account->second, shift.units(0), shift.period().from_us(), shift.period().to_us()});
    }
  }
  co_return shifts;
}

asio::awaitable<LogFacts> CityReader::log(std::int64_t city, ProductUs from, ProductUs to) {
  LogFacts facts;
  co_await read_calls(city, from, to, facts);
  co_await read_referrals(city, facts);
  co_return facts;
}

asio::awaitable<void> CityReader::read_calls(std::int64_t city, ProductUs from, ProductUs to, LogFacts& facts) {
  v1::ClientFrame frame;
  auto& search = *frame.mutable_search_log();
  search.mutable_period()->set_from_us(from);
  search.mutable_period()->set_to_us(to);
  search.set_unit(city);
  search.set_oldest_first(true);
  search.set_limit(200);
  do {
    const v1::Reply reply = co_await ask(frame, "SearchLog");
    for (const v1::LogRow& row : reply.log_page().rows()) facts.calls.push_back(log_call(row));
    search.set_cursor(reply.log_page().next_cursor());
  } while (!search.cursor().empty());
}

asio::awaitable<void> CityReader::read_referrals(std::int64_t city, LogFacts& facts) {
  v1::ClientFrame frame;
  auto& list = *frame.mutable_list_referrals();
  list.set_unit(city);
  list.set_box(v1::REFERRAL_BOX_INCOMING);
  list.set_open_only(false);
  list.set_limit(200);
  do {
    const v1::Reply reply = co_await ask(frame, "ListReferrals");
    for (const v1::ReferralView& view : reply.referral_page().referrals())
      facts.referrals.push_back({view.referral().id(), order_state(view.referral().state())});
    list.set_cursor(reply.referral_page().next_cursor());
  } while (!list.cursor().empty());
}

asio::awaitable<std::array<std::int64_t, kBucketCount>> CityReader::report(std::int64_t city, ProductUs from,
                                                                           ProductUs to, int utc_offset_min) {
  constexpr std::array<std::string_view, kBucketCount> kKeys{"answered", "abandoned", "short_abandoned",
                                                             "missed",   "failed",    "not_offered"};
  std::array<std::int64_t, kBucketCount> sums{};
  const ProductUs offset = utc_offset_min * 60 * kSecondUs;
  for (ProductUs day = (from + offset) / kDayUs; day <= (to + offset) / kDayUs; ++day) {
    v1::ClientFrame frame;
    frame.mutable_report_day()->set_unit(city);
    frame.mutable_report_day()->set_day_us(day * kDayUs - offset + kHourUs);
    const v1::Reply reply = co_await ask(frame, "ReportDay");
    for (const v1::Figure& figure : reply.day_report_view().report().figures())
      for (std::size_t at = 0; at < kKeys.size(); ++at)
        if (figure.key() == kKeys[at]) sums[at] += figure.value();
  }
  co_return sums;
}

}  // namespace kapok::load
