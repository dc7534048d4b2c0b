#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/instant.h"
#include "core/role.h"

/// Who read what: the audit trail as auditors and supervisors may ask it.
namespace kapok::api {

enum class ReadingList {
  kOfRecord,    ///< everybody who saw or changed one record, or the records about one number
  kAlerts,      ///< who opened unusually many records
  kBrokenGlass  ///< who opened a record by 紧急调阅
};

/// What a reading was of.
enum class RecordKind { kCall, kContact, kReferral, kPerson };

/// How somebody came to see a record.
enum class ReadingHow { kSearchHit, kExported, kOpened, kBrokeGlass, kChanged, kRefused, kManyOpened, kStopped };

struct ListReadings {
  ReadingList list = ReadingList::kOfRecord;
  RecordKind kind = RecordKind::kContact;
  std::int64_t record = 0;  ///< id of a call, contact or referral
  std::string number;       ///< instead: a contact's display number, a person's phone number
  Period period;            ///< unset ends are open
  std::string cursor;
  std::uint32_t limit = 50;
};

struct Reading {
  std::int64_t seq = 0;  ///< of the audit row
  Instant at;
  WorkerId worker;
  std::string worker_name;
  std::string unit_zh;
  std::vector<Role> roles;  ///< as of now
  ReadingHow how = ReadingHow::kOpened;
  RecordKind kind = RecordKind::kContact;
  std::int64_t record = 0;
  std::string record_number;  ///< display number, where it has one
  Scope scope = Scope::kOther;
  std::string action;  ///< stable name of what the trail calls it
  std::string reason;  ///< stable name of the code, when one was given
  std::string text;    ///< the words given with it
  SessionId session;
};

/// Newest first. A page may be short or empty and still have a next one: searches are looked through bit by bit.
struct ReadingPage {
  std::vector<Reading> rows;
  std::string next_cursor;
};

}  // namespace kapok::api
