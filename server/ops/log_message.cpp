#include "ops/log_message.h"

#include <iterator>

#include "core/check.h"

namespace kapok::ops {
namespace {

constexpr std::string_view kNothing = "Nothing; for the record.";

constexpr LogMessage kMessages[] = {
    {LogId::kServerStarting, "SERVER_STARTING", Severity::kInfo, "The server starts.", kNothing},
    {LogId::kServerReady, "SERVER_READY", Severity::kInfo, "Clients and gateways are served.", kNothing},
    {LogId::kServerStopping, "SERVER_STOPPING", Severity::kInfo, "A stop was asked for; clients are told and drained.",
     "Nothing. Without a request of yours, look for who sent the signal."},
    {LogId::kServerStopped, "SERVER_STOPPED", Severity::kInfo, "The server has ended in good order.", kNothing},
    {LogId::kDrainCutShort, "DRAIN_CUT_SHORT", Severity::kWarning,
     "Some clients did not take their last messages in time and were cut off.",
     "Nothing: they reconnect and resync. Look at the network if it happens at every stop."},

    {LogId::kFileLimitLow, "FILE_LIMIT_LOW", Severity::kWarning,
     "The process may not open as many files as limits.connections_max needs.",
     "Raise LimitNOFILE in the unit, or lower limits.connections_max."},

    {LogId::kListening, "LISTENING", Severity::kInfo, "A port is open for connections.", kNothing},
    {LogId::kAcceptFailed, "ACCEPT_FAILED", Severity::kError,
     "A connection could not be accepted; the server tries again.",
     "Look up the error number. 24 means too few file descriptors: raise LimitNOFILE."},
    {LogId::kPeerLimitReached, "PEER_LIMIT_REACHED", Severity::kWarning,
     "One address holds too many connections that have not signed in; further ones are refused.",
     "If a station stands behind that address, add its network to limits.trusted_networks."},
    {LogId::kConnectionLimitReached, "CONNECTION_LIMIT_REACHED", Severity::kError,
     "All connection places are taken; new clients are refused.",
     "Find out who connects so often, or raise limits.connections_max and LimitNOFILE."},
    {LogId::kHandshakeFailed, "HANDSHAKE_FAILED", Severity::kInfo,
     "A peer did not complete TLS 1.3 in time or spoke something else.",
     "Nothing for scanners. If clients cannot connect, check their TLS version and pinned certificate."},
    {LogId::kConnectionOpened, "CONNECTION_OPENED", Severity::kInfo, "A client completed TLS.", kNothing},
    {LogId::kConnectionClosed, "CONNECTION_CLOSED", Severity::kInfo, "A client's connection ended; why says how.",
     "Nothing. Many IDLE or WRITE_STALLED at one station point to its network."},
    {LogId::kBadFrameReceived, "BAD_FRAME_RECEIVED", Severity::kWarning,
     "A client sent bytes that are not a valid frame and was disconnected.",
     "Check that client's version. From unknown peers it is scanning."},
    {LogId::kClientFellBehind, "CLIENT_FELL_BEHIND", Severity::kWarning,
     "A client reads more slowly than the picture changes; it was told to start from a new snapshot.",
     "Look at that client's network when it repeats."},
    {LogId::kReaderTooSlow, "READER_TOO_SLOW", Severity::kWarning,
     "A client took nothing for too long, or its queue was full of messages that cannot be dropped; it was "
     "disconnected.",
     "Look at that client's machine and network."},
    {LogId::kOperationsRequestFailed, "OPERATIONS_REQUEST_FAILED", Severity::kInfo,
     "A request on the operations port was malformed or too slow.", "Check the monitoring that calls it."},

    {LogId::kSignedIn, "SIGNED_IN", Severity::kInfo, "A person or gateway signed in.", kNothing},
    {LogId::kSignInRefused, "SIGN_IN_REFUSED", Severity::kWarning, "A sign-in was refused.",
     "Many at once are guessing or a forgotten password; kapokctl can set a new one."},
    {LogId::kAccountLocked, "ACCOUNT_LOCKED", Severity::kWarning,
     "Too many wrong passwords; the account waits, devices enrolled before are not affected.",
     "It opens by itself. Ask the person; if it was not them, enquire further."},

    {LogId::kStoreOpened, "STORE_OPENED", Severity::kInfo, "The store is open and its settings were verified.",
     kNothing},
    {LogId::kStoreCommitSlow, "STORE_COMMIT_SLOW", Severity::kWarning, "Saving took unusually long.",
     "Look at the disk: other programs, a failing drive, a full file system."},
    {LogId::kStoreDegraded, "STORE_DEGRADED", Severity::kError,
     "Saving failed. Calls go on and are kept in the spool; records cannot be read or written.",
     "Act now: free space or replace the disk. kapokctl health shows when the store is back."},
    {LogId::kStoreRecovered, "STORE_RECOVERED", Severity::kInfo, "The store is back and the spool has been taken in.",
     "Check kapokctl health once more."},
    {LogId::kNotRecorded, "NOT_RECORDED", Severity::kError,
     "Neither the store nor the spool can be written. New callers go to the static hunt list.",
     "Act now: both disks fail. Nothing said on screen is being kept."},
    {LogId::kRowDamaged, "ROW_DAMAGED", Severity::kError, "A stored row does not match its seal and was set aside.",
     "Run kapokctl store scan and restore the row from backup; check the disk."},
    {LogId::kAuditChainBroken, "AUDIT_CHAIN_BROKEN", Severity::kError, "The audit log does not verify.",
     "Keep a copy of the data directory, run kapokctl audit verify and tell the auditor."},

    {LogId::kStateRebuilt, "STATE_REBUILT", Severity::kInfo, "Open calls, shifts and lines were read from the store.",
     kNothing},
    {LogId::kGatewayAttached, "GATEWAY_ATTACHED", Severity::kInfo, "A telephony gateway is connected.", kNothing},
    {LogId::kGatewaySilent, "GATEWAY_SILENT", Severity::kWarning, "A gateway has missed its beats.",
     "Check the gateway process and the network to it."},
    {LogId::kGatewayLost, "GATEWAY_LOST", Severity::kError,
     "A gateway is gone; its lines receive no calls through this server.",
     "Restart the gateway. It follows its hunt lists meanwhile and sends what it took afterwards."},
    {LogId::kUnitWithoutDuty, "UNIT_WITHOUT_DUTY", Severity::kWarning, "Nobody is on duty at a unit that has a line.",
     "Nothing technical: its callers go to the next ring and the duty leads see the gap."},
    {LogId::kImportDone, "IMPORT_DONE", Severity::kInfo, "A directory, people or roster import was taken in.",
     kNothing},
    {LogId::kImportRefused, "IMPORT_REFUSED", Severity::kWarning, "An import had wrong rows and changed nothing.",
     "Correct the rows that kapokctl named and import again."},

    {LogId::kInternalError, "INTERNAL_ERROR", Severity::kError, "The server met a fault of its own.",
     "Report it with the lines around this one."},
    {LogId::kLogLinesLost, "LOG_LINES_LOST", Severity::kWarning,
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

std::string log_messages_markdown() {
  std::string out = "| id | severity | what it says | what you can do |\n|---|---|---|---|\n";
  for (const LogMessage& row : kMessages) {
    out += "| `" + std::string(row.name) + "` | " + std::string(name_of(row.severity)) + " | ";
    out += std::string(row.says) + " | " + std::string(row.operator_can) + " |\n";
  }
  return out;
}

}  // namespace kapok::ops
