#include <gtest/gtest.h>

#include <limits>

#include "random_world.h"
#include "routing/command_fields.h"
#include "routing/command_text.h"
#include "routing/event_fields.h"
#include "routing/event_text.h"

namespace kapok::routing {
namespace {

/// Fills whatever is described with random content, the extremes of each type included.
class Filler {
 public:
  explicit Filler(CounterRandom& random) : random_(random) {}

  template <class T>
  void field(std::string_view, T& value) {
    fill(value);
  }
  template <class T>
  void list(std::string_view, std::vector<T>& values) {
    values.resize(static_cast<std::size_t>(random_.below(4)));
    for (T& value : values) fields(*this, value);
  }

 private:
  void fill(bool& value) { value = random_.chance(50); }
  template <Number T>
  void fill(T& value) {
    const auto kind = random_.below(8);
    value = kind == 0   ? std::numeric_limits<T>::max()
            : kind == 1 ? std::numeric_limits<T>::min()
            : kind == 2 ? T{0}
                        : static_cast<T>(random_.next());
  }
  void fill(Instant& at) { fill(at.us); }
  template <class Tag>
  void fill(Id<Tag>& id) {
    fill(id.value);
  }
  template <class E>
    requires std::is_enum_v<E>
  void fill(E& value) {
    value = kEnumNames<E>[random_.below(static_cast<std::int64_t>(count_of<E>()))].value;
  }
  void fill(std::optional<std::string>& value) {
    value.reset();
    if (random_.chance(30)) return;
    value.emplace(static_cast<std::size_t>(random_.below(40)), ' ');
    for (char& c : *value) c = static_cast<char>(random_.below(256));
  }
  template <class T>
  void fill(std::vector<T>& values) {
    values.resize(static_cast<std::size_t>(random_.below(5)));
    for (T& value : values) fill(value);
  }

  CounterRandom& random_;
};

template <std::size_t I = 0>
Event random_event(std::size_t kind, CounterRandom& random) {
  if constexpr (I + 1 < std::variant_size_v<Event>)
    if (kind != I) return random_event<I + 1>(kind, random);
  Event event{std::in_place_index<I>};
  Filler filler(random);
  fields(filler, std::get<I>(event));
  return event;
}

/// A value of every type, so that the parts of a structure can be counted by how many it can be made of.
struct Anything {
  template <class T>
  operator T() const {
    return T{};
  }
};
template <class T, class... Parts>
constexpr std::size_t parts_of(Parts... parts) {
  if constexpr (requires { T{parts..., Anything{}}; })
    return parts_of<T>(parts..., Anything{});
  else
    return sizeof...(Parts);
}
struct Counter {
  std::size_t count = 0;
  void field(std::string_view, auto&) { ++count; }
  void list(std::string_view, auto&) { ++count; }
};
template <class T>
std::size_t described() {
  Counter counter;
  T value{};
  fields(counter, value);
  return counter.count;
}
template <class Variant>
struct EveryOf;
template <class... T>
struct EveryOf<std::variant<T...>> {
  static void is_described() { (expect<T>(), ...); }
  template <class One>
  static void expect() {
    // A call's facts stand among its own fields.
    const std::size_t inside = std::is_same_v<One, CallArrived> ? parts_of<CallerFacts>() - 1 : 0;
    EXPECT_EQ(described<One>(), parts_of<One>() + inside) << typeid(One).name();
  }
};

TEST(EventText, EveryPartOfEveryEventAndCommandIsDescribed) {
  EveryOf<Event>::is_described();
  EveryOf<Command>::is_described();
  EveryOf<std::variant<Unit, Line, Endpoint, Worker, CallerFacts, RestoredWorker, RestoredExclusion,
                       RestoredGap>>::is_described();
  EXPECT_EQ(described<RestoredCall>(), parts_of<RestoredCall>() - 1 + described<CallArrived>());
}

TEST(EventText, EventsOfEveryKindReadBackAsTheyWereWritten) {
  CounterRandom random(20261121);
  for (std::size_t kind = 0; kind < std::variant_size_v<Event>; ++kind)
    for (int i = 0; i < 300; ++i) {
      const std::string text = event_text(random_event(kind, random));
      const auto read = parse_event(text);
      ASSERT_TRUE(read.ok()) << read.error().detail << "\n" << text;
      EXPECT_EQ(read->index(), kind);
      ASSERT_EQ(event_text(*read), text);
    }
}

TEST(EventText, OneSignMoreOrLessOrOtherIsRefusedOrIsAnotherEvent) {
  CounterRandom random(7);
  for (std::size_t kind = 0; kind < std::variant_size_v<Event>; ++kind) {
    const std::string text = event_text(random_event(kind, random));
    for (int i = 0; i < 200; ++i) {
      std::string other = text;
      const auto at = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(text.size())));
      if (i % 3 == 0)
        other.erase(at, 1);
      else if (i % 3 == 1)
        other.insert(at, 1, static_cast<char>(random.below(256)));
      else
        other[at] = static_cast<char>(random.below(256));
      if (const auto read = parse_event(other); read.ok()) EXPECT_EQ(event_text(*read), other);
    }
  }
}

TEST(EventText, NamesTheFieldAtWhichReadingStopped) {
  const auto wrong = [](std::string_view text) { return parse_event(text).error().detail; };
  EXPECT_EQ(wrong("CallerLeft call=7 cause=vanished"), "unreadable at byte 32, field cause");
  EXPECT_EQ(wrong("CallerLeft cause=hung_up call=7"), "unreadable at byte 11, field call");
  EXPECT_EQ(wrong("CallerLeft call=007 cause=hung_up"), "unreadable at byte 19, field call");
  EXPECT_EQ(wrong("Ticked "), "unreadable at byte 6, field end");
  EXPECT_EQ(wrong("CallerStayed call=7"), "no event has this name");
  EXPECT_EQ(wrong(std::string(kFieldTextMax + 1, 'x')), "longer than any event");
}

TEST(EventText, AListLongerThanAnyCityIsRefused) {
  std::string text = "DirectoryChanged units=[] lines=[] workers=[] closed=[1";
  for (std::size_t i = 0; i < kFieldListMax; ++i) text += ",1";
  EXPECT_FALSE(parse_event(text + "]").ok());
}

TEST(EventText, ACoreStartReadsBackAndOthersAreRefused) {
  const std::string text = core_start_text({"0.1.0", {.city_number = 7, .utc_offset = hours{8}, .time_factor = 30}});
  const auto start = parse_core_start(text);
  ASSERT_TRUE(start.ok());
  EXPECT_EQ(core_start_text(*start), text);
  EXPECT_EQ(start->options.time_factor, 30);
  EXPECT_FALSE(parse_core_start("Core program=0.1.0 city=0 offset=0 factor=1").ok());
  EXPECT_FALSE(parse_core_start("Core program=0/1 city=1 offset=0 factor=1").ok());
  EXPECT_FALSE(parse_core_start(text + " more=1").ok());
}

TEST(CommandDigest, AnyOtherFieldOrderOrNumberOfCommandsGivesAnotherDigest) {
  const std::vector<Command> answer = {NoteGap{UnitId{4}, {100}, GapKind::kNobodyOnShift},
                                       CloseGap{UnitId{5}, {100}, {200}}};
  auto other = answer;
  EXPECT_EQ(digest_of(other), digest_of(answer));
  std::get<CloseGap>(other[1]).to.us += 1;
  EXPECT_NE(digest_of(other), digest_of(answer));
  EXPECT_NE(digest_of({answer[1], answer[0]}), digest_of(answer));
  EXPECT_NE(digest_of({answer[0]}), digest_of(answer));
  EXPECT_EQ(command_text(answer[1]), "CloseGap unit=5 from=100 to=200");
}

}  // namespace
}  // namespace kapok::routing
