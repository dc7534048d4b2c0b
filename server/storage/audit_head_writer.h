#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "core/instant.h"
#include "core/result.h"
#include "storage/audit_head.h"

namespace kapok::storage {

class Connection;
class Database;

/// Signs the audit chain as it grows: a head every five minutes while rows were added, one when asked for (a backup),
/// one at the close. Has a thread of its own and reads committed rows only, over a connection of its own: a second path
/// that hangs or fails never holds up a call, and what lies in the spool is signed once the store has it.
///
/// When a head cannot be written it is tried again every half minute; the next one covers the rows as well.
class AuditHeadWriter {
 public:
  struct Settings {
    std::filesystem::path directory;  ///< audit_heads_directory()
    CityId city;
    std::chrono::milliseconds every{300'000};
    std::chrono::milliseconds again{30'000};
  };
  /// What an operator should hear; on the thread that wrote.
  struct Tell {
    std::function<void(const Error&)> not_kept;        ///< once per failure that lasts
    std::function<void(const AuditHead&)> kept_again;  ///< the first one after that
    std::function<void(std::int64_t seq)> broken;      ///< this row is not as it was signed at the last head kept
  };

  AuditHeadWriter(Database& database, AuditSigner signer, Settings settings, std::function<Instant()> now, Tell tell);
  ~AuditHeadWriter();

  /// Signs and keeps a head now; the last one again when no row was added since. Any thread; waits for the disk, so
  /// never on a strand. kStoreUnavailable: the store or the second path failed; nothing was kept.
  Result<AuditHead> make();

  /// The last head, for what was committed until now: call it once the writer has stopped. Waits at most `patience`
  /// for a second path that hangs, then leaves it to its fate. Idempotent.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(2));

  [[nodiscard]] const AuditPublicKey& public_key() const;

 private:
  struct Shared;
  static void run(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace kapok::storage
