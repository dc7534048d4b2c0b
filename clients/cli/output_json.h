#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace kapok::cli {

/// A message for machines: one JSON object, indented. Ids are strings, for they do not fit a browser's number;
/// instants (`*_us`) become ISO 8601 in the city's offset under the name without `_us`, lengths of time become seconds
/// under `*_s`, enumerations their stable names. Unset instants, ids and enumerations are null; every other field is
/// there even when empty, except optional ones that were not sent.
std::string to_json(const google::protobuf::Message& message, int offset_min);

/// `text` as a JSON string with its quotes.
std::string json_string(std::string_view text);

}  // namespace kapok::cli
