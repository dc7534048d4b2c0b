#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "api/audit.h"
#include "api/call.h"
#include "api/contact.h"
#include "api/directory.h"
#include "api/duty.h"
#include "api/follow_up.h"
#include "api/gateway.h"
#include "api/referral.h"
#include "api/report.h"
#include "api/session.h"
#include "api/watch.h"
#include "core/result.h"

/// Everything that can be said between a client and the server, as plain data. `protocol/` turns it into
/// bytes, `service/` answers it; neither knows the other.
namespace kapok::api {

using RequestBody =
    std::variant<Hello, SignIn, SignInDevice, Resume, SignOut, Ping, SetPassword, EnrolDevice,                     //
                 TakeDuty, LeaveDuty, OpenDesk, SetReady, EndAfterCall, ListShifts,                                //
                 AcceptOffer, DeclineOffer, HandBack, HangUp, TransferCall, CancelTransfer,                        //
                 SaveDraft, FinaliseContact, CorrectContact, ConfirmContact, ReviewContact, RecordManual,          //
                 ShowContact, ListDrafts, SearchLog, ExportLog,                                                    //
                 ListCallbacks, ClaimCallback, DialCallback, CallbackDone, CallbackAttempted,                      //
                 ListMissed, AcknowledgeMissed,                                                                    //
                 CreateReferral, ListReferrals, ShowReferral, AcceptReferral, ReturnReferral, RedispatchReferral,  //
                 CompleteReferral, WithdrawReferral,                                                               //
                 Watch, Unwatch, FindUnits, ListLines, FindWorkers, ImportBegin, ImportChunk, ImportCommit,        //
                 ReportDay, ListGaps, GetStatus, ListReadings,                                                     //
                 AttachGateway, Arrived, OfferRinging, OfferFailed, OfferAnswered, Left, KnownBegin, Known,
                 KnownEnd,  //
                 Beat, Backfill, DialResult, CallbackChosen, CallerDialled, LegLost>;

/// One frame of a client. `id` names the reply; `key` is the idempotency key, rising within a session, and
/// is required for every request that changes something (decision 24).
struct Request {
  std::uint64_t id = 0;
  std::optional<std::uint64_t> key;
  RequestBody body;
  /// The body as it came, to tell a repeat of `key` from its reuse for something else.
  std::string body_bytes;
};

/// The first answer to a key, kept as the bytes that `protocol` made of it, sent again word for word.
struct Stored {
  std::string bytes;
};

using ReplyBody =
    std::variant<Done, Welcome, SignedIn, Pong, DeviceEnrolled, DeskState, ShiftList, CallView, ContactSaved,
                 ContactView, LogPage, CsvPage, CallbackPage, CallbackView, MissedPage, MissedView, ReferralView,
                 ReferralPage, WatchStarted, UnitList, LineList, WorkerList, ImportStarted, ImportReport, DayReportView,
                 GapList, Status, ReadingPage, GatewayAttached, ArrivalTaken, BackfillTaken, Stored>;

/// Where an acknowledged change lies (decision 18).
enum class Saved { kNothingToSave, kStore, kSpool };

struct Reply {
  std::uint64_t id = 0;
  Result<ReplyBody> body;
  Saved saved = Saved::kNothingToSave;
  bool repeated = false;  ///< the stored first answer to this key
};

using Push = std::variant<OfferShown, OfferWithdrawn, CallConnected, CallOver, TransferOffered, TransferEnded,
                          DeskState, SnapshotPage, Change, Resync, ServerNotice, RingEndpoint, WithdrawRing, Bridge,
                          Park, Release, Progress, HuntList, Dial, DropEndpoint>;

/// True for requests that change something and therefore carry an idempotency key. Gateway reports are
/// idempotent by their own ids and carry none.
bool needs_key(const RequestBody& body);

}  // namespace kapok::api
