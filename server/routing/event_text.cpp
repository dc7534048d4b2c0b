#include "routing/event_text.h"

#include <utility>
#include <variant>

#include "routing/event_fields.h"

namespace kapok::routing {
namespace {

/// In the order of the variant.
constexpr std::string_view kEventNames[] = {
    "DirectoryChanged", "ShiftStarted",      "ShiftEnded",       "EndpointUp",   "EndpointDown", "WorkerReady",
    "WorkerAway",       "AfterCallEnded",    "CallArrived",      "CallerLeft",   "CallEnded",    "HandedBack",
    "WorkerLegLost",    "OfferAccepted",     "OfferDeclined",    "OfferFailed",  "Ticked",       "Restarted",
    "TransferAsked",    "TransferCancelled", "CallbackAccepted", "CallerReached"};
static_assert(std::size(kEventNames) == std::variant_size_v<Event>);
static_assert(std::is_same_v<std::variant_alternative_t<8, Event>, CallArrived>);
static_assert(std::is_same_v<std::variant_alternative_t<16, Event>, Ticked>);

Error stopped_at(const TextReader& reader) {
  const std::string field = reader.faulty_field().empty() ? "end" : std::string(reader.faulty_field());
  return {ErrorCode::kInvalidArgument, "unreadable at byte " + std::to_string(reader.at()) + ", field " + field};
}

template <std::size_t I>
Result<Event> read_event(TextReader& reader) {
  Event event{std::in_place_index<I>};
  fields(reader, std::get<I>(event));
  if (!reader.sound() || !reader.at_end()) return stopped_at(reader);
  return event;
}

template <std::size_t... I>
Result<Event> read_named(std::string_view name, TextReader& reader, std::index_sequence<I...>) {
  Result<Event> read = Error{ErrorCode::kInvalidArgument, "no event has this name"};
  static_cast<void>(((name == kEventNames[I] && (read = read_event<I>(reader), true)) || ...));
  return read;
}

template <class V>
void fields(V& v, Is<CoreStart> auto& s) {
  v.word("program", s.program);
  v.field("city", s.options.city_number);
  v.field("offset", s.options.utc_offset);
  v.field("factor", s.options.time_factor);
}

}  // namespace

std::string event_text(const Event& event) {
  TextWriter writer(kEventNames[event.index()]);
  std::visit([&](const auto& said) { fields(writer, said); }, event);
  return writer.take();
}

Result<Event> parse_event(std::string_view text) {
  if (text.size() > kFieldTextMax) return {ErrorCode::kInvalidArgument, "longer than any event"};
  TextReader reader(text);
  const std::string_view name = reader.name();
  return read_named(name, reader, std::make_index_sequence<std::variant_size_v<Event>>{});
}

std::string core_start_text(const CoreStart& start) {
  TextWriter writer("Core");
  fields(writer, start);
  return writer.take();
}

Result<CoreStart> parse_core_start(std::string_view text) {
  TextReader reader(text.substr(0, 4 * kFieldWordMax));
  CoreStart start;
  if (reader.name() != "Core") return {ErrorCode::kInvalidArgument, "no start of a core"};
  fields(reader, start);
  if (!reader.sound() || !reader.at_end()) return stopped_at(reader);
  const bool known = start.options.city_number >= 1 && start.options.city_number <= 1023 &&
                     start.options.time_factor >= 1 && start.options.time_factor <= 100'000;
  if (!known) return {ErrorCode::kInvalidArgument, "no city has such options"};
  return start;
}

}  // namespace kapok::routing
