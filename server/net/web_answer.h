#pragma once

#include <string>
#include <string_view>

#include "net/web_headers.h"
#include "net/web_request.h"

namespace kapok::net {

/// One answer, before it is a response of a library. Content-Length, Connection, Date and the strict headers are added
/// when it is written.
struct WebAnswer {
  unsigned status = 200;
  WebHeaders headers = {};
  std::string text = {};          ///< its body, unless `content` is set
  std::string_view content = {};  ///< a body that outlives the program's requests
  bool close_after = false;       ///< what the peer sends next cannot be trusted, or is not wanted

  [[nodiscard]] std::string_view body() const { return content.empty() ? std::string_view(text) : content; }
};

/// The answer to what is refused: the status as a plain word, never kept, and the connection ends.
WebAnswer refusal_answer(const WebRefused& refused);

/// "Not Found".
std::string_view reason_of(unsigned status);

}  // namespace kapok::net
