#include "ops/log_message.h"

#include <iterator>

#include "core/check.h"

namespace kapok::ops {
namespace {

constexpr std::string_view kNothing = "Nothing; for the record.";

constexpr LogMessage kMessages[] = {
    {LogId::kServerStarting, 101, "SERVER_STARTING", Severity::kInfo, "The server starts.", kNothing},
    {LogId::kServerReady, 102, "SERVER_READY", Severity::kInfo, "Clients and gateways are served.", kNothing},
    {LogId::kServerStopping, 103, "SERVER_STOPPING", Severity::kInfo,
     "A stop was asked for; clients are told and drained.",
     "Nothing. Without a request of yours, look for who sent the signal."},
    {LogId::kServerStopped, 104, "SERVER_STOPPED", Severity::kInfo, "The server has ended in good order.", kNothing},
    {LogId::kDrainCutShort, 105, "DRAIN_CUT_SHORT", Severity::kWarning,
     "Some clients did not take their last messages in time and were cut off.",
     "Nothing: they reconnect and resync. Look at the network if it happens at every stop."},

    {LogId::kFileLimitLow, 106, "FILE_LIMIT_LOW", Severity::kWarning,
     "The process may not open as many files as limits.connections_max needs.",
     "Raise LimitNOFILE in the unit, or lower limits.connections_max."},
    {LogId::kClockSkewed, 107, "CLOCK_SKEWED", Severity::kWarning,
     "The machine's clock jumped. Times of calls go on evenly from what was last saved.",
     "Set the clock right and keep it so (systemd-timesyncd or chrony); nothing is lost."},
    {LogId::kHangDetected, 108, "HANG_DETECTED", Severity::kError,
     "A part of the server stood still for too long; the process ends itself to be started anew.",
     "Nothing at once: systemd starts it again. Report it with the lines around this one."},

    {LogId::kListening, 201, "LISTENING", Severity::kInfo, "A port is open for connections.", kNothing},
    {LogId::kAcceptFailed, 202, "ACCEPT_FAILED", Severity::kError,
     "A connection could not be accepted; the server tries again.",
     "Look up the error number. 24 means too few file descriptors: raise LimitNOFILE."},
    {LogId::kPeerLimitReached, 203, "PEER_LIMIT_REACHED", Severity::kWarning,
     "One address holds too many connections that have not signed in; further ones are refused.",
     "If a station stands behind that address, add its network to limits.trusted_networks."},
    {LogId::kConnectionLimitReached, 204, "CONNECTION_LIMIT_REACHED", Severity::kError,
     "All connection places are taken; new clients are refused.",
     "Find out who connects so often, or raise limits.connections_max and LimitNOFILE."},
    {LogId::kHandshakeFailed, 205, "HANDSHAKE_FAILED", Severity::kInfo,
     "A peer did not complete TLS 1.3 in time or spoke something else.",
     "Nothing for scanners. If clients cannot connect, check their TLS version and pinned certificate."},
    {LogId::kConnectionOpened, 206, "CONNECTION_OPENED", Severity::kInfo, "A client completed TLS.", kNothing},
    {LogId::kConnectionClosed, 207, "CONNECTION_CLOSED", Severity::kInfo, "A client's connection ended; why says how.",
     "Nothing. Many IDLE or WRITE_STALLED at one station point to its network."},
    {LogId::kBadFrameReceived, 208, "BAD_FRAME_RECEIVED", Severity::kWarning,
     "A client sent bytes that are not a valid frame and was disconnected.",
     "Check that client's version. From unknown peers it is scanning."},
    {LogId::kClientFellBehind, 209, "CLIENT_FELL_BEHIND", Severity::kWarning,
     "A client reads more slowly than the picture changes; it was told to start from a new snapshot.",
     "Look at that client's network when it repeats."},
    {LogId::kReaderTooSlow, 210, "READER_TOO_SLOW", Severity::kWarning,
     "A client took nothing for too long, or its queue was full of messages that cannot be dropped; it was "
     "disconnected.",
     "Look at that client's machine and network."},
    {LogId::kOperationsRequestFailed, 211, "OPERATIONS_REQUEST_FAILED", Severity::kInfo,
     "A request on the operations port was malformed or too slow.", "Check the monitoring that calls it."},
    {LogId::kWebRequestRefused, 212, "WEB_REQUEST_REFUSED", Severity::kInfo,
     "Requests on the web port were refused; why says for what, times how many since the last such line.",
     "Nothing for scanners. FOREIGN_ORIGIN when people cannot sign in: add the address they type to web.origins."},

    {LogId::kStoreCommitSlow, 402, "STORE_COMMIT_SLOW", Severity::kWarning, "Saving took unusually long.",
     "Look at the disk: other programs, a failing drive, a full file system."},
    {LogId::kStoreDegraded, 403, "STORE_DEGRADED", Severity::kError,
     "Saving failed. Calls go on and are kept in the spool; records cannot be read or written.",
     "Act now: free space or replace the disk. kapokctl health shows when the store is back."},
    {LogId::kStoreRecovered, 404, "STORE_RECOVERED", Severity::kInfo,
     "The store is back and the spool has been taken in.", "Check kapokctl health once more."},
    {LogId::kNotRecorded, 405, "NOT_RECORDED", Severity::kError,
     "Neither the store nor the spool can be written. New callers go to the static hunt list.",
     "Act now: both disks fail. Nothing said on screen is being kept."},
    {LogId::kSpoolOnSameDisk, 406, "SPOOL_ON_SAME_DISK", Severity::kWarning,
     "The spool lies on the same file system as the store; when that one fails, both do.",
     "Set spool_dir to a directory on another disk."},
    {LogId::kSpoolConflict, 407, "SPOOL_CONFLICT", Severity::kError,
     "A spooled batch did not fit what the store holds and was put aside in a file of its own.",
     "Keep the file spool-conflict-N and report it; nothing else is affected."},
    {LogId::kDiskSpaceLow, 408, "DISK_SPACE_LOW", Severity::kWarning,
     "The file system of the store or the spool is nearly full.",
     "Free space or enlarge it now: at zero, calls go to the spool and records cannot be read."},
    {LogId::kWalLarge, 409, "WAL_LARGE", Severity::kWarning, "The store's write-ahead log is unusually large.",
     "Look for a program that holds the database open, and at the disk."},
    {LogId::kRowDamaged, 410, "ROW_DAMAGED", Severity::kError,
     "A stored row does not match its seal and was set aside.",
     "Run kapokctl store scan and restore the row from backup; check the disk."},
    {LogId::kStoreScanned, 411, "STORE_SCANNED", Severity::kInfo, "Every stored row was checked against its seal.",
     kNothing},

    {LogId::kKeysNotBackedUp, 501, "KEYS_NOT_BACKED_UP", Severity::kWarning,
     "The present key file has never been backed up. If it is lost, no record can be read again by anybody.",
     "Run kapokctl keys backup and keep the result apart from the data."},
    {LogId::kKeysRotated, 502, "KEYS_ROTATED", Severity::kInfo, "A new key seals what is written; old rows follow.",
     "Run kapokctl keys backup: the earlier backup does not hold the new key."},
    {LogId::kAuditChainBroken, 503, "AUDIT_CHAIN_BROKEN", Severity::kError, "The audit log does not verify.",
     "Keep a copy of the data directory, run kapokctl audit verify and tell the auditor."},
    {LogId::kAuditHeadNotKept, 504, "AUDIT_HEAD_NOT_KEPT", Severity::kError,
     "A signed head of the audit log could not be written to the second path.",
     "See that second_path is mounted and writable; heads are tried again."},
    {LogId::kManyRecordsOpened, 505, "MANY_RECORDS_OPENED", Severity::kWarning,
     "One person opened unusually many records within an hour.",
     "Tell the person's supervisor; kapokctl audit alerts shows who and when."},
    {LogId::kNoSecondPath, 506, "NO_SECOND_PATH", Severity::kWarning,
     "No second path is set: audit heads and backups are not kept away from this disk.",
     "Set second_path to a directory on another machine or disk."},
    {LogId::kNoBackupKey, 507, "NO_BACKUP_KEY", Severity::kWarning, "No backup key is set: no backups are made.",
     "Run kapokctl backup make-key and set backup.public_key."},
    {LogId::kBackupMade, 508, "BACKUP_MADE", Severity::kInfo, "A whole sealed copy lies on the second path.", kNothing},
    {LogId::kBackupFailed, 509, "BACKUP_FAILED", Severity::kError, "A whole sealed copy could not be made.",
     "See that second_path is mounted, writable and has room; it is tried again."},
    {LogId::kChangesNotShipped, 510, "CHANGES_NOT_SHIPPED", Severity::kError,
     "The latest changes could not be put on the second path; a restore would not reach the last minute.",
     "See that second_path is mounted and writable; what waits is kept and sent later."},
    {LogId::kAuditKeyMade, 511, "AUDIT_KEY_MADE", Severity::kWarning,
     "There was no key to sign heads of the audit log; one was made beside the key file.",
     "Note the public key that kapokctl audit heads prints, apart from this machine, beside earlier ones."},
    {LogId::kChangesShipped, 512, "CHANGES_SHIPPED", Severity::kInfo,
     "What had to wait for the second path lies there now.", kNothing},

    {LogId::kStateRebuilt, 601, "STATE_REBUILT", Severity::kInfo,
     "Open calls, shifts and lines were read from the store.", kNothing},
    {LogId::kGatewayAttached, 602, "GATEWAY_ATTACHED", Severity::kInfo, "A telephony gateway is connected.", kNothing},
    {LogId::kGatewaySilent, 603, "GATEWAY_SILENT", Severity::kWarning, "A gateway has missed its beats.",
     "Check the gateway process and the network to it."},
    {LogId::kGatewayLost, 604, "GATEWAY_LOST", Severity::kError,
     "A gateway is gone; its lines receive no calls through this server.",
     "Restart the gateway. It follows its hunt lists meanwhile and sends what it took afterwards."},

    {LogId::kInternalError, 901, "INTERNAL_ERROR", Severity::kError, "The server met a fault of its own.",
     "Report it with the lines around this one."},
    {LogId::kLogLinesLost, 902, "LOG_LINES_LOST", Severity::kWarning,
     "The log could not be written fast enough; the oldest waiting lines were dropped.",
     "Look at where standard error goes: a full disk or a blocked journal."},
};

}  // namespace

const LogMessage& message_of(LogId id) {
  const auto index = static_cast<std::size_t>(id);
  KAPOK_CHECK(index < std::size(kMessages));
  KAPOK_CHECK(kMessages[index].value == id);
  return kMessages[index];
}

std::string number_text(const LogMessage& message) { return "KPK-" + std::to_string(message.number); }

std::string log_messages_markdown() {
  std::string out = "| number | id | severity | what it says | what you can do |\n|---|---|---|---|---|\n";
  for (const LogMessage& row : kMessages) {
    out +=
        "| " + number_text(row) + " | `" + std::string(row.name) + "` | " + std::string(name_of(row.severity)) + " | ";
    out += std::string(row.says) + " | " + std::string(row.operator_can) + " |\n";
  }
  return out;
}

}  // namespace kapok::ops
