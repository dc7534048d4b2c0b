#include "service/degraded_mode.h"

#include <type_traits>
#include <variant>

namespace kapok::service {
namespace {

template <class... Ts>
struct Kinds {
  template <class X>
  static constexpr int kCount = (static_cast<int>(std::is_same_v<Ts, X>) + ... + 0);
};

using Works = Kinds<
    // Who is there: sessions in memory, ready and away. Checking in and out writes rows that are at hand.
    api::Hello, api::Resume, api::Ping, api::OpenDesk, api::SetReady, api::EndAfterCall, api::TakeDuty, api::LeaveDuty,
    // Calls.
    api::AcceptOffer, api::DeclineOffer, api::HandBack, api::HangUp, api::TransferCall, api::CancelTransfer,
    // Drafts, and the records of those whom one serves now; ContactDesk refuses the others.
    api::SaveDraft, api::ShowContact, api::ListDrafts,
    // What is in memory: the live picture, the directory, how the server is.
    api::Watch, api::Unwatch, api::FindUnits, api::ListLines, api::FindWorkers, api::GetStatus,
    // Gateways.
    api::AttachGateway, api::Arrived, api::OfferRinging, api::OfferFailed, api::OfferAnswered, api::Left,
    api::KnownBegin, api::Known, api::KnownEnd, api::Beat, api::Backfill, api::CallbackChosen, api::CallerDialled,
    api::LegLost>;

using Waits = Kinds<
    // Passwords, tokens and new sessions are judged by rows of the store.
    api::SignIn, api::SignInDevice, api::SignOut, api::SetPassword, api::EnrolDevice,
    // Case work.
    api::FinaliseContact, api::CorrectContact, api::ConfirmContact, api::ReviewContact, api::RecordManual,
    api::SearchLog, api::ExportLog, api::ListCallbacks, api::ClaimCallback, api::DialCallback, api::CallbackDone,
    api::CallbackAttempted, api::ListMissed, api::AcknowledgeMissed, api::CreateReferral, api::ListReferrals,
    api::ShowReferral, api::AcceptReferral, api::ReturnReferral, api::RedispatchReferral, api::CompleteReferral,
    api::WithdrawReferral,
    // Roster, imports, figures.
    api::ListShifts, api::ImportBegin, api::ImportChunk, api::ImportCommit, api::ReportDay, api::ListReadings,
    api::ListGaps,
    // A dial made before is told again by its gateway until it is heard.
    api::DialResult>;

}  // namespace

bool works_when_degraded(const api::RequestBody& body) {
  return std::visit(
      []<class X>(const X&) {
        static_assert(Works::kCount<X> + Waits::kCount<X> == 1, "each kind of request has one line in the table");
        return Works::kCount<X> == 1;
      },
      body);
}

}  // namespace kapok::service
