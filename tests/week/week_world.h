#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "load/ledger.h"
#include "load/random_streams.h"
#include "sim/agenda.h"
#include "week/virtual_week.h"
#include "week/week_city.h"

namespace kapok::week {

/// The people of the week: callers behind one gateway, and workers at desks who take what they are offered. Everything
/// happens at an instant of the agenda or of the city's own clock, one after another.
class WeekWorld {
 public:
  WeekWorld(const load::ReplayWeek& week, const WeekOptions& options);

  /// From the first shift until the last caller has gone and the last record is written.
  void live();
  /// What callers met and what the service's log says of it, into `result`.
  void tell(WeekResult& result);

  [[nodiscard]] WeekCity& city() { return *city_; }

 private:
  enum class Act { kComes, kGoes, kJoins, kGivesUp, kAnswers, kHangsUp, kWritesUp, kLooks };
  enum class Phase { kNotYet, kWaiting, kTalking, kGone };

  struct Caller {
    Phase phase = Phase::kNotYet;
    std::int64_t talk = 0;  ///< rises with each answer
    Instant answered_at;
    Instant gone_at;
  };
  struct Desk {
    std::string account;
    std::vector<Period> shifts;
    Client client;
    std::optional<api::OfferView> offer;
    std::optional<api::CallView> call;
    bool over = false;  ///< the call is, and has to be written up
    bool leaving = false;
    WorkerState state = WorkerState::kOffDuty;
  };
  using Index = std::int64_t;

  void plan_crews();
  void plan_callers();
  void act(Act act, Index a, Index b);
  void hear(const api::Push& push);
  void hear(Index desk, const api::Push& push);

  void comes(Index desk);
  void goes(Index desk);
  void joins(Index caller);
  void gives_up(Index caller);
  void answers(Index desk, std::int64_t offer);
  void hangs_up(Index caller, std::int64_t talk);
  void writes_up(Index desk);
  void leaves(Index caller);
  void look();
  void refused(const char* what, const api::Reply& reply);
  void count_now();

  [[nodiscard]] Instant now() const { return city_->clock().now(); }
  [[nodiscard]] Instant at(load::ProductUs since_monday) const;
  [[nodiscard]] std::string ref(Index caller) const;
  [[nodiscard]] Index caller_of(const std::string& gw_ref) const;
  [[nodiscard]] bool is_over() const;

  load::LogFacts read_log();
  void read_report(const Client& reader, load::LogFacts& facts);

  const load::ReplayWeek& week_;
  const WeekOptions& options_;
  load::RandomStreams streams_;
  load::Stream thinks_;
  load::Ledger ledger_;
  sim::Agenda<Act> agenda_;
  std::unique_ptr<WeekCity> city_;
  Client gateway_;
  std::vector<Caller> callers_;
  std::map<std::string, Index> by_ref_;
  std::vector<Desk> desks_;
  std::size_t gone_ = 0;
  std::size_t waiting_ = 0;
  std::size_t talking_ = 0;
  std::size_t writing_ = 0;
  std::size_t most_waiting_ = 0;
  std::size_t most_talking_ = 0;
};

}  // namespace kapok::week
