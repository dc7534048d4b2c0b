#include "storage/change_record.h"

#include "core/check.h"
#include "storage/policy.h"

namespace kapok::storage {
namespace {

constexpr char kVersion = 1;

/// How a value is written: its kind and whether it is NULL. The numbers are part of the format.
enum : char { kNullInteger = 0, kNullText = 1, kSomeInteger = 2, kSomeText = 3 };

void put_number(std::string& to, std::uint64_t value) {
  while (value >= 0x80) {
    to.push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  to.push_back(static_cast<char>(value));
}

void put_signed(std::string& to, std::int64_t value) {
  put_number(to, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

void put_text(std::string& to, std::string_view text) {
  put_number(to, text.size());
  to += text;
}

void put_values(std::string& to, const Values& values) {
  put_number(to, values.size());
  for (const Cell& cell : values) {
    const bool text = cell.kind == CellKind::kText;
    if (cell.null) {
      to.push_back(text ? kNullText : kNullInteger);
    } else if (text) {
      to.push_back(kSomeText);
      put_text(to, cell.text);
    } else {
      to.push_back(kSomeInteger);
      put_signed(to, cell.integer);
    }
  }
}

/// Text 0 means: a new one follows and gets the next number, from 1.
void put_change(std::string& to, std::size_t number, std::string_view new_text, const Values& values,
                std::int64_t touched) {
  put_number(to, number);
  if (number == 0) put_text(to, new_text);
  put_signed(to, touched);
  put_values(to, values);
}

std::string head_of(std::int64_t seq, CityId city, Instant at) {
  std::string head(1, kVersion);
  put_signed(head, seq);
  put_signed(head, city.value);
  put_signed(head, at.us);
  return head;
}

/// Reads one after the other; after the first thing that cannot be read nothing is sound any more.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool sound() const { return sound_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(byte_or_fail());
      if (!sound_ || (shift == 63 && byte > 1)) return fail();
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) != 0) continue;
      return byte == 0 && shift > 0 ? fail() : value;  // one way only to write a number
    }
    return fail();
  }

  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }

  std::string_view text() {
    const std::uint64_t size = number();
    if (!sound_ || size > rest_.size()) return fail(), std::string_view{};
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }

  char byte_or_fail() {
    if (rest_.empty()) return static_cast<char>(fail());
    const char byte = rest_.front();
    rest_.remove_prefix(1);
    return byte;
  }

  Cell cell() {
    Cell cell;
    switch (byte_or_fail()) {
      case kNullInteger:
        return Cell(CellKind::kInteger);
      case kNullText:
        return Cell(CellKind::kText);
      case kSomeInteger:
        cell.integer = signed_number();
        cell.null = false;
        return cell;
      case kSomeText:
        return Cell(text());
      default:
        fail();
        return cell;
    }
  }

  std::uint64_t fail() {
    sound_ = false;
    return 0;
  }

 private:
  std::string_view rest_;
  bool sound_ = true;
};

/// A new text gets the next number: exactly those are new that follow all met so far.
Change read_change(Reader& reader, std::vector<std::string>& texts) {
  Change change;
  const std::uint64_t number = reader.number();
  if (number == 0) {
    const std::string_view text = reader.text();
    if (text.empty()) return reader.fail(), change;
    texts.emplace_back(text);
  }
  if (!reader.sound() || number > texts.size()) return reader.fail(), change;
  change.text = number == 0 ? texts.size() - 1 : number - 1;
  change.touched = reader.signed_number();
  const std::uint64_t count = reader.number();
  if (count > kChangeValuesMax || change.touched < kTouchedAny) return reader.fail(), change;
  for (std::uint64_t i = 0; i < count && reader.sound(); ++i) change.values.push_back(reader.cell());
  return change;
}

Error malformed() { return {ErrorCode::kInvalidArgument, "not a change record"}; }

}  // namespace

std::string encode_change_record(const ChangeRecord& record) {
  std::string bytes = head_of(record.seq, record.city, record.at);
  std::size_t met = 0;
  for (const Change& change : record.changes) {
    KAPOK_CHECK(change.text <= met && change.text < record.texts.size() && change.values.size() <= kChangeValuesMax);
    const bool is_new = change.text == met;
    met += is_new ? 1 : 0;
    put_change(bytes, is_new ? 0 : change.text + 1, record.sql(change), change.values, change.touched);
  }
  return bytes;
}

Result<ChangeRecord> decode_change_record(std::string_view bytes) {
  if (bytes.size() > kChangeRecordBytesMax || bytes.empty() || bytes.front() != kVersion) return malformed();
  Reader reader(bytes.substr(1));
  ChangeRecord record;
  record.seq = reader.signed_number();
  record.city = CityId{reader.signed_number()};
  record.at = Instant{reader.signed_number()};
  while (reader.sound() && !reader.at_end()) record.changes.push_back(read_change(reader, record.texts));
  if (!reader.sound() || record.seq < 0) return malformed();
  return record;
}

void ChangeRecorder::begin() { rewind({}); }

void ChangeRecorder::add(const Sql& sql, const Values& values, std::int64_t touched) {
  KAPOK_CHECK(values.size() <= kChangeValuesMax);
  const auto [place, is_new] = number_of_text_.try_emplace(sql.number(), texts_.size() + 1);
  if (is_new) texts_.push_back(sql.number());
  put_change(body_, is_new ? 0 : place->second, sql.text(), values, touched);
  ++changes_;
}

void ChangeRecorder::rewind(const Mark& mark) {
  body_.resize(mark.bytes);
  changes_ = mark.changes;
  while (texts_.size() > mark.texts) {
    number_of_text_.erase(texts_.back());
    texts_.pop_back();
  }
}

std::string ChangeRecorder::encoded(std::int64_t seq, CityId city, Instant at) const {
  return head_of(seq, city, at) + body_;
}

}  // namespace kapok::storage
