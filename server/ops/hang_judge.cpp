#include "ops/hang_judge.h"

#include <algorithm>

namespace kapok::ops {

SteadyLength HangJudge::Sign::age(SteadyTime now_given, SteadyLength counted) {
  if (now_given != given) {
    given = now_given;
    seen = counted;
  }
  return counted - seen;
}

HangJudge::Verdict HangJudge::look(SteadyTime now, SteadyTime strand_answered, const WriterLook& writer) {
  counted_ += std::min(now - looked_, limits_.counted_per_look);
  looked_ = now;
  Verdict verdict;
  if (strand_.age(strand_answered, counted_) > limits_.strand_max) verdict.hang = Hang::kStrand;
  const SteadyLength busy = writer_.age(writer.since, counted_);
  if (writer.working && busy > limits_.writer_max) verdict.hang = Hang::kWriter;
  if (!writer.syncing) return verdict;
  verdict.save_takes = now - writer.since;  // whoever waits for it waits in real time
  if (verdict.save_takes > limits_.slow_save) verdict.save = SaveSpeed::kSlow;
  if (verdict.save_takes > limits_.stuck_save) verdict.save = SaveSpeed::kStuck;
  return verdict;
}

}  // namespace kapok::ops
