#include <chrono>
#include <cmath>
#include <limits>

#include "cli/offline_place.h"
#include "cli/output_json.h"
#include "core/local_time.h"
#include "routing/event_text.h"
#include "storage/journal_replay.h"
#include "storage/journal_table.h"

/// The journal of routing events, read and replayed on the files themselves while no server runs (decision 20).
namespace kapok::cli {
namespace {

using routing::Replay;

constexpr Instant kForEver{std::numeric_limits<std::int64_t>::max()};

struct ReplayAsked {
  Place place;
  std::string day;
  std::string from;
  std::string to;
};

struct ShowAsked {
  Place place;
  std::int64_t from = 1;
  std::int64_t limit = 100;
};

/// The city's distance from UTC as its latest start noted it.
UtcOffset offset_of(storage::ReadTransaction& tx, CityId city) {
  const auto start = storage::JournalTable::last_start(tx, city, kForEver);
  const auto rows = storage::JournalTable::from(tx, city, start, start == 0 ? 0 : 1).rows;
  if (rows.empty() || !rows.front().core) return kChinaOffset;
  const auto core = routing::parse_core_start(*rows.front().core);
  return core ? std::chrono::duration_cast<UtcOffset>(core->options.utc_offset) : kChinaOffset;
}

Period stretch_of(const ReplayAsked& asked, UtcOffset offset, Language language) {
  const auto wrong = [&](const std::string& text) {
    return UsageError(say(language, {"看不懂时间 {}", "{} is no day or time"}, text));
  };
  if (!asked.day.empty()) {
    const auto day = parse_day(asked.day);
    if (!day) throw wrong(asked.day);
    return period_of_day(*day, offset);
  }
  Period stretch{Instant{1}, kForEver};
  for (const auto& [text, at] : {std::pair{&asked.from, &stretch.from}, std::pair{&asked.to, &stretch.to}}) {
    if (text->empty()) continue;
    const auto read = parse_local(*text, offset);
    if (!read) throw wrong(*text);
    *at = *read;
  }
  return stretch;
}

std::string hexadecimal(std::uint64_t value) { return fmt::format("{:016x}", value); }

std::string_view name_of_fault(Replay::Fault fault) {
  switch (fault) {
    case Replay::Fault::kNoStart:
      return "no_start";
    case Replay::Fault::kRowsMissing:
      return "rows_missing";
    case Replay::Fault::kOutOfOrder:
      return "out_of_order";
    case Replay::Fault::kUnreadable:
      return "unreadable";
    case Replay::Fault::kOtherCommands:
      return "other_commands";
    case Replay::Fault::kOtherState:
      return "other_state";
  }
  return "";
}

struct Replayed {
  storage::ReplayedJournal journal;
  UtcOffset offset = kChinaOffset;
  double seconds = 0;

  [[nodiscard]] bool equal() const {
    return !journal.difference && journal.damaged_ids.empty() && journal.last_seq > 0;
  }
  [[nodiscard]] std::int64_t events_per_second() const {
    return seconds <= 0 ? 0 : std::llround(static_cast<double>(journal.figures.events) / seconds);
  }
};

std::string json_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + json_string(text);
  return "[" + list + "]";
}

std::string json_difference(const Replay::Difference& found, UtcOffset offset) {
  const auto number = [](const std::optional<std::uint64_t>& value) {
    return value ? json_string(hexadecimal(*value)) : std::string("null");
  };
  return "{\n    \"seq\": " + json_string(std::to_string(found.seq)) +
         ",\n    \"at\": " + json_string(format_local(found.at, offset)) +
         ",\n    \"fault\": " + json_string(name_of_fault(found.fault)) +
         ",\n    \"what\": " + json_string(found.what) + ",\n    \"event\": " + json_string(found.event) +
         ",\n    \"recorded\": " + number(found.recorded) + ",\n    \"recomputed\": " + number(found.recomputed) +
         ",\n    \"commands\": " + json_list(found.commands) + "\n  }";
}

void show_json(Terminal& terminal, const Replayed& replayed) {
  const auto& [first_seq, last_seq, first_at, last_at, figures, difference, damaged] = replayed.journal;
  const auto at = [&](Instant instant) {
    return instant.is_set() ? json_string(format_local(instant, replayed.offset)) : std::string("null");
  };
  terminal.out << "{\n  \"equal\": " << (replayed.equal() ? "true" : "false")
               << ",\n  \"first_seq\": " << json_string(std::to_string(first_seq))
               << ",\n  \"last_seq\": " << json_string(std::to_string(last_seq)) << ",\n  \"from\": " << at(first_at)
               << ",\n  \"to\": " << at(last_at) << ",\n  \"events\": " << figures.events
               << ",\n  \"commands\": " << figures.commands << ",\n  \"starts\": " << figures.starts
               << ",\n  \"answers_compared\": " << figures.digests_compared
               << ",\n  \"state_hashes_compared\": " << figures.hashes_compared
               << ",\n  \"events_per_second\": " << replayed.events_per_second()
               << ",\n  \"programs\": " << json_list(figures.programs) << ",\n  \"damaged_rows\": " << damaged.size()
               << ",\n  \"difference\": " << (difference ? json_difference(*difference, replayed.offset) : "null")
               << "\n}\n";
}

void show_difference(Terminal& terminal, const Replay::Difference& found, UtcOffset offset) {
  terminal.note({"第一处不同：序号 {}，{}：{}", "the first difference is at seq {}, {}: {}"}, found.seq,
                format_local(found.at, offset), found.what);
  terminal.note({"  事件      {}", "  event       {}"}, found.event);
  if (!found.recorded) return;
  terminal.note({"  当时摘要  {}", "  recorded    {}"}, hexadecimal(*found.recorded));
  terminal.note({"  现在摘要  {}", "  recomputed  {}"}, hexadecimal(*found.recomputed));
  terminal.note({"  现在的决定（{} 条）：", "  what routing orders now ({}):"}, found.commands.size());
  for (const std::string& command : found.commands) terminal.err << "    " << command << '\n';
}

void show_text(Terminal& terminal, const Replayed& replayed) {
  const storage::ReplayedJournal& journal = replayed.journal;
  if (journal.last_seq == 0 && !journal.difference) {
    terminal.note({"这段时间没有可以重放的记录：重放从一次启动开始",
                   "nothing to replay in this stretch: a replay begins with a start that is recorded"});
  } else {
    terminal.say({"重放 {} 至 {}，序号 {}–{}", "replayed {} to {}, seq {}–{}"},
                 format_local(journal.first_at, replayed.offset), format_local(journal.last_at, replayed.offset),
                 journal.first_seq, journal.last_seq);
    terminal.say({"事件 {}  决定 {}  启动 {}  比对决定 {}  比对状态 {}  每秒 {} 件",
                  "events {}  commands {}  starts {}  answers compared {}  state hashes compared {}  {} events/s"},
                 journal.figures.events, journal.figures.commands, journal.figures.starts,
                 journal.figures.digests_compared, journal.figures.hashes_compared, replayed.events_per_second());
  }
  for (const std::string& program : journal.figures.programs)
    if (program != KAPOK_VERSION)
      terminal.note({"当时的程序是 {}，现在是 {}：规则改了，决定就可能不同",
                     "program {} decided then, this is {}: where a rule has changed, answers may differ"},
                    program, std::string(KAPOK_VERSION));
  if (!journal.damaged_ids.empty())
    terminal.note({"{} 行已损坏，未读取", "{} rows are damaged and were not read"}, journal.damaged_ids.size());
  if (journal.difference) show_difference(terminal, *journal.difference, replayed.offset);
  if (replayed.equal()) terminal.say({"完全一致", "equal"});
}

ExitCode replay(Invocation& run, const ReplayAsked& asked) {
  OfflineStore store = open_place(run, asked.place);
  Replayed replayed;
  store.read([&](storage::ReadTransaction& tx) {
    replayed.offset = offset_of(tx, store.city());
    const Period stretch = stretch_of(asked, replayed.offset, run.language());
    const auto began = std::chrono::steady_clock::now();
    replayed.journal = storage::replay_journal(tx, store.city(), stretch);
    replayed.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  });
  run.terminal.json ? show_json(run.terminal, replayed) : show_text(run.terminal, replayed);
  return replayed.equal() ? ExitCode::kOk : ExitCode::kRefused;
}

std::string json_row(const storage::JournalRow& row, UtcOffset offset) {
  const auto number = [](const std::optional<std::int64_t>& value) {
    return value ? json_string(hexadecimal(static_cast<std::uint64_t>(*value))) : std::string("null");
  };
  return "{\"seq\": " + json_string(std::to_string(row.seq)) +
         ", \"at\": " + json_string(format_local(row.at, offset)) + ", \"event\": " + json_string(row.event) +
         ", \"core\": " + (row.core ? json_string(*row.core) : "null") + ", \"commands\": " + number(row.commands) +
         ", \"state_hash\": " + number(row.state_hash) + "}";
}

void show(Invocation& run, const ShowAsked& asked) {
  OfflineStore store = open_place(run, asked.place);
  storage::Selection<storage::JournalRow> found;
  UtcOffset offset = kChinaOffset;
  store.read([&](storage::ReadTransaction& tx) {
    offset = offset_of(tx, store.city());
    found = storage::JournalTable::from(tx, store.city(), asked.from, asked.limit);
  });
  Terminal& terminal = run.terminal;
  if (terminal.json) terminal.out << "[";
  for (const storage::JournalRow& row : found.rows) {
    if (terminal.json) {
      terminal.out << (&row == &found.rows.front() ? "\n  " : ",\n  ") << json_row(row, offset);
      continue;
    }
    if (row.core) terminal.out << "— " << *row.core << '\n';
    terminal.out << row.seq << "  " << format_local(row.at, offset) << "  " << row.event << '\n';
  }
  if (terminal.json) terminal.out << "\n]\n";
  if (!found.damaged_ids.empty())
    terminal.note({"{} 行已损坏，未列出", "{} rows are damaged and left out"}, found.damaged_ids.size());
}

}  // namespace

void add_journal_commands(Commands& commands) {
  auto* journal = commands.add_group("journal", {"派话记录", "the journal of routing events"});
  auto* again = commands.add(*journal, "replay",
                             {"（本机）重放派话事件，并与当时的决定比对",
                              "(offline) replay routing events and compare with what was decided then"});
  auto asked = std::make_shared<ReplayAsked>();
  add_place(*again, commands, asked->place);
  auto* day = again->add_option("--day", asked->day, commands.words({"当地日期 2026-11-21", "local day, 2026-11-21"}));
  again->add_option("--from", asked->from, commands.words({"起始时间 \"2026-11-21 08:00\"", "first time"}))
      ->excludes(day);
  again->add_option("--to", asked->to, commands.words({"结束时间（不含）", "end, not included"}))->excludes(day);
  commands.does(again, std::function<ExitCode(Invocation&)>([asked](Invocation& run) { return replay(run, *asked); }));

  auto* list = commands.add(*journal, "show",
                            {"（本机）列出派话事件（只有编号和密文键，没有号码）",
                             "(offline) list routing events: ids and keys, no numbers"});
  auto wanted = std::make_shared<ShowAsked>();
  add_place(*list, commands, wanted->place);
  list->add_option("--from", wanted->from, commands.words({"第一个序号", "first seq"}))->check(CLI::PositiveNumber);
  list->add_option("--limit", wanted->limit, commands.words({"最多几行", "rows at most"}))
      ->check(CLI::Range(1, 100'000));
  commands.does(list, [wanted](Invocation& run) { show(run, *wanted); });
}

}  // namespace kapok::cli
