#include "api/message.h"

#include <type_traits>

namespace kapok::api {
namespace {

template <class T, class... Ts>
constexpr bool is_one_of = (std::is_same_v<T, Ts> || ...);

}  // namespace

bool needs_key(const RequestBody& body) {
  return std::visit(
      [](const auto& asked) {
        using T = std::decay_t<decltype(asked)>;
        return is_one_of<T, SetPassword, EnrolDevice, TakeDuty, LeaveDuty, SetReady, EndAfterCall, AcceptOffer,
                         DeclineOffer, HandBack, HangUp, TransferCall, CancelTransfer, SaveDraft, FinaliseContact,
                         CorrectContact, ConfirmContact, ReviewContact, RecordManual, ClaimCallback, DialCallback,
                         CallbackDone, CallbackAttempted, AcknowledgeMissed, CreateReferral, AcceptReferral,
                         ReturnReferral, RedispatchReferral, CompleteReferral, WithdrawReferral, ImportCommit>;
      },
      body);
}

}  // namespace kapok::api
