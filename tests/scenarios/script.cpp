#include "scenarios/script.h"

#include <algorithm>
#include <functional>

namespace kapok::scenario {
namespace {

constexpr std::size_t kLinesMax = 2000;

bool is_answer(const std::string& line) { return line.starts_with("> "); }
bool is_remark(const std::string& line) { return line.empty() || line.starts_with("#"); }
bool is_event(const std::string& line) { return line.size() > 8 && looks_like_time(line.substr(0, line.find(' '))); }

bool begins_with(const std::string& sentence, const std::string& beginning) {
  if (!sentence.starts_with(beginning)) return false;
  return sentence.size() == beginning.size() || sentence[beginning.size()] == ',' || sentence[beginning.size()] == ' ';
}

/// By time of day alone: musts of a story over midnight are told apart by their sentences.
bool is_meant(const Must& must, const Said& said) {
  if (!must.at) return true;
  const std::string when = time_text(said.at);
  if (must.before) return when < time_text(*must.at);
  return must.after ? when > time_text(*must.at) : when == time_text(*must.at);
}

/// One reading and playing of one file.
class Player {
 public:
  Player(const std::string& path, const std::string& text) : path_(path), lines_(lines_of(text)) {}

  Played play(City city) {
    std::size_t at = read_head(city);
    Story story(std::move(city));
    for (; at < lines_.size(); ++at) {
      const std::string& line = lines_[at];
      if (is_answer(line)) continue;
      if (is_event(line)) {
        guarded(at, [&] { take_event(story, line); });
        continue;
      }
      if (line == "next day")
        midnight_ = midnight_ + kDay;
      else if (!is_remark(line))
        throw fault(at, "neither an event (03:00:12 …) nor a remark (# …)");
      played_.told.push_back(line);
    }
    if (!before_) throw fault(lines_.empty() ? 0 : lines_.size() - 1, "nothing happens in this scenario");
    check_musts();
    return std::move(played_);
  }

 private:
  [[nodiscard]] FileFault fault(std::size_t at, const std::string& sentence) const {
    return {path_ + ":" + std::to_string(at + 1) + ": " + sentence};
  }

  void guarded(std::size_t at, const std::function<void()>& work) const {
    try {
      work();
    } catch (const Fault& found) {
      throw fault(at, found.sentence);
    }
  }

  void take_event(Story& story, const std::string& line) {
    const std::size_t blank = line.find(' ');
    const Instant now = midnight_ + parse_time(line.substr(0, blank));
    if (before_ && now < *before_) throw Fault{"earlier than the event above; 'next day' may be missing"};
    if (before_)
      answer(story.pass_until(now), {});
    else
      story.open(now);
    played_.told.push_back(line);
    beneath_ = played_.told.size();
    before_ = now;
    answer(story.happen(now, line.substr(blank + 1)), now);
  }

  /// Rule, source, musts and declarations, up to the first event. Where that stands.
  std::size_t read_head(City& city) {
    if (lines_.size() > kLinesMax) throw fault(kLinesMax, "longer than any scenario");
    bool rule = false;
    bool source = false;
    std::size_t at = 0;
    for (; at < lines_.size() && !is_event(lines_[at]); ++at) {
      const std::string& line = lines_[at];
      played_.told.push_back(line);
      if (is_remark(line) || (line.starts_with("  ") && at > 0)) continue;  // a rule may go over several lines
      if (line.starts_with("rule: ")) {
        rule = true;
      } else if (line.starts_with("source: ")) {
        source = true;
      } else if (line.starts_with("elsewhere: ")) {
        continue;
      } else if (line.starts_with("must ") || line.starts_with("never ")) {
        guarded(at, [&] { read_must(at, line); });
      } else {
        guarded(at, [&] { static_cast<void>(city.declare(line, true)); });
      }
    }
    if (!rule || !source) throw fault(0, "a scenario begins with 'rule: …' and 'source: …'");
    return at;
  }

  void read_must(std::size_t at, const std::string& line) {
    Must must;
    must.line = at;
    must.never = line.starts_with("never ");
    must.text = line.substr(line.find(' ') + 1);
    must.before = must.never && must.text.starts_with("before ");
    must.after = must.never && must.text.starts_with("after ");
    if (must.before || must.after) must.text.erase(0, must.text.find(' ') + 1);
    const std::string first = must.text.substr(0, must.text.find(' '));
    if (looks_like_time(first)) {
      must.at = kFirstMidnight + parse_time(first);
      must.text.erase(0, first.size() + 1);
    }
    const bool timed = !must.never || must.before || must.after;
    if (must.text.empty() || must.at.has_value() != timed)
      throw Fault{"say 'must 03:00:12 …', 'never …', 'never before 03:00:12 …' or 'never after 03:00:12 …'"};
    musts_.push_back(must);
  }

  /// Written beneath the latest event, above remarks that follow it; what came later than the event carries its time.
  void answer(const std::vector<Said>& said, std::optional<Instant> event) {
    for (const Said& each : said) {
      const std::string when = event == each.at ? "" : time_text(each.at) + " ";
      played_.told.insert(played_.told.begin() + static_cast<std::ptrdiff_t>(beneath_++), "> " + when + each.text);
      said_.push_back(each);
    }
  }

  /// Musts come true in the order in which they are written.
  void check_musts() {
    auto from = said_.begin();
    for (const Must& must : musts_) {
      const auto fits = [&](const Said& each) { return is_meant(must, each) && begins_with(each.text, must.text); };
      const auto found = std::find_if(must.never ? said_.begin() : from, said_.end(), fits);
      if (must.never == (found == said_.end())) {
        if (!must.never) from = std::next(found);
        continue;
      }
      played_.unmet.push_back(fault(must.line, must.never ? "this came to pass at " + time_text(found->at)
                                                          : "this did not come to pass, or not in this order")
                                  .text);
    }
  }

  std::string path_;
  std::vector<std::string> lines_;
  std::vector<Must> musts_;
  std::vector<Said> said_;
  Instant midnight_ = kFirstMidnight;
  std::optional<Instant> before_;  ///< when the event above happened
  std::size_t beneath_ = 0;        ///< line after it and its answer
  Played played_;
};

City read_city(const std::string& path, const std::string& text) {
  City city;
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (is_remark(lines[at])) continue;
    try {
      static_cast<void>(city.declare(lines[at], true));
    } catch (const Fault& found) {
      throw FileFault{path + ":" + std::to_string(at + 1) + ": " + found.sentence};
    }
  }
  return city;
}

}  // namespace

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    out.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

Played play(const std::string& path, const std::string& text, const std::string& city_path,
            const std::string& city_text) {
  City city = read_city(city_path, city_text);
  return Player(path, text).play(std::move(city));
}

}  // namespace kapok::scenario
