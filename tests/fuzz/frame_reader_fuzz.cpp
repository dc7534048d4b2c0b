#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/check.h"
#include "protocol/frame.h"

/// However a stream is cut into pieces, the same frames come out and the same error ends it.

namespace {

using kapok::protocol::FrameError;
using kapok::protocol::FrameReader;

struct Outcome {
  std::vector<std::string> frames;
  std::optional<FrameError> error;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome read_in_pieces(std::string_view bytes, std::size_t piece) {
  FrameReader reader(kapok::protocol::kSignInFrameBytesMax);
  Outcome outcome;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.take(bytes.substr(at, piece));
    while (auto frame = reader.next()) outcome.frames.push_back(std::move(*frame));
  }
  outcome.error = reader.close();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Outcome whole = read_in_pieces(bytes, size == 0 ? 1 : size);
  KAPOK_CHECK(whole == read_in_pieces(bytes, 1));
  KAPOK_CHECK(whole == read_in_pieces(bytes, 7));
  for (const std::string& frame : whole.frames) KAPOK_CHECK(!frame.empty());
  return 0;
}
