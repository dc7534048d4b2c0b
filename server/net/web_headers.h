#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kapok::net {

/// Names and values of an HTTP answer. Every value passes header_value.
using WebHeaders = std::vector<std::pair<std::string_view, std::string>>;

/// `value` as it may stand in a header. CR, LF and other control characters are our own mistake, which would let
/// whoever supplied them write headers of their own (reliability.md §3.6): they end the process.
std::string header_value(std::string value);

/// Whether a value that came from outside holds no control character but tab.
bool is_header_value(std::string_view value);

/// Those of every answer, whatever it is (reliability.md §3.6): what a page may load, HTTPS for a year, no guessing of
/// types, no referrer, nothing shared with pages of other origins.
const WebHeaders& strict_headers();

/// "Sun, 22 Nov 2026 06:30:00 GMT".
std::string http_date(long long seconds_since_1970);

}  // namespace kapok::net
