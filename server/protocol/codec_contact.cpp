#include <string>
#include <vector>

#include "protocol/codec_themes.h"

namespace kapok::protocol {
namespace {

using casework::ContactFields;

constexpr std::size_t kServicesMax = 8;
constexpr std::size_t kDispatchesMax = 16;
constexpr std::size_t kDisplayNumberCharsMax = 32;

casework::Need read(const v1::Need& in, FieldReader& fields) {
  return {.id = fields.id<NeedId>("needs.id", in.id()),
          .kind = fields.required<casework::NeedKind>("needs.kind", in.kind()),
          .urgency = fields.value("needs.urgency", in.urgency(), casework::Urgency::kNormal),
          .state = fields.value("needs.state", in.state(), casework::NeedState::kOpen),
          .detail = fields.line("needs.detail", in.detail(), kReasonCharsMax),
          .quantity = fields.number("needs.quantity", in.quantity(), casework::kNeedQuantityMax),
          .referral = fields.id<ReferralId>("needs.referral", in.referral())};
}

ContactFields read(const v1::ContactFields& in, FieldReader& fields) {
  ContactFields out{.type = fields.value("type", in.type(), casework::ContactType::kNotRecorded),
                    .relation = fields.value("relation", in.relation(), casework::CallerRelation::kNotRecorded),
                    .person_name = fields.line("person_name", in.person_name(), kNameCharsMax),
                    .person_number = fields.line("person_number", in.person_number(), kNumberCharsMax),
                    .address = fields.line("address", in.address(), kAddressCharsMax),
                    .point = fields.id<UnitId>("point", in.point()),
                    .language = fields.value("language", in.language(), casework::Language::kNotRecorded),
                    .summary = fields.note("summary", in.summary()),
                    .risk = fields.value("risk", in.risk(), casework::RiskLevel::kNotAssessed),
                    .worried = in.worried(),
                    .services = {},
                    .consent = fields.value("consent", in.consent(), casework::Consent::kNotAsked),
                    .answered_by = fields.id<WorkerId>("answered_by", in.answered_by()),
                    .needs = {},
                    .same_worker = in.same_worker()};
  if (fields.fits("services", static_cast<std::size_t>(in.services_size()), kServicesMax))
    for (const int kind : in.services())
      out.services.push_back(fields.required<casework::ServiceKind>("services", kind));
  if (fields.fits("needs", static_cast<std::size_t>(in.needs_size()), casework::kNeedsPerContactMax))
    for (const auto& need : in.needs()) out.needs.push_back(read(need, fields));
  return out;
}

std::vector<api::Dispatch> read(const google::protobuf::RepeatedPtrField<v1::Dispatch>& in, FieldReader& fields) {
  std::vector<api::Dispatch> out;
  if (!fields.fits("dispatches", static_cast<std::size_t>(in.size()), kDispatchesMax)) return out;
  for (const auto& one : in) {
    fields.fits("dispatches.needs", static_cast<std::size_t>(one.needs_size()), casework::kNeedsPerContactMax);
    out.push_back({.needs = {one.needs().begin(), one.needs().end()},
                   .to_unit = fields.id<UnitId>("dispatches.to_unit", one.to_unit()),
                   .urgency = fields.value("dispatches.urgency", one.urgency(), casework::Urgency::kNormal),
                   .note = fields.note("dispatches.note", one.note())});
  }
  return out;
}

api::SaveDraft read(const v1::SaveDraft& in, FieldReader& fields) {
  return {.contact = fields.id<ContactId>("contact", in.contact()),
          .version = in.version(),
          .fields = read(in.fields(), fields)};
}

api::FinaliseContact read(const v1::FinaliseContact& in, FieldReader& fields) {
  return {.contact = fields.id<ContactId>("contact", in.contact()),
          .version = in.version(),
          .fields = read(in.fields(), fields),
          .dispatches = read(in.dispatches(), fields)};
}

api::CorrectContact read(const v1::CorrectContact& in, FieldReader& fields) {
  return {.contact = fields.id<ContactId>("contact", in.contact()),
          .version = in.version(),
          .fields = read(in.fields(), fields),
          .reason = fields.line("reason", in.reason(), kReasonCharsMax)};
}

api::ReviewContact read(const v1::ReviewContact& in, FieldReader& fields) {
  return {.contact = fields.id<ContactId>("contact", in.contact()),
          .version = in.version(),
          .note = fields.note("note", in.note())};
}

api::RecordManual read(const v1::RecordManual& in, FieldReader& fields) {
  return {.unit = fields.id<UnitId>("unit", in.unit()),
          .line = fields.id<LineId>("line", in.line()),
          .channel = fields.value("channel", in.channel(), Channel::kPhone),
          .caller_number = fields.line("caller_number", in.caller_number(), kNumberCharsMax),
          .occurred_at = fields.instant("occurred_at_us", in.occurred_at_us()),
          .ended_at = fields.instant("ended_at_us", in.ended_at_us()),
          .answered_by = fields.id<WorkerId>("answered_by", in.answered_by()),
          .fields = read(in.fields(), fields),
          .dispatches = read(in.dispatches(), fields)};
}

api::ShowContact read(const v1::ShowContact& in, FieldReader& fields) {
  return {.contact = fields.id<ContactId>("contact", in.contact()),
          .display_number = fields.line("display_number", in.display_number(), kDisplayNumberCharsMax),
          .break_glass = in.break_glass(),
          .reason = fields.line("reason", in.reason(), kReasonCharsMax)};
}

void write(const casework::Need& in, v1::Need& out) {
  out.set_id(in.id.value);
  out.set_kind(to_wire<v1::NeedKind>(in.kind));
  out.set_urgency(to_wire<v1::Urgency>(in.urgency));
  out.set_state(to_wire<v1::NeedState>(in.state));
  out.set_detail(in.detail);
  out.set_quantity(in.quantity);
  out.set_referral(in.referral.value);
}

void write(const ContactFields& in, v1::ContactFields& out) {
  out.set_type(to_wire<v1::ContactType>(in.type));
  out.set_relation(to_wire<v1::CallerRelation>(in.relation));
  out.set_person_name(in.person_name);
  out.set_person_number(in.person_number);
  out.set_address(in.address);
  out.set_point(in.point.value);
  out.set_language(to_wire<v1::Language>(in.language));
  out.set_summary(in.summary);
  out.set_risk(to_wire<v1::RiskLevel>(in.risk));
  out.set_worried(in.worried);
  for (const auto kind : in.services) out.add_services(to_wire<v1::ServiceKind>(kind));
  out.set_consent(to_wire<v1::Consent>(in.consent));
  out.set_answered_by(in.answered_by.value);
  for (const auto& one : in.needs) write(one, *out.add_needs());
  out.set_same_worker(in.same_worker);
}

void write(const casework::Contact& in, v1::Contact& out) {
  out.set_id(in.id.value);
  out.set_display_number(in.display_number);
  out.set_call(in.call.value);
  out.set_unit(in.unit.value);
  out.set_line(in.line.value);
  out.set_channel(to_wire<v1::Channel>(in.channel));
  out.set_caller_number(in.caller_number);
  out.set_started_at_us(in.started_at.us);
  out.set_answered_at_us(in.answered_at.us);
  out.set_ended_at_us(in.ended_at.us);
  out.set_state(to_wire<v1::ContactState>(in.state));
  out.set_version(in.version);
  write(in.fields, *out.mutable_fields());
  out.set_written_by(in.written_by.value);
  out.set_minimal_due_us(in.minimal_due.us);
  out.set_full_due_us(in.full_due.us);
  out.set_minimal_at_us(in.minimal_at.us);
  out.set_finalised_at_us(in.finalised_at.us);
  out.set_confirmed_at_us(in.confirmed_at.us);
  out.set_corrected_at_us(in.corrected_at.us);
  out.set_reviewed_by(in.reviewed_by.value);
  out.set_reviewed_at_us(in.reviewed_at.us);
  out.set_review_note(in.review_note);
}

void write(const api::CorrectionView& in, v1::CorrectionView& out) {
  out.set_at_us(in.at.us);
  out.set_by_name(in.by_name);
  out.set_reason(in.reason);
  write_texts(in.changed_fields, *out.mutable_changed_fields());
}

void write(const api::Talk& in, v1::Talk& out) {
  out.set_worker_name(in.worker_name);
  out.set_reason(to_wire<v1::OfferReason>(in.reason));
  out.set_answered_at_us(in.answered_at.us);
  out.set_ended_at_us(in.ended_at.us);
  if (in.passed_on) out.set_passed_on(to_wire<v1::TransferKind>(*in.passed_on));
  out.set_passed_to(in.passed_to);
  if (in.passed_how) out.set_passed_how(to_wire<v1::TransferEnd>(*in.passed_how));
}

}  // namespace

bool read_contact(const v1::ClientFrame& frame, FieldReader& fields, api::RequestBody& out) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kSaveDraft:
      out = read(frame.save_draft(), fields);
      return true;
    case v1::ClientFrame::kFinaliseContact:
      out = read(frame.finalise_contact(), fields);
      return true;
    case v1::ClientFrame::kCorrectContact:
      out = read(frame.correct_contact(), fields);
      return true;
    case v1::ClientFrame::kConfirmContact:
      out = api::ConfirmContact{.contact = fields.id<ContactId>("contact", frame.confirm_contact().contact()),
                                .version = frame.confirm_contact().version()};
      return true;
    case v1::ClientFrame::kReviewContact:
      out = read(frame.review_contact(), fields);
      return true;
    case v1::ClientFrame::kRecordManual:
      out = read(frame.record_manual(), fields);
      return true;
    case v1::ClientFrame::kShowContact:
      out = read(frame.show_contact(), fields);
      return true;
    case v1::ClientFrame::kListDrafts:
      out = api::ListDrafts{fields.id<UnitId>("unit", frame.list_drafts().unit())};
      return true;
    default:
      return false;
  }
}

void write(const api::ContactSaved& in, v1::Reply& reply) {
  auto& out = *reply.mutable_contact_saved();
  out.set_contact(in.contact.value);
  out.set_version(in.version);
  out.set_display_number(in.display_number);
  write_ids(in.referrals, *out.mutable_referrals());
}

void write(const api::ContactView& in, v1::Reply& reply) {
  auto& out = *reply.mutable_contact_view();
  write(in.contact, *out.mutable_contact());
  out.set_display_number(in.display_number);
  out.set_unit_zh(in.unit_zh);
  out.set_line_zh(in.line_zh);
  out.set_caller_number(in.caller_number);
  out.set_masked(in.masked);
  out.set_answered_by_name(in.answered_by_name);
  out.set_written_by_name(in.written_by_name);
  out.set_reviewed_by_name(in.reviewed_by_name);
  out.set_outcome(to_wire<v1::CallOutcome>(in.outcome));
  for (const auto& one : in.corrections) write(one, *out.add_corrections());
  write_ids(in.referrals, *out.mutable_referrals());
  for (const auto& one : in.talks) write(one, *out.add_talks());
}

}  // namespace kapok::protocol
