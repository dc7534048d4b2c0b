#pragma once

#include <functional>

#include "core/id.h"
#include "core/instant.h"
#include "core/result.h"
#include "storage/transaction.h"

namespace kapok::storage {

/// What goes first when several wait (decision 19).
enum class WriteClass { kCallEvent, kCaseWork, kReadAudit };

/// Where an acknowledged change lies; part of the reply (decision 18).
enum class SavedIn { kNowhere, kStore, kSpool };

/// May a change be carried out on the working set while the store is gone? Only what reads nothing but what the
/// working set holds (working_set.h): call events, drafts, presence, gateways' reports.
enum class Degraded { kNotAllowed, kAllowed };

struct WriteOutcome {
  Result<> result;
  SavedIn saved = SavedIn::kNowhere;
};

/// One change. `apply` runs on the writer thread, inside a savepoint; it returns an Error to refuse and takes with
/// it whatever it wrote. It runs once, or, with Degraded::kAllowed, a second time on the working set after the
/// store rolled the first run back: it must find what it captured as it was, so work on copies (rows whose version
/// a save has raised would no longer fit). `done` runs exactly once, on the writer thread, after the change is
/// durable or refused: post to your own strand, do nothing long here.
struct WriteRequest {
  WriteClass cls = WriteClass::kCaseWork;
  Degraded degraded = Degraded::kNotAllowed;
  CityId city;
  Instant at;  ///< product time, Transaction::now()
  std::function<Result<>(Transaction&)> apply;
  std::function<void(WriteOutcome)> done;
};

}  // namespace kapok::storage
