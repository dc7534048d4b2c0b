#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "scenarios/script.h"

/// scenario_run [--record | --print | --phrases] FILE…: plays scenario files and compares what routing did with what
/// they say. Ends with 0 when all agree, 1 when one does not, 2 when one cannot be read.
namespace kapok::scenario {
namespace {

enum class Mode { kCompare, kRecord, kPrint };

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file) return std::nullopt;
  return bytes.str();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

/// The first line that differs, as both say it.
void show_difference(const std::string& path, const std::string& text, const std::vector<std::string>& told) {
  const std::vector<std::string> held = lines_of(text);
  std::size_t at = 0;
  while (at < held.size() && at < told.size() && held[at] == told[at]) ++at;
  const auto line = [at](const std::vector<std::string>& of) { return at < of.size() ? of[at] : "(nothing)"; };
  std::cerr << path << ":" << at + 1 << ": the file says\n    " << line(held) << "\n  and routing did\n    "
            << line(told) << "\n  (scenario_run --print shows all, --record writes it into the file)\n";
}

int play_file(const std::string& path, Mode mode) {
  const std::filesystem::path city = KAPOK_SOURCE_DIR "/tests/scenarios/city.txt";
  const auto text = read_file(path);
  const auto city_text = read_file(city);
  if (!text || !city_text) {
    std::cerr << "scenario_run: cannot read " << (text ? city.string() : path) << '\n';
    return 2;
  }
  const Played played = play(path, *text, city.filename().string(), *city_text);
  for (const std::string& each : played.unmet) std::cerr << each << '\n';
  const std::string told = joined(played.told);
  if (mode == Mode::kPrint) std::cout << told;
  if (mode == Mode::kRecord && played.unmet.empty() && told != *text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << told;
    std::cout << path << ": recorded\n";
  }
  if (mode == Mode::kCompare && told != *text) show_difference(path, *text, played.told);
  return played.unmet.empty() && (mode != Mode::kCompare || told == *text) ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
  Mode mode = Mode::kCompare;
  int worst = 0;
  bool any = false;
  for (const std::string& word : words) {
    if (word == "--record") {
      mode = Mode::kRecord;
    } else if (word == "--print") {
      mode = Mode::kPrint;
    } else if (word == "--phrases") {
      for (const std::string& phrase : Story::phrases()) std::cout << phrase << '\n';
      any = true;
    } else {
      any = true;
      try {
        worst = std::max(worst, play_file(word, mode));
      } catch (const FileFault& fault) {
        std::cerr << fault.text << '\n';
        worst = 2;
      }
    }
  }
  if (!any) std::cerr << "usage: scenario_run [--record | --print | --phrases] FILE…\n";
  return any ? worst : 2;
}

}  // namespace
}  // namespace kapok::scenario

int main(int argc, char** argv) { return kapok::scenario::run({argv + 1, argv + argc}); }
