#pragma once

#include <functional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "service/asked.h"
#include "service/clock.h"
#include "storage/writer.h"

namespace kapok::service {

/// Saves first, answers after (DESIGN §6.3). All calls on the city's strand; `apply` runs on the writer
/// thread and must own or copy what it uses; `deliver` and the reply run on the strand after COMMIT returned.
///
/// A refusal from `apply` rolls that change back alone and is the reply; nothing is delivered. When COMMIT
/// fails the reply is STORE_UNAVAILABLE and nothing is delivered.
class Changes {
 public:
  /// Turns a reply into the bytes that are kept for repeats of its key (given by the app; `protocol` makes them).
  using EncodeReply = std::function<std::string(const api::Reply&)>;

  struct Change {
    storage::WriteClass write_class = storage::WriteClass::kCaseWork;
    std::function<Result<api::ReplyBody>(storage::Transaction&)> apply;
    std::function<void(const api::ReplyBody&)> deliver;  ///< may be empty
    /// May be kept by the spool while the store is away. `apply` then runs a second time, on the working set, after
    /// the store rolled the first run back: it leaves what it captured as it found it, or makes it anew.
    storage::Degraded degraded = storage::Degraded::kNotAllowed;
  };

  Changes(boost::asio::any_io_executor strand, storage::Writer& writer, const Clock& clock, CityId city,
          EncodeReply encode_reply);

  /// Saves what a client asked for, with the stored reply of its idempotency key in the same transaction, and
  /// answers. The request must have passed `Repeats` before.
  void save(Asked asked, Change change);

  /// Saves what happened by itself (timers, gateway reports). `done` runs on the strand with the outcome; `first`, if
  /// given, on the writer thread and before any later change is applied.
  void save(storage::WriteClass write_class, std::function<Result<>(storage::Transaction&)> apply,
            std::function<void(const storage::WriteOutcome&)> done,
            storage::Degraded degraded = storage::Degraded::kNotAllowed,
            std::function<void(const storage::WriteOutcome&)> first = {});

  using Apply = std::function<Result<>(storage::Transaction&)>;
  /// Runs each `apply` that the spool may keep, in place of a single run: tests run it twice, as a failing store does.
  void around_apply(std::function<Result<>(storage::Transaction&, const Apply&)> around) {
    around_ = std::move(around);
  }

  /// Keeps the reply of the request's key inside a transaction that the caller makes himself; does nothing for a
  /// request without a key. Writer thread.
  Result<> keep_reply(storage::Transaction& tx, const Question& asked, const api::ReplyBody& body) const;

  /// Stands before each kept reply: who could do less or other things when he was answered is not told it again.
  static std::string rights_mark(const storage::KeyRing& keys, const std::string& rights);

 private:
  boost::asio::any_io_executor strand_;
  storage::Writer& writer_;
  const Clock& clock_;
  CityId city_;
  EncodeReply encode_reply_;
  std::function<Result<>(storage::Transaction&, const Apply&)> around_;
};

}  // namespace kapok::service
