#include "scenarios/story.h"

#include <algorithm>

#include "routing/command_text.h"

namespace kapok::scenario {

using namespace routing;

/// A wording, and what it means. `<…>` stands for one word.
struct Story::Phrase {
  std::string_view words;
  Events (Story::*means)(const Words&);
};

const std::vector<Story::Phrase>& Story::table() {
  static const std::vector<Phrase> kPhrases = {
      {"<caller> calls <line>", &Story::calls},
      {"<caller> hangs up", &Story::hangs_up},
      {"<caller> leaves: <cause>", &Story::leaves},
      {"<worker> accepts <caller>", &Story::accepts},
      {"<worker> accepts <caller> by <endpoint>", &Story::accepts_by},
      {"<worker> declines <caller>", &Story::declines},
      {"<worker> ends <caller>", &Story::ends},
      {"the system ends <caller>", &Story::system_ends},
      {"<worker> hands back <caller>", &Story::hands_back},
      {"<worker> passes <caller> on to <whom>", &Story::passes_on},
      {"<worker> takes back the transfer of <caller>", &Story::takes_back},
      {"<caller> wants to be rung back", &Story::wants_callback},
      {"<caller> is reached", &Story::is_reached},
      {"<worker> loses the leg of <caller>", &Story::loses_leg},
      {"<endpoint> of <worker> cannot be rung for <caller>: <why>", &Story::cannot_be_rung},
      {"<worker> is ready", &Story::is_ready},
      {"<worker> goes away", &Story::goes_away},
      {"<worker> finishes the record", &Story::finishes},
      {"<endpoint> of <worker> is lost", &Story::is_lost},
      {"<endpoint> of <worker> is back", &Story::is_back},
      {"<worker> starts a shift at <units> by <endpoints>", &Story::starts_shift},
      {"<worker> ends the shift", &Story::ends_shift},
      {"<line> is closed", &Story::line_closes},
      {"the server restarts", &Story::restarts},
      {"nothing happens", &Story::nothing},
  };
  return kPhrases;
}

std::vector<std::string> Story::phrases() {
  std::vector<std::string> out;
  for (const Phrase& phrase : table()) out.emplace_back(phrase.words);
  return out;
}

void Story::open(Instant first) {
  std::multimap<Instant, OnStage> people;  // those of one instant in the order they are declared in
  for (const OnStage& each : city_.on_stage()) {
    Instant since = first - Duration{hours{1}};
    if (each.has_since) since = kFirstMidnight + each.since;
    if (since >= first) since = since - kDay;
    people.emplace(since, each);
  }
  now_ = people.empty() ? first - Duration{hours{1}} : people.begin()->first;
  tell(city_.whole());
  tell(Restarted{});
  for (const auto& [since, each] : people) {
    now_ = since;
    ShiftStarted shift{ShiftId{++last_shift_}, each.worker, each.units, {}, each.backup};
    for (EndpointKind kind : each.kinds) shift.endpoints.push_back(City::endpoint(each.worker, kind));
    shifts_.push_back(shift);
    tell(shift);
    if (std::ranges::count(each.kinds, EndpointKind::kDesk) == 0) continue;
    tell(EndpointUp{City::endpoint(each.worker, EndpointKind::kDesk)});
    if (each.ready) tell(WorkerReady{each.worker});
  }
}

std::vector<Said> Story::tell(const Event& event) {
  const std::vector<Command> commands = core_.apply(now_, event);
  std::vector<Said> said;
  for (const Command& command : commands) {
    if (const auto* offer = std::get_if<OfferCall>(&command)) offers_.push_back(*offer);
    if (std::string text = speech_.say(city_, command); !text.empty()) said.push_back({now_, std::move(text)});
  }
  if (const auto broken = store_.take(event, commands)) throw Fault{"the commands contradict each other: " + *broken};
  if (const auto broken = core_.check_all()) throw Fault{"an invariant is broken: " + *broken};
  return said;
}

std::vector<Said> Story::pass_until(Instant at) {
  std::vector<Said> said;
  while (core_.next_timer() && *core_.next_timer() <= at) {
    now_ = std::max(now_, *core_.next_timer());
    std::ranges::move(tell(Ticked{}), std::back_inserter(said));
  }
  now_ = at;
  return said;
}

std::vector<Said> Story::happen(Instant at, const std::string& sentence) {
  now_ = at;
  if (sentence.starts_with("now ")) return tell(city_.declare(sentence.substr(4), false));
  qualifiers_ = split(sentence, ", ");
  const std::string head = qualifiers_.front();
  qualifiers_.erase(qualifiers_.begin());
  for (const Phrase& phrase : table()) {
    const auto found = match(phrase.words, head);
    if (!found) continue;
    const Events events = (this->*phrase.means)(*found);
    if (!qualifiers_.empty()) throw Fault{"', " + qualifiers_.front() + "' says nothing here"};
    std::vector<Said> said;
    for (const Event& event : events) std::ranges::move(tell(event), std::back_inserter(said));
    return said;
  }
  throw Fault{"no event is told in these words"};
}

bool Story::takes(const std::string& qualifier) { return std::erase(qualifiers_, qualifier) > 0; }

std::optional<Words> Story::takes_match(std::string_view pattern) {
  for (auto each = qualifiers_.begin(); each != qualifiers_.end(); ++each)
    if (auto found = match(pattern, *each)) {
      qualifiers_.erase(each);
      return found;
    }
  return std::nullopt;
}

OfferCall Story::offer_of(const std::string& caller, const std::string& worker) const {
  const CallId call = speech_.call(caller);
  const WorkerId by = city_.worker(worker);
  const OfferCall* last = nullptr;
  for (const OfferCall& offer : offers_)
    if (offer.call == call && (last == nullptr || last->worker != by || offer.worker == by)) last = &offer;
  if (last == nullptr) throw Fault{caller + " was never offered to anybody"};
  return *last;
}

}  // namespace kapok::scenario
