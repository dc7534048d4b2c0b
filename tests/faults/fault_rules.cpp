#include "fault_rules.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <utility>

namespace kapok::faults {
namespace {

template <class T>
using Names = std::pair<std::string_view, T>;

constexpr Names<Operation> kOperations[] = {{"write", Operation::kWrite},       {"sync", Operation::kSync},
                                            {"truncate", Operation::kTruncate}, {"allocate", Operation::kAllocate},
                                            {"open", Operation::kOpen},         {"read", Operation::kRead}};
constexpr Names<int> kErrors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS}};

[[noreturn]] void refuse(std::string_view line) {
  std::fprintf(stderr, "libdisk_faults: no order: %.*s\n", static_cast<int>(line.size()), line.data());
  std::abort();
}

std::string_view next_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
  return word;
}

template <class T>
std::optional<T> number(std::string_view word) {
  T value{};
  const auto parsed = std::from_chars(word.data(), word.data() + word.size(), value);
  if (parsed.ec != std::errc{} || parsed.ptr != word.data() + word.size()) return {};
  return value;
}

template <class T, std::size_t N>
std::optional<T> named(const Names<T> (&names)[N], std::string_view word) {
  for (const auto& [name, value] : names)
    if (name == word) return value;
  return {};
}

bool read_fault(std::string_view word, Rule& rule) {
  constexpr std::string_view kDelay = "delay:";
  if (word.starts_with(kDelay)) {
    const auto length = number<std::int64_t>(word.substr(kDelay.size()));
    rule.kind = FaultKind::kDelay;
    rule.delay_ms = length.value_or(-1);
    return rule.delay_ms >= 0;
  }
  if (word == "full") return rule.kind = FaultKind::kFull, true;
  if (word == "short") return rule.kind = FaultKind::kShort, true;
  if (word == "kill") return rule.kind = FaultKind::kKill, true;
  const auto error = named(kErrors, word);
  rule.error = error.value_or(0);
  return error.has_value();
}

std::optional<Rule> read_rule(std::string_view line) {
  Rule rule;
  const auto id = number<int>(next_word(line));
  const auto operation = named(kOperations, next_word(line));
  const bool known = read_fault(next_word(line), rule);
  const auto skip = number<std::uint64_t>(next_word(line));
  const auto times = number<std::uint64_t>(next_word(line));
  if (!id || *id < 0 || *id >= kRulesMax || !operation || !known || !skip || !times || line.empty()) return {};
  rule.id = *id;
  rule.operation = *operation;
  rule.skip = *skip;
  rule.times = *times;
  rule.pattern = line;
  return rule;
}

}  // namespace

Orders parse_orders(std::string_view text) {
  Orders orders;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view whole = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    std::string_view line = whole;
    if (line.empty()) continue;
    const std::string_view word = next_word(line);
    if (word == "rule") {
      auto rule = read_rule(line);
      if (!rule) refuse(whole);
      orders.rules.push_back(std::move(*rule));
    } else if (const auto shift = number<std::int64_t>(line); word == "clock" && shift) {
      orders.clock_shift_s = *shift;
    } else {
      refuse(whole);
    }
  }
  return orders;
}

}  // namespace kapok::faults
