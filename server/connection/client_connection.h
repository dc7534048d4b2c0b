#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connection/byte_stream.h"
#include "connection/limits.h"
#include "connection/outbound_queue.h"
#include "connection/session_machine.h"
#include "ops/log.h"
#include "protocol/frame.h"
#include "service/service.h"

namespace kapok::connection {

/// One client from the end of its TLS handshake to the end of its connection: reads frames and carries them to
/// the service, writes what waits in its queue, and holds every deadline with one timer. What is allowed is
/// decided in SessionMachine and OutboundQueue; this class only acts.
///
/// Everything runs on the stream's strand; push, close and stop may be called from any thread. The service and
/// the log outlive the I/O threads. `connected` and `disconnected` of the service are each called once, in this
/// order, with everything else in between.
class ClientConnection final : public service::Outbox, public std::enable_shared_from_this<ClientConnection> {
 public:
  struct Parts {
    service::ConnectionId id;
    service::Peer peer;
    std::shared_ptr<ByteStream> stream;
    service::Service& service;
    ops::Log& log;
    Limits limits;
    std::function<void()> signed_in;  ///< called once, when the peer is no longer a stranger
    std::function<void()> ended;      ///< called once, last
    /// The session token behind an entry pass, once (a browser's connection only). Any thread.
    std::function<std::optional<std::string>(const std::string& entry_pass)> redeem = {};
  };

  /// Begins at once; keeps itself alive until it has ended.
  static std::shared_ptr<ClientConnection> start(Parts parts);

  void push(api::Push push, std::string coalesce_key) override;
  void close(std::string why) override;

  /// The server stops: tells why and when to come back, answers what was asked, writes what waits, says goodbye; cut
  /// off after `within`. A gateway is asked back at once, whatever the notice says: callers wait on it.
  void stop(NetDuration within, api::ServerNotice notice);

  [[nodiscard]] service::ConnectionId id() const { return parts_.id; }

  /// Use start().
  explicit ClientConnection(Parts parts);

 private:
  using Self = std::shared_ptr<ClientConnection>;

  boost::asio::awaitable<void> read_loop(Self self);
  boost::asio::awaitable<void> write_loop(Self self);
  boost::asio::awaitable<void> deadline_loop(Self self);
  void spawn(boost::asio::awaitable<void> loop);

  void on_bytes(std::string_view bytes);
  void on_frame(const std::string& frame);
  void on_bad_frame(std::uint64_t request_id, Error error);
  void act(const SessionMachine::Verdict& verdict, std::uint64_t request_id, std::string detail);
  void carry(api::Request request);
  void refuse(std::uint64_t request_id, Error error);
  void on_reply(api::Reply reply);
  void on_signed_in();
  [[nodiscard]] CloseWhy why_read_ended(boost::system::error_code failed);
  void send_reply(const api::Reply& reply);
  void enqueue(std::string_view payload, const std::string& key);

  void begin_close(CloseWhy why, NetDuration within);
  [[nodiscard]] bool may_say_goodbye() const;
  void start_writing();
  void end(CloseWhy why);

  [[nodiscard]] SessionMachine::Deadline next_deadline() const;
  void rearm();

  Parts parts_;
  ByteStream::executor_type strand_;
  SessionMachine machine_;
  OutboundQueue queue_;
  protocol::FrameReader frames_;
  boost::asio::steady_timer timer_;
  NetTime armed_at_{};
  std::optional<NetTime> write_by_;
  std::optional<NetTime> close_by_;
  CloseWhy close_why_ = CloseWhy::kPeerClosed;
  NetTime opened_at_;
  bool writing_ = false;
  bool said_goodbye_ = false;
  bool ended_ = false;
};

}  // namespace kapok::connection
