#include "sim/planted_bugs.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace kapok::sim {
namespace {

/// KAPOK_BUG_SECONDS makes a longer hunt (tests/nightly).
double seconds_each() {
  const char* asked = std::getenv("KAPOK_BUG_SECONDS");
  return asked == nullptr ? 5 : std::strtod(asked, nullptr);
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A word of KAPOK_IS_PLANTED stands in a program as a string of its own.
bool holds(const std::string& program, const char* name) {
  return program.find('\0' + std::string(name) + '\0') != std::string::npos;
}

class PlantedBugs : public testing::TestWithParam<PlantedBug> {};

TEST_P(PlantedBugs, IsCaught) {
  const PlantedBug& bug = GetParam();
  const auto caught = hunt(bug, 1, seconds_each());
  ASSERT_TRUE(caught.has_value()) << bug.name << " (" << bug.what << ") was overlooked";
  std::printf("| %-27s | %-62s | %-70s | world %3lld | %5.2f s |\n", bug.name, bug.what, caught->by.c_str(),
              static_cast<long long>(caught->worlds), caught->cpu_s);
}

INSTANTIATE_TEST_SUITE_P(Routing, PlantedBugs, testing::ValuesIn(planted_bugs().begin(), planted_bugs().end()),
                         [](const auto& given) { return std::string(given.param.name); });

TEST(PlantedBugsBuild, IsCleanWithoutABug) {
  const auto caught = hunt({"", ""}, 1, seconds_each());
  EXPECT_FALSE(caught.has_value()) << "seed " << caught->seed << ": " << caught->by;
}

/// What is planted in the sources and what is hunted here are the same list.
TEST(PlantedBugsBuild, EveryPlantedBugIsHunted) {
  std::set<std::string> hunted;
  for (const PlantedBug& bug : planted_bugs()) EXPECT_TRUE(hunted.insert(bug.name).second) << bug.name;
  std::set<std::string> in_sources;
  const std::string word = "KAPOK_IS_PLANTED(";
  for (const auto& entry : std::filesystem::directory_iterator(std::string(KAPOK_SOURCE_DIR) + "/server/routing")) {
    const std::string text = bytes_of(entry.path());
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;) {
      at += word.size();
      in_sources.insert(text.substr(at, text.find(')', at) - at));
    }
  }
  EXPECT_EQ(hunted, in_sources);
  EXPECT_GE(hunted.size(), 20U);
}

TEST(PlantedBugsBuild, NoOtherProgramHoldsThem) {
  const std::string faulty = bytes_of("/proc/self/exe");
  const std::string simulator = bytes_of(KAPOK_SIM_PROGRAM);
  ASSERT_FALSE(simulator.empty());
  const std::string server = bytes_of(KAPOK_SERVER_PROGRAM);  // empty where it is not built yet
  for (const PlantedBug& bug : planted_bugs()) {
    EXPECT_TRUE(holds(faulty, bug.name)) << bug.name;
    EXPECT_FALSE(holds(simulator, bug.name)) << bug.name;
    EXPECT_FALSE(holds(server, bug.name)) << bug.name;
  }
}

}  // namespace
}  // namespace kapok::sim
