#include "service/event_text.h"

#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/enum_names.h"

namespace kapok::service {
namespace {

class Text {
 public:
  explicit Text(std::string_view name) : text_(name) {}

  template <class T>
  Text& field(std::string_view name, const T& value) {
    text_ += ' ';
    text_ += name;
    text_ += '=';
    put(value);
    return *this;
  }

  /// A list of structures: each is written by `each` into brackets of its own.
  template <class T, class F>
  Text& list(std::string_view name, const std::vector<T>& values, F each) {
    text_ += ' ';
    text_ += name;
    text_ += "=[";
    for (const T& value : values) {
      text_ += '(';
      each(*this, value);
      text_ += " )";
    }
    text_ += ']';
    return *this;
  }

  std::string take() { return std::move(text_); }

 private:
  void put(bool value) { text_ += value ? '1' : '0'; }
  void put(std::int32_t value) { text_ += std::to_string(value); }
  void put(std::int64_t value) { text_ += std::to_string(value); }
  void put(std::uint64_t value) { text_ += std::to_string(value); }
  void put(Instant at) { text_ += std::to_string(at.us); }
  template <class Tag>
  void put(Id<Tag> id) {
    text_ += std::to_string(id.value);
  }
  template <class E>
    requires std::is_enum_v<E>
  void put(E value) {
    text_ += name_of(value);
  }
  void put(const std::optional<std::string>& value) {
    static constexpr char kHex[] = "0123456789abcdef";
    if (!value) return;
    text_ += 'x';
    for (const char byte : *value) {
      text_ += kHex[static_cast<unsigned char>(byte) >> 4];
      text_ += kHex[static_cast<unsigned char>(byte) & 15];
    }
  }
  template <class T>
  void put(const std::vector<T>& values) {
    text_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text_ += ',';
      put(values[i]);
    }
    text_ += ']';
  }

  std::string text_;
};

using namespace routing;

void fields(Text& text, const CallerFacts& f) {
  text.field("imminent", f.open_imminent).field("high", f.open_high).field("minor", f.minor).field("elder", f.elder);
  text.field("flag", f.operator_flag).field("attempts", f.unanswered_attempts_30min).field("language", f.language);
}

void fields(Text& text, const ShiftStarted& e) {
  text.field("shift", e.shift).field("worker", e.worker).field("units", e.units).field("endpoints", e.endpoints);
}

void fields(Text& text, const CallArrived& e) {
  text.field("call", e.call).field("line", e.line).field("channel", e.channel).field("key", e.caller_key);
  fields(text, e.facts);
  text.field("arrived", e.arrived_at).field("seq", e.arrival_seq);
}

std::string write(const DirectoryChanged& e) {
  Text text("DirectoryChanged");
  text.list("units", e.units, [](Text& t, const routing::Unit& u) {
    t.field("id", u.id).field("parent", u.parent).field("kind", u.kind).field("rings", u.rings);
  });
  text.list("lines", e.lines, [](Text& t, const Line& l) {
    t.field("id", l.id).field("owner", l.owner).field("mode", l.mode).field("crisis", l.crisis);
    t.field("skills", l.required_skills);
  });
  text.list("workers", e.workers, [](Text& t, const Worker& w) {
    t.field("id", w.id).field("home", w.home).field("skills", w.skills).field("languages", w.languages);
    t.list("endpoints", w.endpoints, [](Text& inner, const Endpoint& p) {
      inner.field("id", p.id).field("kind", p.kind).field("capacity", p.capacity);
    });
  });
  return text.field("closed", e.lines_closed).take();
}

std::string write(const ShiftStarted& e) {
  Text text("ShiftStarted");
  fields(text, e);
  return text.take();
}
std::string write(const ShiftEnded& e) { return Text("ShiftEnded").field("shift", e.shift).take(); }
std::string write(const EndpointUp& e) { return Text("EndpointUp").field("endpoint", e.endpoint).take(); }
std::string write(const EndpointDown& e) { return Text("EndpointDown").field("endpoint", e.endpoint).take(); }
std::string write(const WorkerReady& e) { return Text("WorkerReady").field("worker", e.worker).take(); }
std::string write(const WorkerAway& e) { return Text("WorkerAway").field("worker", e.worker).take(); }
std::string write(const AfterCallEnded& e) { return Text("AfterCallEnded").field("worker", e.worker).take(); }

std::string write(const CallArrived& e) {
  Text text("CallArrived");
  fields(text, e);
  return text.take();
}
std::string write(const CallerLeft& e) {
  return Text("CallerLeft").field("call", e.call).field("cause", e.cause).take();
}
std::string write(const CallEnded& e) {
  return Text("CallEnded").field("call", e.call).field("worker", e.worker).field("high_risk", e.high_risk).take();
}
std::string write(const HandedBack& e) {
  return Text("HandedBack").field("call", e.call).field("worker", e.worker).take();
}
std::string write(const WorkerLegLost& e) {
  return Text("WorkerLegLost").field("call", e.call).field("worker", e.worker).take();
}
std::string write(const OfferAccepted& e) {
  Text text("OfferAccepted");
  text.field("offer", e.offer).field("epoch", e.epoch).field("worker", e.worker).field("endpoint", e.endpoint);
  return text.take();
}
std::string write(const OfferDeclined& e) {
  return Text("OfferDeclined").field("offer", e.offer).field("epoch", e.epoch).field("worker", e.worker).take();
}
std::string write(const OfferFailed& e) {
  Text text("OfferFailed");
  text.field("offer", e.offer).field("epoch", e.epoch).field("endpoint", e.endpoint);
  return text.field("busy", e.why == OfferFailure::kBusy).take();
}
std::string write(const Ticked&) { return "Ticked"; }

std::string write(const Restarted& e) {
  Text text("Restarted");
  text.field("epoch", e.epoch).field("last_offer", e.last_offer);
  text.list("workers", e.workers, [](Text& t, const RestoredWorker& w) {
    t.field("worker", w.worker).field("desk_ready", w.desk_ready).field("desk_missed", w.desk_missed);
    t.field("phone_away", w.phone_away);
    t.field("idle", w.idle_since).field("paused", w.phone_paused_until).field("after_call", w.after_call_until);
    t.list("shifts", w.shifts, [](Text& inner, const ShiftStarted& s) { fields(inner, s); });
  });
  text.list("calls", e.calls, [](Text& t, const RestoredCall& c) {
    fields(t, c.arrival);
    t.field("base", c.base).field("joined", c.joined_at).field("with", c.talking_with).field("on", c.talking_on);
    t.field("answered", c.answered_at).field("legs", c.legs).field("offers", c.offers_made);
    t.list("exclusions", c.exclusions,
           [](Text& inner, const RestoredExclusion& x) { inner.field("worker", x.worker).field("until", x.until); });
  });
  text.list("gaps", e.gaps,
            [](Text& t, const RestoredGap& g) { t.field("unit", g.unit).field("from", g.from).field("kind", g.kind); });
  return text.take();
}

}  // namespace

std::string event_text(const routing::Event& event) {
  return std::visit([](const auto& said) { return write(said); }, event);
}

}  // namespace kapok::service
