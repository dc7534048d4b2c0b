#pragma once

#include "api/message.h"
#include "kapok/v1/frame.pb.h"
#include "protocol/field_reader.h"

/// Inside of the codec: one pair of functions per theme, in codec_<theme>.cpp. Nothing else includes this.
///
/// Each `read_<theme>` takes the body of its own requests over into `out` and gives true, or leaves the rest alone.
/// Each `write` fills the field of its alternative; a missing one does not compile.
namespace kapok::protocol {

bool read_session(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_duty(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_call(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_contact(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_log(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_follow_up(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_referral(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_watch(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_directory(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_report(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_audit(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);
bool read_gateway(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out);

void write(Done in, v1::Reply& out);
void write(const api::Stored& in, v1::Reply& out);
void write(const api::Welcome& in, v1::Reply& out);
void write(const api::SignedIn& in, v1::Reply& out);
void write(const api::Pong& in, v1::Reply& out);
void write(const api::DeviceEnrolled& in, v1::Reply& out);
void write(const api::DeskState& in, v1::Reply& out);
void write(const api::ShiftList& in, v1::Reply& out);
void write(const api::CallView& in, v1::Reply& out);
void write(const api::ContactSaved& in, v1::Reply& out);
void write(const api::ContactView& in, v1::Reply& out);
void write(const api::LogPage& in, v1::Reply& out);
void write(const api::CsvPage& in, v1::Reply& out);
void write(const api::CallbackPage& in, v1::Reply& out);
void write(const api::CallbackView& in, v1::Reply& out);
void write(const api::MissedPage& in, v1::Reply& out);
void write(const api::MissedView& in, v1::Reply& out);
void write(const api::ReferralView& in, v1::Reply& out);
void write(const api::ReferralPage& in, v1::Reply& out);
void write(const api::WatchStarted& in, v1::Reply& out);
void write(const api::UnitList& in, v1::Reply& out);
void write(const api::LineList& in, v1::Reply& out);
void write(const api::WorkerList& in, v1::Reply& out);
void write(const api::ImportStarted& in, v1::Reply& out);
void write(const api::ImportReport& in, v1::Reply& out);
void write(const api::DayReportView& in, v1::Reply& out);
void write(const api::GapList& in, v1::Reply& out);
void write(const api::Status& in, v1::Reply& out);
void write(const api::ReadingPage& in, v1::Reply& out);
void write(const api::GatewayAttached& in, v1::Reply& out);
void write(const api::ArrivalTaken& in, v1::Reply& out);
void write(const api::BackfillTaken& in, v1::Reply& out);

void write(const api::OfferShown& in, v1::Push& out);
void write(const api::OfferWithdrawn& in, v1::Push& out);
void write(const api::CallConnected& in, v1::Push& out);
void write(const api::TransferOffered& in, v1::Push& out);
void write(const api::TransferEnded& in, v1::Push& out);
void write(const api::CallOver& in, v1::Push& out);
void write(const api::DeskState& in, v1::Push& out);
void write(const api::SnapshotPage& in, v1::Push& out);
void write(const api::Change& in, v1::Push& out);
void write(const api::Resync& in, v1::Push& out);
void write(const api::ServerNotice& in, v1::Push& out);
void write(const api::RingEndpoint& in, v1::Push& out);
void write(const api::WithdrawRing& in, v1::Push& out);
void write(const api::Bridge& in, v1::Push& out);
void write(const api::Park& in, v1::Push& out);
void write(const api::Release& in, v1::Push& out);
void write(const api::Progress& in, v1::Push& out);
void write(const api::HuntList& in, v1::Push& out);
void write(const api::Dial& in, v1::Push& out);
void write(const api::DropEndpoint& in, v1::Push& out);

// Shared by several themes.

inline Period read_period(const v1::Period& in, FieldReader& fields) {
  return {.from = fields.instant("from_us", in.from_us()), .to = fields.instant("to_us", in.to_us())};
}

inline void write(Period in, v1::Period& out) {
  out.set_from_us(in.from.us);
  out.set_to_us(in.to.us);
}

/// Appends ids.
template <class Ids, class Repeated>
void write_ids(const Ids& in, Repeated& out) {
  for (const auto id : in) out.Add(id.value);
}

template <class Repeated>
void write_texts(const std::vector<std::string>& in, Repeated& out) {
  for (const auto& text : in) *out.Add() = text;
}

}  // namespace kapok::protocol
