#include "net/tls_listener.h"

#include <netinet/tcp.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/tls_stream.h"

namespace kapok::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
constexpr int kUserTimeoutMs = 20'000;  // reliability.md §2.2, half-open TCP

void set_up(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(UserTimeout(kUserTimeoutMs), ignored);
}

}  // namespace

TlsListener::TlsListener(Around around, TlsContext tls, Settings settings)
    : around_(around),
      tls_(std::move(tls)),
      settings_(std::move(settings)),
      gate_(settings_.shared_gate ? *settings_.shared_gate : PeerGate(settings_.gate)),
      acceptor_(asio::make_strand(around.io)),
      pause_(acceptor_.get_executor()) {}

Result<std::shared_ptr<TlsListener>> TlsListener::open(Around around, TlsContext tls, Settings settings) {
  auto listener = std::make_shared<TlsListener>(around, std::move(tls), std::move(settings));
  tcp::acceptor& acceptor = listener->acceptor_;
  const tcp::endpoint wanted = listener->settings_.endpoint;
  boost::system::error_code failed;
  acceptor.open(wanted.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(wanted, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (!failed) listener->local_endpoint_ = acceptor.local_endpoint(failed);
  if (failed)
    return Error{ErrorCode::kInvalidArgument, "cannot listen on " + wanted.address().to_string() + " port " +
                                                  std::to_string(wanted.port()) + ": " + failed.message()};
  return listener;
}

void TlsListener::start() {
  around_.log.write(ops::LogId::kListening, {{"port", local_endpoint_.port()}, {"for", settings_.purpose}});
  asio::co_spawn(acceptor_.get_executor(), accept_loop(shared_from_this()), asio::detached);
}

void TlsListener::stop() {
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    boost::system::error_code ignored;
    self->acceptor_.close(ignored);
    self->pause_.cancel();
  });
}

asio::awaitable<void> TlsListener::accept_loop(Self self) {
  while (acceptor_.is_open()) {
    const auto strand = asio::make_strand(around_.io);
    tcp::socket socket(strand);
    const auto accepted = co_await acceptor_.async_accept(socket, kTuple);
    const auto& failed = std::get<0>(accepted);
    if (!acceptor_.is_open()) break;
    if (failed) {
      around_.log.write(ops::LogId::kAcceptFailed, {{"errno", failed.value()}});
      pause_.expires_after(settings_.accept_retry_after);
      co_await pause_.async_wait(kTuple);
      continue;
    }
    admit(std::move(socket));
  }
}

void TlsListener::admit(Socket socket) {
  boost::system::error_code failed;
  const auto peer = socket.remote_endpoint(failed);
  if (failed) return;
  auto answer = gate_.admit(peer.address());
  if (!answer.place) {
    say(answer.why == PeerGate::Refused::kAllFull ? ops::LogId::kConnectionLimitReached
                                                  : ops::LogId::kPeerLimitReached);
    return;
  }
  set_up(socket);
  const auto strand = socket.get_executor();
  asio::co_spawn(strand,
                 greet(shared_from_this(), std::move(socket), peer.address().to_string(), std::move(answer.place)),
                 asio::detached);
}

// Strand of the acceptor only.
void TlsListener::say(ops::LogId event) {
  if (const std::size_t times = lines_[event].count_one())
    around_.log.write(event, {{"times", times}, {"connections", gate_.connections()}});
}

asio::awaitable<void> TlsListener::greet(Self self, Socket socket, std::string address,
                                         std::shared_ptr<PeerGate::Place> place) {
  std::shared_ptr<TlsStream> stream = make_tls_stream(std::move(socket), tls_);

  asio::steady_timer deadline(stream->get_executor(), settings_.handshake_time_max);
  deadline.async_wait([stream](boost::system::error_code cancelled) {
    if (!cancelled) stream->close();
  });
  const auto shaken = co_await stream->async_handshake(kTuple);
  deadline.cancel();
  if (std::get<0>(shaken)) {
    asio::post(acceptor_.get_executor(), [self] { self->say(ops::LogId::kHandshakeFailed); });
    co_return;
  }

  Arrival arrival{std::move(stream), std::move(address), std::move(place)};
  if (settings_.serve) {
    settings_.serve(std::move(arrival));
  } else {
    serve_frames(std::move(arrival));
  }
}

void TlsListener::serve_frames(Arrival arrival) {
  const auto id = around_.registry.next_id();
  auto& registry = around_.registry;
  connection::ClientConnection::Parts parts{id,
                                            {std::move(arrival.address)},
                                            std::move(arrival.stream),
                                            around_.service,
                                            around_.log,
                                            settings_.limits,
                                            [place = arrival.place] { place->known(); },
                                            [place = arrival.place, &registry, id] { registry.remove(id); }};
  registry.add(connection::ClientConnection::start(std::move(parts)));
}

}  // namespace kapok::net
