#include "net/web_files.h"

#include <algorithm>

namespace kapok::net {
namespace {

constexpr std::string_view kHashedFolder = "/assets/";
constexpr std::string_view kBlank = " \t";

std::string_view next_part(std::string_view& list, char separator) {
  const auto end = list.find(separator);
  std::string_view part = list.substr(0, end);
  list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  part.remove_prefix(std::min(part.find_first_not_of(kBlank), part.size()));
  const auto last = part.find_last_not_of(kBlank);
  return part.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// "q=0", "q=0.000": not wanted.
bool is_unwanted(std::string_view parameter) {
  return parameter.starts_with("q=0") && parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    std::string_view named = next_part(if_none_match, ',');
    if (named.starts_with("W/")) named.remove_prefix(2);
    if (named == etag || named == "*") return true;
  }
  return false;
}

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    std::string_view coding = next_part(accept_encoding, ',');
    const std::string_view name = next_part(coding, ';');
    const bool wanted = !is_unwanted(next_part(coding, ';'));
    if (name == "gzip") return wanted;
    if (name == "*") any = wanted;
  }
  return any;
}

WebAnswer answer_file(const WebRequest& request, std::span<const WebFile> files) {
  const std::string_view path = request.path();
  const auto found = std::ranges::lower_bound(files, path, {}, &WebFile::path);
  if (found == files.end() || found->path != path) {
    WebAnswer missing = refusal_answer({404, WebRefusal::kNotOurs});
    missing.close_after = false;
    return missing;
  }
  WebAnswer answer;
  answer.headers.emplace_back("ETag", found->etag);
  answer.headers.emplace_back("Vary", "Accept-Encoding");
  answer.headers.emplace_back("Cache-Control",
                              path.starts_with(kHashedFolder) ? "public, max-age=31536000, immutable" : "no-cache");
  if (names_etag(request.if_none_match, found->etag)) {
    answer.status = 304;
    return answer;
  }
  answer.headers.emplace_back("Content-Type", found->type);
  answer.content = found->raw;
  if (!found->gzip.empty() && accepts_gzip(request.accept_encoding)) {
    answer.headers.emplace_back("Content-Encoding", "gzip");
    answer.content = found->gzip;
  }
  return answer;
}

}  // namespace kapok::net
