#pragma once

#include <cstdint>
#include <string>

#include "cli/enum_words.h"
#include "cli/invocation.h"

/// What people write on the command line, found on the server. Names that fit nothing or several things are a
/// UsageError that lists what was found.
namespace kapok::cli {

/// A unit by code, Chinese or English name, or the unambiguous start of one; an empty text is `otherwise`.
v1::UnitView find_unit(Invocation& run, const std::string& text);
std::int64_t unit_or(Invocation& run, const std::string& text, std::int64_t otherwise);

/// The unit a list is about when none is named: where the person works.
std::int64_t own_unit(Invocation& run);

/// A worker by account or name.
v1::WorkerView find_worker(Invocation& run, const std::string& text);

/// A line by its number (blanks and hyphens do not count) or Chinese name, within the whole city.
v1::LineView find_line(Invocation& run, const std::string& text);

/// A contact by display number or id; this opens the record, and the server notes that.
v1::ContactView open_contact(Invocation& run, const std::string& text, const std::string& reason = {},
                             bool break_glass = false);

/// A referral by id, or by display number among those of the person's unit and what it sent.
v1::ReferralView find_referral(Invocation& run, const std::string& text);

/// A callback or missed-caller entry by id, or by its place (1, 2, …) in the list that is shown first.
v1::CallbackView find_callback(Invocation& run, const std::string& text);
v1::MissedView find_missed(Invocation& run, const std::string& text);

/// A whole positive number, or nothing.
std::int64_t id_from(const std::string& text);

/// An instant, or a UsageError naming `option`.
std::int64_t instant_from(Invocation& run, const std::string& option, const std::string& text, bool past);
v1::Period period_from(Invocation& run, const std::string& day, const std::string& from, const std::string& to);

/// An enumeration's word, or a UsageError naming `option` and every word it takes.
template <class E>
E word_from(const Invocation& run, const std::string& option, const std::string& text) {
  if (const auto value = from_word<E>(text)) return *value;
  throw UsageError(say(run.language(), {"{}：没有“{}”；可用：{}", "{}: no {}; one of {}"}, option, text,
                       stable_names(*google::protobuf::GetEnumDescriptor<E>())));
}

}  // namespace kapok::cli
