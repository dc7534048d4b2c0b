#pragma once

#include <span>
#include <string_view>

#include "net/web_answer.h"
#include "net/web_request.h"

namespace kapok::net {

/// One file of the console, inside the program. Made by deploy/cmake/EmbedFiles.cmake.
struct WebFile {
  std::string_view path;  ///< "/assets/desk-3f2a.js"; "/" is index.html
  std::string_view type;
  std::string_view etag;  ///< SHA-256 of the content, in quotes
  std::string_view raw;
  std::string_view gzip;  ///< empty when packing does not make it smaller
};

/// The files this program was built with, sorted by path: the console, or a page that says that there is none.
std::span<const WebFile> embedded_files();

/// Answers GET and HEAD from `files`: 404 for what is not there, 304 when the browser has it, packed when it can unpack
/// that. What lies in /assets/ carries a digest in its name and is kept for ever, everything else is asked for anew.
WebAnswer answer_file(const WebRequest& request, std::span<const WebFile> files);

/// Whether If-None-Match names `etag`, also weakly or as `*`.
bool names_etag(std::string_view if_none_match, std::string_view etag);

/// Whether Accept-Encoding allows gzip: named, or `*`, and not with q=0.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace kapok::net
