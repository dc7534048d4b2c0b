#pragma once

#include <cstdint>
#include <string>

#include "cli/words.h"
#include "kapok/v1/frame.pb.h"

/// What a worker's desk says, in one or two lines. Pure.
namespace kapok::cli {

std::string desk_state_text(const v1::DeskState& state, Language language, std::int64_t now_us, int offset_min);
std::string offer_text(const v1::OfferView& offer, Language language, std::int64_t now_us);
std::string call_text(const v1::CallView& call, Language language);
std::string call_over_text(const v1::CallOver& over, Language language);
/// What the one who passes a talk on warm is told.
std::string transfer_text(const v1::TransferOffered& offered, Language language, std::int64_t now_us);
std::string transfer_text(const v1::TransferEnded& ended, Language language);
/// Why an offer left: the stable words of OfferWithdrawn.why.
std::string withdrawn_text(const std::string& why, Language language);
}  // namespace kapok::cli
