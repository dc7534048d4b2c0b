#include "routing/command_text.h"

#include <iterator>
#include <string_view>
#include <variant>

#include "routing/command_fields.h"

namespace kapok::routing {
namespace {

/// In the order of the variant.
constexpr std::string_view kCommandNames[] = {"RecordArrival",
                                              "CallWaitingChanged",
                                              "OfferCall",
                                              "WithdrawOffer",
                                              "RecordOfferEnded",
                                              "ConnectCall",
                                              "ReturnCallToWaiting",
                                              "EndCall",
                                              "RefuseAccept",
                                              "RefuseEvent",
                                              "WorkerStateChanged",
                                              "NoteMiss",
                                              "NoteGap",
                                              "CloseGap",
                                              "MarkStationUnanswered",
                                              "ClearStationUnanswered",
                                              "RecordTransfer",
                                              "RecordTransferEnded",
                                              "KeepCallback",
                                              "RecordCallerReached",
                                              "AnnounceWait"};
static_assert(std::size(kCommandNames) == std::variant_size_v<Command>);
static_assert(std::is_same_v<std::variant_alternative_t<7, Command>, EndCall>);

}  // namespace

std::string command_text(const Command& command) {
  TextWriter writer(kCommandNames[command.index()]);
  std::visit([&](const auto& ordered) { fields(writer, ordered); }, command);
  return writer.take();
}

std::uint64_t digest_of(const std::vector<Command>& commands) {
  Digest digest;
  digest.add(static_cast<std::uint64_t>(commands.size()));
  for (const Command& command : commands) {
    digest.add(static_cast<std::uint64_t>(command.index()));
    FieldDigest mixer(digest);
    std::visit([&](const auto& ordered) { fields(mixer, ordered); }, command);
  }
  return digest.value();
}

}  // namespace kapok::routing
