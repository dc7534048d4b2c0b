#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

constexpr std::size_t kCursorCharsMax = 512;

api::CreateReferral read(const v1::CreateReferral& in, FieldReader& fields) {
  return {.contact = fields.id<ContactId>("contact", in.contact()),
          .needs = fields.ids<NeedId>("needs", in.needs(), casework::kNeedsPerContactMax),
          .to_unit = fields.id<UnitId>("to_unit", in.to_unit()),
          .urgency = fields.value("urgency", in.urgency(), casework::Urgency::kNormal),
          .note = fields.note("note", in.note())};
}

api::ListReferrals read(const v1::ListReferrals& in, FieldReader& fields) {
  return {.unit = fields.id<UnitId>("unit", in.unit()),
          .box = fields.value("box", in.box(), api::ReferralBox::kIncoming),
          .open_only = !in.has_open_only() || in.open_only(),
          .overdue_only = in.overdue_only(),
          .cursor = fields.line("cursor", in.cursor(), kCursorCharsMax),
          .limit = fields.rows(in.limit())};
}

api::ReturnReferral read(const v1::ReturnReferral& in, FieldReader& fields) {
  return {.referral = fields.id<ReferralId>("referral", in.referral()),
          .version = in.version(),
          .reason = fields.required<casework::ReturnReason>("reason", in.reason()),
          .note = fields.note("note", in.note())};
}

api::RedispatchReferral read(const v1::RedispatchReferral& in, FieldReader& fields) {
  return {.referral = fields.id<ReferralId>("referral", in.referral()),
          .version = in.version(),
          .to_unit = fields.id<UnitId>("to_unit", in.to_unit()),
          .note = fields.note("note", in.note())};
}

api::CompleteReferral read(const v1::CompleteReferral& in, FieldReader& fields) {
  return {.referral = fields.id<ReferralId>("referral", in.referral()),
          .version = in.version(),
          .result = fields.required<casework::ClosureResult>("result", in.result()),
          .note = fields.note("note", in.note())};
}

api::WithdrawReferral read(const v1::WithdrawReferral& in, FieldReader& fields) {
  return {.referral = fields.id<ReferralId>("referral", in.referral()),
          .version = in.version(),
          .reason = fields.line("reason", in.reason(), kReasonCharsMax)};
}

void write(const casework::Referral& in, v1::Referral& out) {
  out.set_id(in.id.value);
  out.set_display_number(in.display_number);
  out.set_contact(in.contact.value);
  write_ids(in.needs, *out.mutable_needs());
  out.set_from_unit(in.from_unit.value);
  out.set_to_unit(in.to_unit.value);
  out.set_urgency(to_wire<v1::Urgency>(in.urgency));
  out.set_state(to_wire<v1::ReferralState>(in.state));
  out.set_version(in.version);
  out.set_note(in.note);
  out.set_written_by(in.written_by.value);
  out.set_created_at_us(in.created_at.us);
  out.set_dispatched_at_us(in.dispatched_at.us);
  out.set_accept_by_us(in.accept_by.us);
  out.set_owner(in.owner.value);
  out.set_accepted_at_us(in.accepted_at.us);
  out.set_closed_at_us(in.closed_at.us);
  if (in.result) out.set_result(to_wire<v1::ClosureResult>(*in.result));
  out.set_outcome(in.outcome);
  out.set_return_count(in.return_count);
}

void write(const api::ReferralEventView& in, v1::ReferralEventView& out) {
  out.set_at_us(in.at.us);
  out.set_by_name(in.by_name);
  out.set_what(in.what);
  out.set_unit_zh(in.unit_zh);
  out.set_note(in.note);
}

void write(const api::ReferralView& in, v1::ReferralView& out) {
  write(in.referral, *out.mutable_referral());
  out.set_display_number(in.display_number);
  out.set_from_unit_zh(in.from_unit_zh);
  out.set_to_unit_zh(in.to_unit_zh);
  out.set_owner_name(in.owner_name);
  out.set_person(in.person);
  out.set_address(in.address);
  write_texts(in.needs, *out.mutable_needs());
  write_texts(in.needs_zh, *out.mutable_needs_zh());
  write_texts(in.need_details, *out.mutable_need_details());
  out.set_overdue(in.overdue);
  for (const auto& one : in.events) write(one, *out.add_events());
}

}  // namespace

bool read_referral(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kCreateReferral:
      out = read(frame.create_referral(), fields);
      return true;
    case v1::ClientFrame::kListReferrals:
      out = read(frame.list_referrals(), fields);
      return true;
    case v1::ClientFrame::kShowReferral:
      out = api::ShowReferral{fields.id<ReferralId>("referral", frame.show_referral().referral())};
      return true;
    case v1::ClientFrame::kAcceptReferral:
      out = api::AcceptReferral{.referral = fields.id<ReferralId>("referral", frame.accept_referral().referral()),
                                .version = frame.accept_referral().version()};
      return true;
    case v1::ClientFrame::kReturnReferral:
      out = read(frame.return_referral(), fields);
      return true;
    case v1::ClientFrame::kRedispatchReferral:
      out = read(frame.redispatch_referral(), fields);
      return true;
    case v1::ClientFrame::kCompleteReferral:
      out = read(frame.complete_referral(), fields);
      return true;
    case v1::ClientFrame::kWithdrawReferral:
      out = read(frame.withdraw_referral(), fields);
      return true;
    default:
      return false;
  }
}

void write(const api::ReferralView& in, v1::Reply& reply) { write(in, *reply.mutable_referral_view()); }

void write(const api::ReferralPage& in, v1::Reply& reply) {
  auto& out = *reply.mutable_referral_page();
  for (const auto& one : in.referrals) write(one, *out.add_referrals());
  out.set_next_cursor(in.next_cursor);
}

}  // namespace kapok::protocol
