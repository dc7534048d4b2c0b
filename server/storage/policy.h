#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the store with its reason. Nothing in this folder waits or grows without one of these.
namespace kapok::storage {

/// Requests taken into one commit (decision 19). At 128 a commit carries about 27,000 durable rows a
/// second on a plain disk (reliability.md §2.1); more only makes each waiter wait longer.
inline constexpr std::size_t kWriteBatchMax = 128;

/// Requests that may wait for the writer. Call events may use the whole queue, other work stops earlier,
/// so that a burst of case work or of read audits never refuses a call.
inline constexpr std::size_t kWriteQueueMax = 20'000;
inline constexpr std::size_t kCaseWorkQueueMax = 16'000;
inline constexpr std::size_t kReadAuditQueueMax = 12'000;

/// Jobs that may wait for a reader; a search that would wait behind more is refused with kRetryAfter.
inline constexpr std::size_t kReadQueueMax = 2'000;
inline constexpr std::size_t kReaderThreads = 2;

/// SQLITE_BUSY cannot arise between our own connections; this covers a foreign reader holding a lock.
inline constexpr int kBusyTimeoutMs = 2'000;

/// The writer checkpoints (PASSIVE, its own connection) once it has been idle this long …
inline constexpr std::chrono::milliseconds kIdleBeforeCheckpoint{50};
/// … or, when it is never idle, after this many commits, which bounds the WAL file.
inline constexpr int kCommitsBeforeCheckpoint = 1'000;

/// After the connection was lost and could not be opened again, one new attempt per this time.
inline constexpr std::chrono::milliseconds kReopenPause{1'000};

/// Longest record of one batch's changes. The largest is an import of all people of a city, about 15 MB; what is
/// larger is refused with kInvalidArgument, because it could not be put into the spool either.
inline constexpr std::size_t kChangeRecordBytesMax = 48 * 1024 * 1024;
/// Room in it for what the writer adds: the record's head and the high-water mark.
inline constexpr std::size_t kChangeRecordHead = 4'096;
/// Values bound to one statement; our widest row has about 50 columns.
inline constexpr std::size_t kChangeValuesMax = 1'000;
/// Records handed out by one question to the change table.
inline constexpr std::size_t kChangePageBytesMax = 8 * 1024 * 1024;
/// Backup: what was committed goes to the second path this often, so that a restore reaches the last minute (issue 3).
inline constexpr std::chrono::seconds kShipEvery{45};
/// Batches in one file of changes; a minute of a full city is about 200.
inline constexpr long long kSegmentBatchesMax = 20'000;
/// Rows are counted for a file of changes this often at most: it reads an index of every table.
inline constexpr std::chrono::hours kRowsCountedEvery{1};
/// Shipped batches are forgotten this often and in steps: each step is a change of its own and keeps the writer for a
/// few milliseconds.
inline constexpr std::chrono::minutes kForgetShippedEvery{10};
inline constexpr std::int64_t kForgetStep = 500;
inline constexpr std::chrono::milliseconds kForgetPause{20};
/// Batches that wait for a second path that is away: about a week of a full city, at most a few GB. Beyond it they are
/// forgotten and the next whole copy begins the stream anew.
inline constexpr std::uint64_t kUnshippedBatchesMax = 500'000;
inline constexpr std::chrono::hours kUnshippedAgeMax{7 * 24};
/// Batches kept although nobody wants them (no key, no second path), so that forgetting is rare.
inline constexpr std::uint64_t kUnwantedBatchesMax = 2'000;

/// Room of the spool, reserved in advance (decision 18): about an hour of a city's busiest events.
inline constexpr std::size_t kSpoolBytes = 64 * 1024 * 1024;
/// Spooled batches taken in before waiting requests get their turn again.
inline constexpr int kTakenInAtOnce = 32;

/// Ended calls that the working set keeps, because gateways tell of them late, and at most how many.
inline constexpr std::chrono::hours kRecentCalls{2};
inline constexpr long long kRecentCallsMax = 4'000;
/// Batches followed before what is finished leaves the working set.
inline constexpr int kFollowedBeforeTidy = 256;

/// Idempotency window per device session (decision 24).
inline constexpr std::chrono::hours kReplyKept{24};
inline constexpr std::int64_t kReplyWindowMin = 4'096;
/// Replies that one change lets go of at most: a session that was silent for long must not hold up a batch.
inline constexpr std::int64_t kRepliesLetGoMax = 512;

/// Longest search text in characters and the shortest term (decision 28, reliability.md §3.6).
inline constexpr std::size_t kSearchCharactersMax = 64;
inline constexpr std::size_t kSearchTermMin = 2;

/// Rows in one stretch of an offline scan, and of one in the running server, where a reader and the writer are held by
/// it for a few milliseconds.
inline constexpr long long kScanPage = 2'000;
inline constexpr long long kCarePage = 200;

/// A check in the running server rests this many times as long as each stretch took: three hundredths of a core.
inline constexpr int kCarePauseTimes = 30;
/// While nothing can be read or saved, one new attempt per this time.
inline constexpr std::chrono::microseconds kCareRetry{1'000'000};

/// Most audit rows the verifier holds at once.
inline constexpr long long kAuditPage = 1'000;

}  // namespace kapok::storage
