#include "storage/contact_correction_table.h"

#include <charconv>
#include <optional>

#include "storage/name_list.h"
#include "storage/table.h"

namespace kapok::storage {
namespace {

using Corrections = Table<ContactCorrectionRow>;

const Sql kOfContact = Corrections::select_sql("WHERE contact_id = :contact ORDER BY contact_version, id");

class FieldWriter {
 public:
  void text(std::string_view name, std::string_view value) {
    out_.append(name).append(" ").append(std::to_string(value.size())).append(":").append(value);
  }
  void number(std::string_view name, std::int64_t value) { text(name, std::to_string(value)); }
  template <class E>
  void word(std::string_view name, E value) {
    text(name, name_of(value));
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class FieldReader {
 public:
  explicit FieldReader(std::string_view in) : in_(in) {}

  bool next(std::string_view& name, std::string_view& value) {
    const std::size_t blank = in_.find(' ');
    const std::size_t colon = in_.find(':', blank == std::string_view::npos ? in_.size() : blank);
    if (colon == std::string_view::npos) return false;
    std::size_t length = 0;
    const char* const end = in_.data() + colon;
    const auto read = std::from_chars(in_.data() + blank + 1, end, length);
    if (read.ec != std::errc{} || read.ptr != end || length > in_.size() - colon - 1) return false;
    name = in_.substr(0, blank);
    value = in_.substr(colon + 1, length);
    in_.remove_prefix(colon + 1 + length);
    return true;
  }
  [[nodiscard]] bool at_end() const { return in_.empty(); }

 private:
  std::string_view in_;
};

template <class T>
T number_in(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

template <class E>
E word_in(std::string_view text) {
  return from_name<E>(text).value_or(E{});
}

std::string encode_need(const casework::Need& need) {
  FieldWriter out;
  out.number("id", need.id.value);
  out.word("kind", need.kind);
  out.word("urgency", need.urgency);
  out.word("state", need.state);
  out.text("detail", need.detail);
  out.number("quantity", need.quantity);
  out.number("referral", need.referral.value);
  return out.take();
}

std::optional<casework::Need> decode_need(std::string_view text) {
  casework::Need need;
  FieldReader in(text);
  std::string_view name, value;
  while (!in.at_end()) {
    if (!in.next(name, value)) return std::nullopt;
    if (name == "id") need.id = NeedId{number_in<std::int64_t>(value)};
    if (name == "kind") need.kind = word_in<casework::NeedKind>(value);
    if (name == "urgency") need.urgency = word_in<casework::Urgency>(value);
    if (name == "state") need.state = word_in<casework::NeedState>(value);
    if (name == "detail") need.detail = value;
    if (name == "quantity") need.quantity = number_in<std::uint32_t>(value);
    if (name == "referral") need.referral = ReferralId{number_in<std::int64_t>(value)};
  }
  return need;
}

void read_field(casework::ContactFields& f, std::string_view name, std::string_view value) {
  if (name == "type") f.type = word_in<casework::ContactType>(value);
  if (name == "relation") f.relation = word_in<casework::CallerRelation>(value);
  if (name == "person_name") f.person_name = value;
  if (name == "person_number") f.person_number = value;
  if (name == "address") f.address = value;
  if (name == "point") f.point = UnitId{number_in<std::int64_t>(value)};
  if (name == "language") f.language = word_in<casework::Language>(value);
  if (name == "summary") f.summary = value;
  if (name == "risk") f.risk = word_in<casework::RiskLevel>(value);
  if (name == "worried") f.worried = value == "1";
  if (name == "same_worker") f.same_worker = value == "1";
  if (name == "services") f.services = split_names<casework::ServiceKind>(value);
  if (name == "consent") f.consent = word_in<casework::Consent>(value);
  if (name == "answered_by") f.answered_by = WorkerId{number_in<std::int64_t>(value)};
}

}  // namespace

template class Table<ContactCorrectionRow>;

std::string encode_contact_fields(const casework::ContactFields& f) {
  FieldWriter out;
  out.word("type", f.type);
  out.word("relation", f.relation);
  out.text("person_name", f.person_name);
  out.text("person_number", f.person_number);
  out.text("address", f.address);
  out.number("point", f.point.value);
  out.word("language", f.language);
  out.text("summary", f.summary);
  out.word("risk", f.risk);
  out.number("worried", f.worried ? 1 : 0);
  if (f.same_worker) out.number("same_worker", 1);
  out.text("services", join_names(f.services));
  out.word("consent", f.consent);
  out.number("answered_by", f.answered_by.value);
  for (const casework::Need& need : f.needs) out.text("need", encode_need(need));
  return out.take();
}

Result<casework::ContactFields> decode_contact_fields(std::string_view text) {
  casework::ContactFields fields;
  FieldReader in(text);
  std::string_view name, value;
  while (!in.at_end()) {
    if (!in.next(name, value)) return Error{ErrorCode::kRowDamaged, "text before a correction"};
    if (name != "need") {
      read_field(fields, name, value);
      continue;
    }
    auto need = decode_need(value);
    if (!need) return Error{ErrorCode::kRowDamaged, "a need before a correction"};
    fields.needs.push_back(std::move(*need));
  }
  return fields;
}

Result<> ContactCorrectionTable::append(Transaction& tx, ContactCorrectionId id, const casework::Correction& correction,
                                        const casework::ContactFields& after) {
  ContactCorrectionRow row;
  row.id = id;
  row.city = tx.city();
  row.contact = correction.contact;
  row.contact_version = correction.version;
  row.at = correction.at;
  row.by = correction.by;
  row.reason = correction.reason;
  row.before = encode_contact_fields(correction.before);
  std::vector<std::string> changed;
  for (const std::string_view name : casework::changed_fields(correction.before, after)) changed.emplace_back(name);
  row.changed_fields = join_list(changed);
  return Corrections::save(tx, row);
}

Selection<ContactCorrectionRow> ContactCorrectionTable::of_contact(ReadTransaction& tx, ContactId contact) {
  return Corrections::select(tx, kOfContact, {contact});
}

}  // namespace kapok::storage
