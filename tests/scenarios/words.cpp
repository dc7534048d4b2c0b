#include "scenarios/words.h"

#include <charconv>
#include <cstdio>

namespace kapok::scenario {

Words split(std::string_view text, std::string_view by) {
  Words out;
  while (true) {
    const std::size_t end = text.find(by);
    const std::string_view part = text.substr(0, end);
    if (part.empty() || part.front() == ' ' || part.back() == ' ')
      throw Fault{"a word is missing, or there is a blank too many"};
    out.emplace_back(part);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + by.size());
  }
}

std::optional<Words> match(std::string_view pattern, std::string_view sentence) {
  const Words wanted = split(pattern, " ");
  const Words said = split(sentence, " ");
  if (wanted.size() != said.size()) return std::nullopt;
  Words found;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool before_colon = wanted[i].ends_with(">:");
    if (before_colon && !said[i].ends_with(":")) return std::nullopt;
    if (wanted[i].front() == '<')
      found.push_back(said[i].substr(0, said[i].size() - (before_colon ? 1 : 0)));
    else if (wanted[i] != said[i])
      return std::nullopt;
  }
  return found;
}

std::int64_t parse_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0)
    throw Fault{"'" + std::string(text) + "' is no number"};
  return value;
}

bool looks_like_time(std::string_view text) {
  if (text.size() != 8 && text.size() != 12) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool sign = i == 2 || i == 5;
    if (sign ? text[i] != ':' : i == 8 ? text[i] != '.' : text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

Duration parse_time(std::string_view text) {
  if (!looks_like_time(text)) throw Fault{"'" + std::string(text) + "' is no time such as 03:00:12"};
  const std::int64_t h = parse_number(text.substr(0, 2));
  const std::int64_t m = parse_number(text.substr(3, 2));
  const std::int64_t s = parse_number(text.substr(6, 2));
  const std::int64_t ms = text.size() == 12 ? parse_number(text.substr(9)) : 0;
  if (h > 23 || m > 59 || s > 59) throw Fault{"no clock ever shows '" + std::string(text) + "'"};
  return hours{h} + minutes{m} + seconds{s} + milliseconds{ms};
}

std::string time_text(Instant at) {
  std::int64_t ms = ((at - kFirstMidnight).count() / 1000) % (24LL * 3600 * 1000);
  if (ms < 0) ms += 24LL * 3600 * 1000;
  char text[24];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", static_cast<int>(ms / 3'600'000),
                static_cast<int>(ms / 60'000 % 60), static_cast<int>(ms / 1000 % 60));
  std::string out = text;
  if (ms % 1000 == 0) return out;
  std::snprintf(text, sizeof text, ".%03d", static_cast<int>(ms % 1000));
  return out + text;
}

std::string length_text(Duration length) {
  const std::int64_t ms = length.count() / 1000;
  std::string out = std::to_string(ms / 1000);
  if (ms % 1000 != 0) {
    char rest[8];
    std::snprintf(rest, sizeof rest, ".%03d", static_cast<int>(ms % 1000));
    out += rest;
  }
  return out + " s";
}

}  // namespace kapok::scenario
