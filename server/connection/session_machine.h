#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "api/message.h"
#include "connection/limits.h"
#include "connection/token_bucket.h"
#include "core/enum_names.h"

namespace kapok::connection {

/// Why a connection ends; the word that CONNECTION_CLOSED logs.
enum class CloseWhy {
  kPeerClosed,
  kSignedOut,
  kServiceClosed,  ///< session revoked, second sign-in …: the service asked
  kServerStopping,
  kVersionRefused,
  kGreetingTooLong,  ///< frames or bytes before sign-in
  kGreetingTooSlow,
  kBadFrame,
  kFrameTooLarge,
  kTooManyRequests,
  kIdle,
  kWriteStalled,
  kQueueFull,
  kStreamFailed,
};

/// Decides what happens with each thing that a client sends or fails to send: greeting → signed in → closing.
/// Knows no socket and no clock. Lives on the connection's strand.
///
///   greeting   only hello, sign-in, resume and ping are carried to the service, within 3 frames, 4 KiB, 10 s
///   signed in  everything is carried, within the rate and the number of unanswered requests of its kind
///   closing    nothing is carried; what is queued is still written
class SessionMachine {
 public:
  enum class Stage { kGreeting, kSignedIn, kClosing };

  SessionMachine(const Limits& limits, NetTime now);

  struct Verdict {
    enum class Do { kCarry, kRefuse, kRefuseAndClose, kIgnore };
    Do what = Do::kIgnore;
    ErrorCode code{};                      ///< of a refusal
    CloseWhy why = CloseWhy::kPeerClosed;  ///< of a close
  };

  /// Bytes came in, complete frames or not. A reason when the peer has sent more than a stranger may.
  [[nodiscard]] std::optional<CloseWhy> on_bytes(std::size_t count, NetTime now);

  /// A complete, decoded request. `kCarry` counts it as unanswered until `on_reply`.
  [[nodiscard]] Verdict on_request(const api::Request& request, NetTime now);

  /// A complete frame that holds no request we can carry, for the reason `code`. It counts like one.
  [[nodiscard]] Verdict on_unreadable(ErrorCode code, NetTime now);

  /// Bytes that are no frame. The connection always ends: nothing that follows can be trusted.
  [[nodiscard]] Verdict on_bad_frame(ErrorCode code) const;

  /// The service's answer, on its way to the client. A reason when the connection ends after it.
  [[nodiscard]] std::optional<CloseWhy> on_reply(const api::Reply& reply, NetTime now);

  void on_closing() { stage_ = Stage::kClosing; }

  /// The instant by which the peer must have been heard, and why it is disconnected otherwise.
  struct Deadline {
    NetTime at;
    CloseWhy why;
  };
  [[nodiscard]] Deadline deadline() const;

  [[nodiscard]] Stage stage() const { return stage_; }
  [[nodiscard]] bool is_gateway() const { return gateway_; }
  [[nodiscard]] bool is_desk() const { return desk_; }
  [[nodiscard]] std::uint32_t in_flight() const { return in_flight_; }

 private:
  [[nodiscard]] Verdict count(NetTime now);
  [[nodiscard]] Verdict carry(const api::Request& request);
  void sign_in(const api::SignedIn& signed_in, NetTime now);

  Limits limits_;
  Stage stage_ = Stage::kGreeting;
  NetTime opened_at_;
  NetTime heard_at_;
  std::uint32_t greeting_frames_ = 0;
  std::size_t greeting_bytes_ = 0;
  std::uint32_t in_flight_ = 0;
  std::uint32_t in_flight_max_;
  TokenBucket requests_;
  TokenBucket refusals_;
  std::uint64_t sign_out_id_ = 0;
  bool gateway_ = false;
  bool desk_ = false;
};

}  // namespace kapok::connection

template <>
inline constexpr kapok::EnumName<kapok::connection::CloseWhy> kapok::kEnumNames<kapok::connection::CloseWhy>[] = {
    {kapok::connection::CloseWhy::kPeerClosed, "PEER_CLOSED", "对方断开"},
    {kapok::connection::CloseWhy::kSignedOut, "SIGNED_OUT", "已退出"},
    {kapok::connection::CloseWhy::kServiceClosed, "SERVICE_CLOSED", "服务端断开"},
    {kapok::connection::CloseWhy::kServerStopping, "SERVER_STOPPING", "服务器停止"},
    {kapok::connection::CloseWhy::kVersionRefused, "VERSION_REFUSED", "版本不支持"},
    {kapok::connection::CloseWhy::kGreetingTooLong, "GREETING_TOO_LONG", "登录前数据过多"},
    {kapok::connection::CloseWhy::kGreetingTooSlow, "GREETING_TOO_SLOW", "登录超时"},
    {kapok::connection::CloseWhy::kBadFrame, "BAD_FRAME", "数据帧有误"},
    {kapok::connection::CloseWhy::kFrameTooLarge, "FRAME_TOO_LARGE", "数据帧过大"},
    {kapok::connection::CloseWhy::kTooManyRequests, "TOO_MANY_REQUESTS", "请求过多"},
    {kapok::connection::CloseWhy::kIdle, "IDLE", "长时间无响应"},
    {kapok::connection::CloseWhy::kWriteStalled, "WRITE_STALLED", "对方接收过慢"},
    {kapok::connection::CloseWhy::kQueueFull, "QUEUE_FULL", "待发消息过多"},
    {kapok::connection::CloseWhy::kStreamFailed, "STREAM_FAILED", "连接出错"},
};
