#include "protocol/field_reader.h"

#include "protocol/codec.h"

namespace kapok::protocol {

Instant FieldReader::instant(std::string_view name, std::int64_t us) {
  if (us >= 0 && us < kInstantMaxUs) return Instant{us};
  refuse(ErrorCode::kInvalidArgument, std::string(name) + " is not an instant between 1970 and 2099");
  return {};
}

std::string FieldReader::line(std::string_view name, const std::string& text, std::size_t chars_max) {
  return checked(text, check_line(text, name, chars_max));
}

std::string FieldReader::note(std::string_view name, const std::string& text) {
  return checked(text, check_note(text, name));
}

std::uint32_t FieldReader::rows(std::uint32_t limit) {
  return limit == 0 ? kRowsDefault : number("limit", limit, kRowsMax);
}

bool FieldReader::fits(std::string_view name, std::size_t count, std::size_t count_max) {
  if (count <= count_max) return true;
  refuse(ErrorCode::kInvalidArgument, std::string(name) + " exceeds " + std::to_string(count_max));
  return false;
}

void FieldReader::refuse(ErrorCode code, std::string detail) {
  if (!error_) error_ = Error{code, std::move(detail)};
}

std::int64_t FieldReader::checked_id(std::string_view name, std::int64_t value) {
  if (value >= 0) return value;
  refuse(ErrorCode::kInvalidArgument, std::string(name) + " is negative");
  return 0;
}

std::string FieldReader::checked(const std::string& text, const Result<>& verdict) {
  if (verdict.ok()) return text;
  refuse(verdict.error().code, verdict.error().detail);
  return {};
}

}  // namespace kapok::protocol
