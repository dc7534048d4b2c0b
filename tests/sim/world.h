#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "load/arrival_process.h"
#include "load/random_streams.h"
#include "sim/agenda.h"
#include "sim/city_shape.h"
#include "sim/server.h"
#include "sim/world_figures.h"
#include "sim/world_plan.h"

/// People, devices, a network and a server in virtual time: everything around the production routing core. Its files:
/// world (time and commands), world_callers, world_workers, world_roster, world_network, world_trouble.
namespace kapok::sim {

class World {
 public:
  explicit World(WorldPlan plan);

  /// Lives to the end of the plan, then without faults and new callers until every queue is empty, or until the first
  /// broken invariant. Once.
  void run();

  [[nodiscard]] const std::optional<std::string>& broken() const { return server_.broken(); }
  /// Of the core that is or was last running.
  [[nodiscard]] const Recording& recording() const { return server_.recording(); }
  [[nodiscard]] const WorldFigures& figures() const { return figures_; }

 private:
  /// In groups: callers to kCrisisDue, plans to kShiftStarts, persons to kRecordDone, trouble.
  enum class Next : std::uint8_t {
    kDial,          ///< a: chain
    kDialsAgain,    ///< a: of again_
    kGivesUp,       ///< a: call
    kTalkEnds,      ///< a: call, b: leg
    kHandsBack,     ///< a: call, b: leg
    kLegLost,       ///< a: call, b: leg
    kPassesOn,      ///< a: call, b: leg
    kTakesBack,     ///< a: call, b: leg
    kKeepsPlace,    ///< a: call
    kReached,       ///< a: call, b: leg
    kCrisisDue,     ///< a: call
    kAnswer,        ///< a: offer
    kMessage,       ///< a: of held_
    kRosterDay,     ///< a: local day
    kShiftStarts,   ///< a: of planned_
    kShiftEnds,     ///< a: person, b: shift
    kShiftChanges,  ///< a: person, b: shift
    kDeskUp,        ///< a: person, b: life
    kDeskLost,      ///< a: person, b: life
    kDeskSeenLost,  ///< a: person, b: life
    kPhoneUp,       ///< a: person
    kReady,         ///< a: person, b: life
    kAway,          ///< a: person, b: life
    kRecordDone,    ///< a: person, b: since
    kCrash,
    kServerUp,
    kStall,
    kDirectory,
    kSurge,
    kFlood,
    kStoreFails,
    kEndpointGone,
    kEndpointBack,  ///< a: person
  };
  struct Caller {
    routing::CallArrived arrival;
    Instant gives_up;
    bool gone = false;
    bool talking = false;
    bool returned = false;  ///< took back his old place
    bool unheard = false;   ///< hung up while no server heard it: the gateway lacks him when it attaches again
    bool kept = false;      ///< to be rung back, and off the line until he is reached
    std::int32_t leg = 0;
    WorkerId with;
    routing::Ring ring = routing::Ring::kStation;
  };
  struct Person {
    CityPerson who;
    load::Stream chance{0};
    std::uint64_t skills = 0;
    ShiftId shift;
    std::vector<UnitId> covers;
    std::vector<EndpointId> serves_on;
    WorkerId backup;
    std::int64_t life = 0;  ///< shifts begun: what was planned for an earlier one is void
    bool by_desk = false;
    bool client_up = false;  ///< as the server was told
    bool lost = false;       ///< the client is gone, noticed or not
    EndpointId missing;      ///< taken out of the directory for a while
    bool asleep = false;
    bool unsigned_phone = false;
    bool decliner = false;
    WorkerState state = WorkerState::kOffDuty;
    routing::AwayReason reason = routing::AwayReason::kNone;
    Instant since;
  };
  enum class Deed : std::uint8_t { kAccept, kDecline, kFail };
  struct Ringing {
    routing::OfferAccepted accept;
    Deed deed = Deed::kAccept;
    bool withdrawn = false;
  };
  struct PlannedShift {
    std::size_t station = 0;
    bool duty_phone = false;
    bool night = false;
    Instant to;
  };
  struct Again {
    routing::CallArrived arrival;  ///< a dial that waits for the server, or a redial
    bool old_place = false;
  };
  enum Chain : std::int64_t { kUsual = 0, kSurging = 1, kFlooding = 2 };

  // world.cpp
  void begin();
  bool step();
  void handle(const Agenda<Next>::Item& item);
  void handle_caller(const Agenda<Next>::Item& item);
  void handle_plan(const Agenda<Next>::Item& item);
  void handle_person(Person& who, const Agenda<Next>::Item& item);
  void act(const std::vector<routing::Command>& commands);
  void on(const routing::RecordArrival& said);
  void on(const routing::OfferCall& said);
  void on(const routing::WithdrawOffer& said);
  void on(const routing::ConnectCall& said);
  void on(const routing::ReturnCallToWaiting& said);
  void on(const routing::EndCall& said);
  void on(const routing::RefuseAccept& said);
  void on(const routing::RefuseEvent& said);
  void on(const routing::WorkerStateChanged& said);
  void on(const routing::NoteMiss& said);
  void on(const routing::RecordTransfer& said);
  void on(const routing::RecordTransferEnded& said);
  void on(const routing::KeepCallback& said);
  void on(const routing::RecordCallerReached& said);
  void on(const routing::AnnounceWait& said);
  template <class C>
  void on(const C&) {}
  [[nodiscard]] Instant core_now() const;
  [[nodiscard]] bool has(Feature feature) const { return plan_.features.has(feature) && !draining_; }
  void after(double seconds, Next kind, std::int64_t a = 0, std::int64_t b = 0);
  void drained();

  // world_callers.cpp
  void dial(Chain chain);
  void plan_dial(Chain chain);
  void dials_again(std::int64_t number);
  void place_call(const Again& from);
  [[nodiscard]] LineId drawn_line(load::Stream& chance) const;
  routing::CallerFacts drawn_facts(load::Stream& chance) const;
  void gives_up(CallId call);
  void talk_ends(CallId call, std::int32_t leg);
  void hands_back(CallId call, std::int32_t leg);
  void leg_lost(CallId call, std::int32_t leg);
  void plan_talk(Caller& caller, CallId call, bool phone);
  void crisis_due(CallId call);
  void perhaps_dials_again(const Caller& caller);
  // world_transfers.cpp
  void passes_on(CallId call, std::int32_t leg);
  void takes_back(CallId call, std::int32_t leg);
  void keeps_place(CallId call);
  void reached(CallId call, std::int32_t leg);
  Caller* in_talk(CallId call, std::int32_t leg);

  // world_workers.cpp
  Person& person(WorkerId id) { return people_[static_cast<std::size_t>(id.value - 1)]; }
  void meets(const routing::OfferCall& offer);
  void stray_accept(const Ringing& ringing);
  Deed drawn_deed(Person& who, bool desk);
  void answers(std::int64_t offer);
  void desk_up(Person& who, std::int64_t life);
  void desk_lost(Person& who, std::int64_t life);
  void desk_seen_lost(Person& who, std::int64_t life);
  void phone_up(Person& who);
  void ready(Person& who, std::int64_t life);
  void away(Person& who, std::int64_t life);
  void record_done(Person& who, Instant since);

  // world_roster.cpp
  void roster_day(std::int64_t day);
  void plan_shift(PlannedShift shift, Instant from);
  void shift_starts(std::int64_t planned);
  Person* free_of(const PlannedShift& planned);
  void begin_shift(Person& who, const PlannedShift& planned);
  [[nodiscard]] std::vector<UnitId> drawn_cover(const PlannedShift& planned);
  [[nodiscard]] WorkerId drawn_backup(const PlannedShift& planned);
  void draw_character(Person& who, const PlannedShift& planned);
  void shift_ends(Person& who, ShiftId shift);
  void shift_changes(Person& who, ShiftId shift);
  [[nodiscard]] std::vector<routing::ShiftStarted> running_shifts() const;

  // world_network.cpp
  void send(routing::Event event);     ///< from a client or gateway: through everything a network does
  void deliver(routing::Event event);  ///< to the server, now or when it can listen
  void tell(const routing::Event& event);
  void hold(routing::Event event, Instant until);
  void arrives(std::int64_t held);
  void went_down();

  // world_trouble.cpp
  void plan_trouble();
  void crash();
  void server_up();
  void stall();
  void change_directory();
  void move_station(routing::DirectoryChanged& change);
  void change_line(routing::DirectoryChanged& change);
  void surge();
  void flood();
  void store_fails();
  void attach_again();
  void endpoint_gone();
  void endpoint_back(Person& who);
  [[nodiscard]] routing::ShiftStarted shift_of(const Person& who) const;

  WorldPlan plan_;
  load::RandomStreams streams_;
  CityShape shape_;
  Server server_;
  Agenda<Next> agenda_;
  Instant now_;  ///< true time; the server's differs by offset_
  Instant end_;
  Duration offset_{0};
  Instant up_at_;
  Instant stalled_until_;
  bool draining_ = false;
  bool over_ = false;
  std::unordered_map<std::int64_t, Caller> callers_;
  std::unordered_map<std::int64_t, Ringing> ringing_;
  std::vector<Person> people_;
  std::unordered_map<std::int64_t, PlannedShift> planned_;
  std::unordered_map<std::int64_t, routing::Event> held_;
  std::unordered_map<std::int64_t, Again> again_;
  std::vector<double> share_up_to_;
  load::ArrivalProcess usual_;
  load::ArrivalProcess surging_;
  Instant surge_until_;
  Instant flood_until_;
  LineId flooded_;
  load::Stream roster_;
  load::Stream network_;
  load::Stream trouble_;
  load::Stream flooding_;
  std::int64_t last_call_ = 0;
  std::int64_t last_shift_ = 0;
  std::int64_t last_number_ = 0;
  WorldFigures figures_;
};

}  // namespace kapok::sim
