#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routing/routing_core.h"
#include "scenarios/city.h"
#include "scenarios/speech.h"
#include "sim/modelled_store.h"

/// Tells the production routing core what happens, sentence by sentence, and says what it ordered. Time is the
/// story's: every timer fires at its own instant. After each event all invariants of the core are recomputed and the
/// commands are compared with rows made from them; a broken one is a Fault.
namespace kapok::scenario {

/// One sentence of the answer, at its instant.
struct Said {
  Instant at;
  std::string text;
};

class Story {
 public:
  explicit Story(City city) : city_(std::move(city)) {}

  /// The people on stage take their places, each at his own time, all before `first`. What is ordered then is not
  /// part of the story.
  void open(Instant first);

  /// Fires the timers due by then.
  std::vector<Said> pass_until(Instant at);
  std::vector<Said> happen(Instant at, const std::string& sentence);

  /// The sentences an event can be worded in, for people.
  [[nodiscard]] static std::vector<std::string> phrases();

 private:
  struct Phrase;
  using Events = std::vector<routing::Event>;
  static const std::vector<Phrase>& table();

  Events calls(const Words& said);
  Events leaves(const Words& said);
  Events hangs_up(const Words& said);
  Events ends(const Words& said);
  Events system_ends(const Words& said);
  Events hands_back(const Words& said);
  Events loses_leg(const Words& said);
  Events passes_on(const Words& said);
  Events takes_back(const Words& said);
  Events wants_callback(const Words& said);
  Events is_reached(const Words& said);
  Events accepts(const Words& said);
  Events accepts_by(const Words& said);
  Events declines(const Words& said);
  Events cannot_be_rung(const Words& said);
  Events is_ready(const Words& said);
  Events goes_away(const Words& said);
  Events finishes(const Words& said);
  Events is_lost(const Words& said);
  Events is_back(const Words& said);
  Events starts_shift(const Words& said);
  Events ends_shift(const Words& said);
  Events line_closes(const Words& said);
  Events restarts(const Words& said);
  Events nothing(const Words& said);

  bool takes(const std::string& qualifier);  ///< and removes it
  std::optional<Words> takes_match(std::string_view pattern);
  [[nodiscard]] routing::OfferCall offer_of(const std::string& caller, const std::string& worker) const;
  std::vector<Said> tell(const routing::Event& event);

  City city_;
  Speech speech_;
  routing::RoutingCore core_;
  sim::ModelledStore store_;
  Instant now_;
  Words qualifiers_;  ///< of the sentence being read, not yet used
  std::vector<routing::OfferCall> offers_;
  std::vector<routing::ShiftStarted> shifts_;  ///< running
  std::int64_t last_shift_ = 0;
  std::int64_t last_call_ = 0;
  std::int64_t epoch_ = 1;
};

}  // namespace kapok::scenario
