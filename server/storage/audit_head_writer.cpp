#include "storage/audit_head_writer.h"

#include <atomic>
#include <utility>

#include "storage/audit_head_files.h"
#include "storage/connection.h"
#include "storage/database.h"

namespace kapok::storage {
namespace {

const Sql kNewest("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
const Sql kHashOf("SELECT hash FROM audit WHERE seq = :seq");

struct Seen {
  std::int64_t seq = 0;
  std::string hash = "-";
  bool bears_out_last = true;  ///< the row of the last head is as it was signed
};

Result<Seen> look(Database& database, const std::optional<AuditHead>& last) {
  auto connection = database.connect_reader();
  if (!connection) return connection.error();
  try {
    Seen seen;
    if (const auto newest = (*connection)->first(kNewest, {}, {CellKind::kInteger, CellKind::kText})) {
      seen.seq = (*newest)[0].integer;
      seen.hash = (*newest)[1].text;
    }
    if (last && last->seq > 0) {
      const auto row = (*connection)->first(kHashOf, {last->seq}, {CellKind::kText});
      seen.bears_out_last = row && row->front().text == last->hash;
    }
    return seen;
  } catch (const StoreFailure& failure) {
    return Error{ErrorCode::kStoreUnavailable, "the audit log cannot be read: " + std::string(failure.what())};
  }
}

Result<std::optional<AuditHead>> last_kept(const std::filesystem::path& directory) {
  const auto found = read_audit_heads(directory);
  if (!found) return found.error();
  for (auto line = found->rbegin(); line != found->rend(); ++line)
    if (line->head) return line->head;
  return std::optional<AuditHead>{};
}

}  // namespace

/// Outlives the object when its thread hangs in a file system that does not answer.
struct AuditHeadWriter::Shared {
  Database& database;
  AuditSigner signer;
  Settings settings;
  std::function<Instant()> now;
  Tell tell;

  std::mutex working{};  ///< one head at a time
  std::optional<AuditHead> last{};
  bool last_is_known = false;
  bool failing = false;
  bool told_broken = false;

  std::mutex mutex{};
  std::condition_variable changed{};
  bool stopping = false;
  bool over = false;
  std::atomic<bool> given_up = false;  ///< the database may be gone: touch nothing any more

  Result<AuditHead> make_one();
  Result<AuditHead> make_told();
};

Result<AuditHead> AuditHeadWriter::Shared::make_one() {
  if (!last_is_known) {
    auto kept = last_kept(settings.directory);
    if (!kept) return kept.error();
    last = std::move(*kept);
    last_is_known = true;
  }
  if (given_up) return Error{ErrorCode::kShuttingDown, {}};
  const auto seen = look(database, last);
  if (!seen) return seen.error();
  if (!seen->bears_out_last && !std::exchange(told_broken, true) && tell.broken) tell.broken(last->seq);
  if (last && seen->seq == last->seq && seen->hash == last->hash) return *last;
  AuditHead head{.city = settings.city,
                 .seq = seen->seq,
                 .hash = seen->hash,
                 .at = now(),
                 .key_id = {},
                 .previous = last ? digest_of(*last) : "-",
                 .signature = {}};
  head = signer.sign(std::move(head));
  last_is_known = false;  // after a failure what lies there has to be read again
  if (auto kept = append_audit_head(settings.directory, head); !kept) return kept.error();
  last = head;
  last_is_known = true;
  told_broken = false;
  return head;
}

Result<AuditHead> AuditHeadWriter::Shared::make_told() {
  const std::lock_guard lock(working);
  auto made = make_one();
  if (made.ok()) {
    if (std::exchange(failing, false) && tell.kept_again) tell.kept_again(*made);
  } else if (made.error().code != ErrorCode::kShuttingDown && !std::exchange(failing, true) && tell.not_kept) {
    tell.not_kept(made.error());
  }
  return made;
}

AuditHeadWriter::AuditHeadWriter(Database& database, AuditSigner signer, Settings settings,
                                 std::function<Instant()> now, Tell tell)
    : shared_(new Shared{.database = database,
                         .signer = std::move(signer),
                         .settings = std::move(settings),
                         .now = std::move(now),
                         .tell = std::move(tell)}),
      thread_([shared = shared_] { run(shared); }) {}

AuditHeadWriter::~AuditHeadWriter() { stop(); }

void AuditHeadWriter::run(const std::shared_ptr<Shared>& shared) {
  bool made = shared->make_told().ok();
  std::unique_lock lock(shared->mutex);
  while (!shared->stopping) {
    const auto pause = made ? shared->settings.every : shared->settings.again;
    if (shared->changed.wait_for(lock, pause, [&] { return shared->stopping; })) break;
    lock.unlock();
    made = shared->make_told().ok();
    lock.lock();
  }
  lock.unlock();
  if (!shared->given_up) static_cast<void>(shared->make_told());  // told to whoever listens
  lock.lock();
  shared->over = true;
  shared->changed.notify_all();
}

Result<AuditHead> AuditHeadWriter::make() { return shared_->make_told(); }

void AuditHeadWriter::stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return;
  bool over = false;
  {
    std::unique_lock lock(shared_->mutex);
    shared_->stopping = true;
    shared_->changed.notify_all();
    over = shared_->changed.wait_for(lock, patience, [&] { return shared_->over; });
    if (!over) shared_->given_up = true;
  }
  if (over)
    thread_.join();
  else
    thread_.detach();
}

const AuditPublicKey& AuditHeadWriter::public_key() const { return shared_->signer.public_key(); }

}  // namespace kapok::storage
