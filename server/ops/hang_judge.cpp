#include "ops/hang_judge.h"

#include <algorithm>

namespace kapok::ops {

HangJudge::Verdict HangJudge::look(SteadyTime now, SteadyTime strand_answered, const WriterLook& writer) {
  if (now - looked_ > limits_.own_pause_max) began_ = now;
  looked_ = now;
  const auto since = [&](SteadyTime sign) { return now - std::max(sign, began_); };
  Verdict verdict;
  if (since(strand_answered) > limits_.strand_max) verdict.hang = Hang::kStrand;
  if (writer.working && since(writer.since) > limits_.writer_max) verdict.hang = Hang::kWriter;
  if (!writer.syncing) return verdict;
  verdict.save_takes = since(writer.since);
  if (verdict.save_takes > limits_.slow_save) verdict.save = SaveSpeed::kSlow;
  if (verdict.save_takes > limits_.stuck_save) verdict.save = SaveSpeed::kStuck;
  return verdict;
}

}  // namespace kapok::ops
