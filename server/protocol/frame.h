#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Bytes of a stream in, frames out, and back. Standard library only: the server, kapokctl and the load tools
/// all link this (library kapok_frame). The format is proto/README.md, "Framing": a 4-byte big-endian length,
/// then that many bytes of one ClientFrame or ServerFrame.
namespace kapok::protocol {

inline constexpr std::size_t kFrameHeaderBytes = 4;
/// What a client may send in one frame (decision 30).
inline constexpr std::size_t kInboundFrameBytesMax = 64 * 1024;
/// What a client may send before it has signed in (reliability.md §3.6).
inline constexpr std::size_t kSignInFrameBytesMax = 4 * 1024;
/// What the server may send in one frame; snapshots and results come in pages (decision 30).
inline constexpr std::size_t kOutboundFrameBytesMax = 256 * 1024;

/// Why a stream cannot be read further. After any of them the connection is closed: there is no way to find
/// the next frame.
enum class FrameError {
  kTooLarge,    ///< FRAME_TOO_LARGE: the length exceeds the limit; seen as soon as the header is there
  kZeroLength,  ///< BAD_FRAME: no frame of ours is empty
  kTruncated,   ///< the peer closed inside a frame
};

/// Cuts a byte stream into frames, however the bytes arrive. One reader per connection and direction; not for
/// two threads at once. Holds at most one frame and one read more, provided that `next` is called until it
/// gives nothing after each `take`.
class FrameReader {
 public:
  explicit FrameReader(std::size_t frame_bytes_max) : frame_bytes_max_(frame_bytes_max) {}

  /// Judges every frame whose header has not been passed by `next` yet.
  void set_frame_bytes_max(std::size_t bytes) { frame_bytes_max_ = bytes; }

  /// Adds bytes as they came. Ignored after an error.
  void take(std::string_view bytes);

  /// The next whole frame without its header, or nothing: then either more bytes are needed or error() is set.
  std::optional<std::string> next();

  /// Set once and for ever when the stream cannot be read further.
  [[nodiscard]] std::optional<FrameError> error() const { return error_; }

  /// The peer has closed: kTruncated when it did so inside a frame, an earlier error, or nothing.
  std::optional<FrameError> close();

 private:
  std::size_t frame_bytes_max_;
  std::string buffer_;
  std::size_t read_ = 0;  ///< bytes of buffer_ already given out
  std::optional<FrameError> error_;
};

/// `payload` behind its header. Its size is 1 to kOutboundFrameBytesMax; anything else is our mistake and ends
/// the process.
std::string encode_frame(std::string_view payload);

}  // namespace kapok::protocol
