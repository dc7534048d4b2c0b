#include "cli/command_line.h"
#include "cli/enum_words.h"
#include "cli/lookup.h"
#include "cli/table_printer.h"

/// directory: the tree with the ring presets in force, and the lines with what they need.
namespace kapok::cli {
namespace {

constexpr std::uint32_t kUnitsMax = 200;

v1::UnitList units_below(Invocation& run, const std::string& text) {
  v1::UnitList list;
  v1::ClientFrame frame;
  if (!text.empty()) {
    *list.add_units() = find_unit(run, text);
    frame.mutable_find_units()->set_parent(list.units(0).unit());
  }
  frame.mutable_find_units()->set_limit(kUnitsMax);
  const auto below = run.ask(frame).unit_list();
  for (const auto& unit : below.units()) *list.add_units() = unit;
  return list;
}

std::string preset_of(const v1::UnitView& unit, Language language) {
  const std::string preset = word(unit.rings(), language);
  return unit.rings_own() ? preset : preset + say(language, {"（本级未设）", " (not set here)"});
}

void list_units(Invocation& run, const std::string& text) {
  const auto list = units_below(run, text);
  if (run.print_json(list)) return;
  const Terminal& terminal = run.terminal;
  TablePrinter table({{std::string(terminal.words({"代码", "code"}))},
                      {std::string(terminal.words({"级别", "level"}))},
                      {std::string(terminal.words({"单位", "unit"}))},
                      {std::string(terminal.words({"分派方式", "rings"}))}});
  for (const auto& unit : list.units())
    table.add({unit.code(), word(unit.kind(), run.language()), unit.path_zh(), preset_of(unit, run.language())});
  table.print(run.terminal);
  run.terminal.note({"共 {} 个单位", "{} units"}, list.units_size());
}

std::string mode_of(const v1::LineView& line, Language language) {
  const std::string mode = word(line.mode(), language);
  return line.crisis() ? mode + say(language, {"，危机", ", crisis"}) : mode;
}

void list_lines(Invocation& run, const std::string& text) {
  v1::ClientFrame frame;
  frame.mutable_list_lines()->set_unit(unit_or(run, text, 0));
  const auto list = run.ask(frame).line_list();
  if (run.print_json(list)) return;
  const Terminal& terminal = run.terminal;
  TablePrinter table({{std::string(terminal.words({"号码", "number"}))},
                      {std::string(terminal.words({"热线", "line"}))},
                      {std::string(terminal.words({"单位", "unit"}))},
                      {std::string(terminal.words({"接入", "mode"}))},
                      {std::string(terminal.words({"所需技能", "required skills"}))}});
  for (const auto& line : list.lines())
    table.add({line.number(), line.name_zh(), line.unit_zh(), mode_of(line, run.language()),
               words_of<v1::Skill>(line.required_skills(), run.language())});
  table.print(run.terminal);
  run.terminal.note({"共 {} 条热线", "{} lines"}, list.lines_size());
}

}  // namespace

void add_directory_commands(Commands& commands) {
  auto* group = commands.add_group("directory", {"单位和热线", "units and lines"});
  auto chosen = std::make_shared<std::string>();
  const auto list = [&](const char* name, Words about, Words unit, void (*show)(Invocation&, const std::string&)) {
    auto* command = commands.add(*group, name, about);
    command->add_option("unit", *chosen, commands.words(unit));
    commands.does(command, [chosen, show](Invocation& run) { show(run, *chosen); });
  };
  list("units", {"一个单位及其直属下级，各按哪种方式分派", "a unit and those right below it, with their ring presets"},
       {"单位，默认列出全市的直属下级", "unit; by default those right below the city"}, list_units);
  list("lines", {"热线及其所需技能", "lines, and the skills they need"},
       {"单位，默认全市", "unit, the whole city by default"}, list_lines);
}

}  // namespace kapok::cli
