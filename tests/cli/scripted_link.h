#pragma once

#include <deque>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace kapok::cli {

/// Stands where the server would: notes what it is asked and answers by rote. What it was not told about is Done.
class ScriptedLink final : public Link {
 public:
  struct Script {
    std::map<int, v1::Reply> answers;  ///< by ClientFrame.body_case()
    std::deque<Happening> happenings;
    std::vector<v1::ClientFrame> asked;
    std::vector<v1::ClientFrame> changed;
  };

  explicit ScriptedLink(Script& script) : script_(script) {
    welcome_.set_utc_offset_min(480);
    welcome_.set_now_us(1'795'267'800'000'000);  // 2026-11-21T21:30:00+08:00
    welcome_.set_city_zh("广州市");
    welcome_.set_city_en("Guangzhou");
  }

  v1::Reply ask(v1::ClientFrame frame) override {
    script_.asked.push_back(frame);
    return answer(frame);
  }
  v1::Reply change(v1::ClientFrame frame) override {
    script_.changed.push_back(frame);
    return answer(frame);
  }
  Happening wait(std::chrono::milliseconds) override {
    if (script_.happenings.empty()) return {Happening::Kind::kInterrupted, {}, {}, {}};
    Happening first = script_.happenings.front();
    script_.happenings.pop_front();
    return first;
  }
  void listen_to_keyboard() override {}
  void beat_every(std::chrono::milliseconds) override {}
  const v1::Welcome& welcome() const override { return welcome_; }
  void keys_from(std::uint64_t) override {}

 private:
  v1::Reply answer(const v1::ClientFrame& frame) {
    if (const auto found = script_.answers.find(frame.body_case()); found != script_.answers.end())
      return found->second;
    v1::Reply reply;
    if (frame.has_resume()) {
      reply.mutable_signed_in()->set_session(5);
      reply.mutable_signed_in()->set_unit(77);
      reply.mutable_signed_in()->set_account("440103001-01");
    } else if (frame.has_find_units()) {
      auto& unit = *reply.mutable_unit_list()->add_units();
      unit.set_unit(88);
      unit.set_code(frame.find_units().text());
    } else if (frame.has_find_workers()) {
      auto& worker = *reply.mutable_worker_list()->add_workers();
      worker.set_worker(99);
      worker.set_account(frame.find_workers().text());
    } else {
      reply.mutable_done();
    }
    return reply;
  }

  Script& script_;
  v1::Welcome welcome_;
};

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

/// One command line in English, signed in, against `script`.
inline Outcome run_scripted(std::vector<std::string> arguments, ScriptedLink::Script& script,
                            const std::string& input = {}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_command_line(
      std::move(arguments),
      {.input = in,
       .out = out,
       .err = err,
       .connect = [&](const Reach&) -> std::unique_ptr<Link> { return std::make_unique<ScriptedLink>(script); },
       .locale = "en",
       .profile = SessionProfile{"127.0.0.1:4433", {}, "440103001-01", "token"}});
  return {code, out.str(), err.str()};
}

}  // namespace kapok::cli
