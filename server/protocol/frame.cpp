#include "protocol/frame.h"

#include <cstdlib>

namespace kapok::protocol {
namespace {

std::uint32_t read_length(std::string_view header) {
  std::uint32_t length = 0;
  for (const char byte : header.substr(0, kFrameHeaderBytes)) length = (length << 8) | static_cast<unsigned char>(byte);
  return length;
}

}  // namespace

void FrameReader::take(std::string_view bytes) {
  if (error_) return;
  // What was given out is dropped here and not in next(), so that many small frames of one read move nothing.
  buffer_.erase(0, read_);
  read_ = 0;
  buffer_.append(bytes);
}

std::optional<std::string> FrameReader::next() {
  if (error_) return std::nullopt;
  const std::string_view rest = std::string_view(buffer_).substr(read_);
  if (rest.size() < kFrameHeaderBytes) return std::nullopt;
  const std::size_t length = read_length(rest);
  if (length == 0) error_ = FrameError::kZeroLength;
  if (length > frame_bytes_max_) error_ = FrameError::kTooLarge;
  if (error_ || rest.size() - kFrameHeaderBytes < length) return std::nullopt;
  read_ += kFrameHeaderBytes + length;
  return std::string(rest.substr(kFrameHeaderBytes, length));
}

std::optional<FrameError> FrameReader::close() {
  if (!error_ && read_ < buffer_.size()) error_ = FrameError::kTruncated;
  return error_;
}

std::string encode_frame(std::string_view payload) {
  if (payload.empty() || payload.size() > kOutboundFrameBytesMax) std::abort();
  const auto length = static_cast<std::uint32_t>(payload.size());
  std::string frame;
  frame.reserve(kFrameHeaderBytes + payload.size());
  for (const int shift : {24, 16, 8, 0}) frame.push_back(static_cast<char>(length >> shift));
  frame.append(payload);
  return frame;
}

}  // namespace kapok::protocol
