#pragma once

#include <string>
#include <string_view>

#include "core/enum_names.h"

/// Every message the server can log. The section "Log messages" of deploy/README.md is this table; a test
/// compares the two. An id never changes its meaning: operators match on it.
namespace kapok::ops {

enum class Severity { kInfo, kWarning, kError };

enum class LogId {
  // Start and stop.
  kServerStarting,
  kServerReady,
  kServerStopping,
  kServerStopped,
  kDrainCutShort,
  kFileLimitLow,
  kClockSkewed,
  kHangDetected,
  // The network.
  kListening,
  kAcceptFailed,
  kPeerLimitReached,
  kConnectionLimitReached,
  kHandshakeFailed,
  kConnectionOpened,
  kConnectionClosed,
  kBadFrameReceived,
  kClientFellBehind,
  kReaderTooSlow,
  kOperationsRequestFailed,
  kWebRequestRefused,
  // The store.
  kStoreCommitSlow,
  kStoreDegraded,
  kStoreRecovered,
  kNotRecorded,
  kSpoolOnSameDisk,
  kSpoolConflict,
  kDiskSpaceLow,
  kWalLarge,
  kRowDamaged,
  kStoreScanned,
  // Keys, audit, backup.
  kKeysNotBackedUp,
  kKeysRotated,
  kAuditChainBroken,
  kAuditHeadNotKept,
  kManyRecordsOpened,
  kNoSecondPath,
  kNoBackupKey,
  kBackupMade,
  kBackupFailed,
  kChangesNotShipped,
  kAuditKeyMade,
  kChangesShipped,
  // Routing and gateways.
  kStateRebuilt,
  kGatewayAttached,
  kGatewaySilent,
  kGatewayLost,
  // Ours.
  kInternalError,
  kLogLinesLost,
};

/// One row: what the line says and what an operator can do about it. Lines and pages name it `KPK-401`.
struct LogMessage {
  LogId value;
  int number;  ///< of three digits, the first by group; given once, never again to another message
  std::string_view name;
  Severity severity;
  std::string_view says;
  std::string_view operator_can;
};

const LogMessage& message_of(LogId id);
/// "KPK-401".
std::string number_text(const LogMessage& message);

/// The whole table as the Markdown of deploy/README.md, without its heading.
std::string log_messages_markdown();

}  // namespace kapok::ops

template <>
inline constexpr kapok::EnumName<kapok::ops::Severity> kapok::kEnumNames<kapok::ops::Severity>[] = {
    {kapok::ops::Severity::kInfo, "info", "信息"},
    {kapok::ops::Severity::kWarning, "warning", "警告"},
    {kapok::ops::Severity::kError, "error", "错误"},
};
