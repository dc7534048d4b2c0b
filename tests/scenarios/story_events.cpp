#include <algorithm>

#include "scenarios/story.h"

/// What each wording of an event means to the routing core.
namespace kapok::scenario {

using namespace routing;

Story::Events Story::calls(const Words& said) {
  if (speech_.knows_call(said[0])) throw Fault{said[0] + " has called before; a second call needs a name of its own"};
  if (city_.knows(said[0])) throw Fault{"'" + said[0] + "' is the name of something else"};
  CallArrived call;
  call.call = CallId{++last_call_};
  call.line = city_.line(said[1]);
  call.caller_key = said[0];
  call.arrived_at = now_;
  call.arrival_seq = last_call_;
  CallerFacts& facts = call.facts;
  facts.elder = takes("elder");
  facts.minor = takes("minor");
  facts.open_high = takes("open high risk");
  facts.open_imminent = takes("open imminent risk");
  facts.operator_flag = takes("flagged by the operator");
  facts.over_bucket = takes("over the bucket");
  if (const auto last = takes_match("last with <worker>")) facts.last_worker = city_.worker(last->front());
  if (takes("number withheld")) call.caller_key.reset();
  if (const auto attempts = takes_match("unanswered <times> times"))
    facts.unanswered_attempts_30min = static_cast<std::int32_t>(parse_number(attempts->front()));
  if (const auto language = takes_match("speaks <language>")) facts.language = city_.language(language->front());
  if (const auto channel = takes_match("by <channel>")) call.channel = parse_name<Channel>(channel->front());
  if (const auto place = takes_match("in the place of <time>"))
    call.arrived_at = kFirstMidnight + parse_time(place->front());
  if (const auto kept = takes_match("in the kept place of <caller>")) call.takes_over = speech_.call(kept->front());
  speech_.names_call(call.call, said[0]);
  return {call};
}

Story::Events Story::hangs_up(const Words& said) { return {CallerLeft{speech_.call(said[0]), LeftCause::kHungUp}}; }

Story::Events Story::leaves(const Words& said) {
  return {CallerLeft{speech_.call(said[0]), parse_name<LeftCause>(said[1])}};
}

Story::Events Story::ends(const Words& said) {
  return {CallEnded{speech_.call(said[1]), city_.worker(said[0]), takes("high risk")}};
}

Story::Events Story::system_ends(const Words& said) { return {CallEnded{speech_.call(said[0]), {}, false}}; }

Story::Events Story::hands_back(const Words& said) {
  return {HandedBack{speech_.call(said[1]), city_.worker(said[0])}};
}

Story::Events Story::loses_leg(const Words& said) {
  return {WorkerLegLost{speech_.call(said[1]), city_.worker(said[0])}};
}

/// To a worker, to a unit or to "a_supervisor"; cold unless said to be warm.
Story::Events Story::passes_on(const Words& said) {
  TransferAsked asked;
  asked.call = speech_.call(said[1]);
  asked.worker = city_.worker(said[0]);
  asked.kind = takes("warm") ? TransferKind::kWarm : TransferKind::kCold;
  if (said[2] == "a_supervisor")
    asked.to_supervisor = true;
  else if (city_.is_worker(said[2]))
    asked.to_worker = city_.worker(said[2]);
  else
    asked.to_unit = city_.unit(said[2]);
  return {asked};
}

Story::Events Story::takes_back(const Words& said) {
  return {TransferCancelled{speech_.call(said[1]), city_.worker(said[0])}};
}

Story::Events Story::wants_callback(const Words& said) { return {CallbackAccepted{speech_.call(said[0])}}; }
Story::Events Story::is_reached(const Words& said) { return {CallerReached{speech_.call(said[0])}}; }

Story::Events Story::accepts(const Words& said) {
  const OfferCall offer = offer_of(said[1], said[0]);
  const WorkerId worker = city_.worker(said[0]);
  const EndpointId endpoint = offer.worker == worker ? offer.endpoints.front() : city_.endpoints_of(worker).front();
  return {OfferAccepted{offer.offer, offer.epoch, worker, endpoint}};
}

Story::Events Story::accepts_by(const Words& said) {
  const OfferCall offer = offer_of(said[1], said[0]);
  const WorkerId worker = city_.worker(said[0]);
  return {OfferAccepted{offer.offer, offer.epoch, worker, City::endpoint(worker, parse_name<EndpointKind>(said[2]))}};
}

Story::Events Story::declines(const Words& said) {
  const OfferCall offer = offer_of(said[1], said[0]);
  return {OfferDeclined{offer.offer, offer.epoch, city_.worker(said[0])}};
}

Story::Events Story::cannot_be_rung(const Words& said) {
  const OfferCall offer = offer_of(said[2], said[1]);
  const EndpointId endpoint = City::endpoint(city_.worker(said[1]), parse_name<EndpointKind>(said[0]));
  return {OfferFailed{offer.offer, offer.epoch, endpoint, parse_name<OfferFailure>(said[3])}};
}

Story::Events Story::is_ready(const Words& said) { return {WorkerReady{city_.worker(said[0])}}; }
Story::Events Story::goes_away(const Words& said) { return {WorkerAway{city_.worker(said[0])}}; }
Story::Events Story::finishes(const Words& said) { return {AfterCallEnded{city_.worker(said[0])}}; }

Story::Events Story::is_lost(const Words& said) {
  return {EndpointDown{City::endpoint(city_.worker(said[1]), parse_name<EndpointKind>(said[0]))}};
}

Story::Events Story::is_back(const Words& said) {
  return {EndpointUp{City::endpoint(city_.worker(said[1]), parse_name<EndpointKind>(said[0]))}};
}

Story::Events Story::starts_shift(const Words& said) {
  const WorkerId worker = city_.worker(said[0]);
  ShiftStarted shift{ShiftId{++last_shift_}, worker, city_.units(said[1]), {}, {}};
  if (const auto backup = takes_match("backup <worker>")) shift.backup = city_.worker(backup->front());
  for (EndpointKind kind : City::kinds(said[2])) shift.endpoints.push_back(City::endpoint(worker, kind));
  if (takes("instead")) {  // the running one takes these units and endpoints
    const auto runs = std::ranges::find_if(shifts_, [&](const auto& each) { return each.worker == worker; });
    if (runs == shifts_.end()) throw Fault{said[0] + " holds no shift"};
    shift.shift = runs->shift;
    *runs = shift;
  } else {
    shifts_.push_back(shift);
  }
  return {shift};
}

/// Of several, the one that began last.
Story::Events Story::ends_shift(const Words& said) {
  const WorkerId worker = city_.worker(said[0]);
  for (auto each = shifts_.rbegin(); each != shifts_.rend(); ++each) {
    if (each->worker != worker) continue;
    const ShiftId shift = each->shift;
    shifts_.erase(std::next(each).base());
    return {ShiftEnded{shift}};
  }
  throw Fault{said[0] + " holds no shift"};
}

Story::Events Story::line_closes(const Words& said) {
  DirectoryChanged change;
  change.lines_closed = {city_.line(said[0])};
  return {change};
}

/// The process is gone and another starts from the rows. Devices connect again by events of their own.
Story::Events Story::restarts(const Words&) {
  core_ = RoutingCore{};
  speech_.forgets_what_was_said();
  return {city_.whole(), store_.restart(++epoch_, now_, shifts_)};
}

Story::Events Story::nothing(const Words&) { return {Ticked{}}; }

}  // namespace kapok::scenario
