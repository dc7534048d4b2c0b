#include "wire/conversation.h"

#include <array>
#include <utility>

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace kapok::wire {
namespace {

namespace asio = boost::asio;
constexpr auto kResult = asio::as_tuple(asio::use_awaitable);

std::string fingerprint_of(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned int at = 0; at < size; ++at) {
    text += kHex[digest[at] >> 4U];
    text += kHex[digest[at] & 15U];
  }
  return text;
}

}  // namespace

asio::ssl::context client_tls(const ServerAddress& server) {
  asio::ssl::context tls(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_3_VERSION);
  tls.set_verify_mode(asio::ssl::verify_peer);
  if (server.fingerprint.empty()) {
    tls.set_default_verify_paths();
    tls.set_verify_callback(asio::ssl::host_name_verification(server.host));
  } else {
    tls.set_verify_callback([pinned = server.fingerprint](bool, asio::ssl::verify_context& chain) {
      X509* certificate = X509_STORE_CTX_get0_cert(chain.native_handle());
      return certificate != nullptr && fingerprint_of(certificate) == pinned;
    });
  }
  return tls;
}

Conversation::Conversation(asio::any_io_executor executor, asio::ssl::context& tls)
    : executor_(executor), stream_(executor, tls) {}

asio::awaitable<std::shared_ptr<Conversation>> Conversation::open(const ServerAddress& server, asio::ssl::context& tls,
                                                                  std::chrono::milliseconds deadline) {
  auto executor = co_await asio::this_coro::executor;
  std::shared_ptr<Conversation> made(new Conversation(executor, tls));
  co_await made->connect(server, deadline);
  made->open_ = true;
  asio::co_spawn(executor, made->read(), asio::detached);
  co_return made;
}

asio::awaitable<void> Conversation::connect(ServerAddress server, std::chrono::milliseconds deadline) {
  const std::string where = server.host + ":" + std::to_string(server.port);
  // The timer closes the socket, which ends whichever step hangs.
  asio::steady_timer timer(executor_, deadline);
  timer.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    boost::system::error_code ignored;
    if (!cancelled) self->stream_.lowest_layer().close(ignored);
  });
  asio::ip::tcp::resolver resolver(executor_);
  auto [resolve_failed, addresses] = co_await resolver.async_resolve(server.host, std::to_string(server.port), kResult);
  if (resolve_failed) throw WireError("cannot resolve " + server.host + ": " + resolve_failed.message());
  auto [connect_failed, address] = co_await asio::async_connect(stream_.lowest_layer(), addresses, kResult);
  if (connect_failed) throw WireError("cannot reach kapokd at " + where + ": " + connect_failed.message());
  boost::system::error_code ignored;
  stream_.lowest_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
  auto [handshake_failed] = co_await stream_.async_handshake(Stream::client, kResult);
  if (handshake_failed) throw WireError("no secure connection with " + where + ": " + handshake_failed.message());
  timer.cancel();
}

asio::awaitable<v1::Reply> Conversation::ask(v1::ClientFrame frame, std::chrono::milliseconds deadline) {
  if (!open_) throw WireError("the connection is closed");
  auto self = shared_from_this();
  auto waiting = std::make_shared<Waiting>(executor_);
  waiting->arrived.expires_after(deadline);
  frame.set_request_id(++last_request_);
  waiting_.emplace(last_request_, waiting);
  const std::uint64_t id = last_request_;
  send(frame);
  co_await waiting->arrived.async_wait(kResult);
  waiting_.erase(id);
  if (waiting->reply) co_return std::move(*waiting->reply);
  throw WireError(open_ ? "kapokd did not answer in time" : "the connection broke");
}

asio::awaitable<v1::Reply> Conversation::change(v1::ClientFrame frame, std::chrono::milliseconds deadline) {
  frame.set_key(++last_key_);
  return ask(std::move(frame), deadline);
}

void Conversation::tell(v1::ClientFrame frame) {
  if (!open_) return;
  frame.set_request_id(++last_request_);
  send(frame);
}

void Conversation::send(const v1::ClientFrame& frame) {
  outbound_.push_back(protocol::encode_frame(frame.SerializeAsString()));
  if (!std::exchange(writing_, true)) asio::co_spawn(executor_, write(), asio::detached);
}

asio::awaitable<void> Conversation::write() {
  auto self = shared_from_this();
  while (open_ && !outbound_.empty()) {
    const std::string bytes = std::move(outbound_.front());
    outbound_.pop_front();
    const auto buffer = asio::buffer(bytes);
    auto [failed, written] = co_await asio::async_write(stream_, buffer, kResult);
    if (failed) broken("the connection broke: " + failed.message());
  }
  writing_ = false;
}

asio::awaitable<void> Conversation::read() {
  auto self = shared_from_this();
  std::array<char, 16 * 1024> bytes{};
  while (open_) {
    const auto buffer = asio::buffer(bytes);
    auto [failed, size] = co_await stream_.async_read_some(buffer, kResult);
    if (failed) {
      broken("kapokd closed the connection");
      break;
    }
    frames_.take({bytes.data(), size});
    while (auto payload = frames_.next()) take(*payload);
    if (frames_.error()) broken("kapokd sent a frame that cannot be read");
  }
}

void Conversation::take(const std::string& payload) {
  v1::ServerFrame frame;
  if (!frame.ParseFromString(payload)) return broken("kapokd sent a frame that cannot be read");
  if (frame.has_push()) {
    if (push_) push_(frame.push());
    return;
  }
  const auto found = waiting_.find(frame.reply().request_id());
  if (found == waiting_.end()) return;  // told, or given up
  found->second->reply = std::make_unique<v1::Reply>(std::move(*frame.mutable_reply()));
  found->second->arrived.cancel();
}

void Conversation::broken(const std::string& why) {
  if (!std::exchange(open_, false)) return;
  boost::system::error_code ignored;
  stream_.lowest_layer().close(ignored);
  for (auto& [id, waiting] : waiting_) waiting->arrived.cancel();
  if (closed_) closed_(why);
}

void Conversation::close() { broken("closed"); }

}  // namespace kapok::wire
