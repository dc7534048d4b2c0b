#include "sim/recording.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "routing/command_text.h"
#include "routing/digest.h"
#include "routing/event_text.h"
#include "sim/modelled_store.h"
#include "sim/witness.h"

namespace kapok::sim {
namespace {

bool is_start(const std::vector<Told>& told) {
  if (told.size() < 2 || !std::holds_alternative<routing::DirectoryChanged>(told[0].event)) return false;
  for (const Told& one : told) {
    if (std::holds_alternative<routing::Restarted>(one.event)) return true;
    if (!std::holds_alternative<routing::DirectoryChanged>(one.event)) return false;
  }
  return false;
}

UnitId root_of(const Recording& recording) {
  for (const auto& unit : std::get<routing::DirectoryChanged>(recording.told.front().event).units)
    if (!unit.parent.is_set()) return unit.id;
  return {};
}

Result<Told> parse_line(std::string_view line) {
  Told told;
  const char* const end = line.data() + line.size();
  const auto [rest, failed] = std::from_chars(line.data(), end, told.at.us);
  if (failed != std::errc{} || rest == end || *rest != ' ') return {ErrorCode::kInvalidArgument, "no instant"};
  auto event = routing::parse_event(line.substr(static_cast<std::size_t>(rest - line.data()) + 1));
  if (!event) return event.error();
  told.event = std::move(event).value();
  return told;
}

}  // namespace

Relived relive(const Recording& recording, const WorldRule& rule, const Watcher& each) {
  Relived out;
  if (!is_start(recording.told)) {
    out.broken = "R0: a recording begins with a directory and a Restarted";
    return out;
  }
  routing::RoutingCore core(recording.options);
  ModelledStore store;
  Witness witness;
  const UnitId root = root_of(recording);
  Instant last;
  for (const Told& told : recording.told) {
    last = std::max(last, told.at);
    const auto commands = core.apply(last, told.event);
    ++out.events;
    if (each) each(told, commands);
    if (const auto* start = std::get_if<routing::Restarted>(&told.event)) store.load(*start, core);
    out.broken = store.take(told.event, commands);
    if (!out.broken) out.broken = witness.take(last, told.event, commands);
    if (!out.broken) out.broken = core.check_all();
    if (!out.broken) out.broken = store.agrees_with(core, root);
    if (!out.broken && rule) out.broken = rule(core, commands);
    if (out.broken) break;
  }
  out.state_hash = core.state_hash();
  return out;
}

Relived repeat(const Recording& recording) {
  Relived out;
  routing::RoutingCore core(recording.options);
  routing::Digest digest;
  for (const Told& told : recording.told) {
    digest.add(routing::digest_of(core.apply(told.at, told.event)));
    ++out.events;
  }
  out.state_hash = core.state_hash();
  out.commands_digest = digest.value();
  return out;
}

std::string recording_text(const Recording& recording, std::string_view comment) {
  std::string out = "# " + std::string(comment) + "\n";
  out += routing::core_start_text({"kapok-sim", recording.options}) + "\n";
  for (const Told& told : recording.told)
    out += std::to_string(told.at.us) + " " + routing::event_text(told.event) + "\n";
  return out;
}

Result<Recording> parse_recording(std::string_view text) {
  Recording out;
  bool born = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    const std::string where = "line " + std::to_string(number) + ": ";
    if (!born) {
      const auto start = routing::parse_core_start(line);
      if (!start) return {ErrorCode::kInvalidArgument, where + start.error().detail};
      out.options = start->options;
      born = true;
      continue;
    }
    auto told = parse_line(line);
    if (!told) return {ErrorCode::kInvalidArgument, where + told.error().detail};
    out.told.push_back(std::move(told).value());
  }
  if (!is_start(out.told)) return {ErrorCode::kInvalidArgument, "it does not begin with a directory and a Restarted"};
  return out;
}

std::string fault_kind(std::string_view broken) {
  const auto ids = broken.find(" (");
  return std::string(broken.substr(0, ids));
}

}  // namespace kapok::sim
