#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <deque>
#include <exception>
#include <optional>

#include "cli/exit_code.h"
#include "cli/link.h"
#include "cli/session_profile.h"
#include "wire/conversation.h"

namespace kapok::cli {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using wire::Conversation;

/// The pushes, keys and signals that nobody has taken yet. At most this many: who does not look for so long is
/// better told to start again.
constexpr std::size_t kHappeningsMax = 100'000;

class ServerLink final : public Link {
 public:
  explicit ServerLink(const Reach& reach) : timeout_(reach.timeout), tls_(make_tls(reach)) {
    const auto answered = run([this, reach] { return open(reach); });
    if (answered.has_error()) throw Unreachable(answered.error().code() + " " + answered.error().detail());
    welcome_ = answered.welcome();
    ping_interval_ = milliseconds(std::clamp<std::uint32_t>(welcome_.ping_interval_ms(), 500, 60'000));
    keep_alive();
  }

  ~ServerLink() override {
    if (conversation_) conversation_->close();
    signals_.reset();
    keyboard_.reset();
    liveness_.cancel();
    wait_.cancel();
    io_.restart();
    io_.run_for(milliseconds(200));
  }

  v1::Reply ask(v1::ClientFrame frame) override {
    return run([this, frame = std::move(frame)]() mutable { return conversation_->ask(std::move(frame), timeout_); });
  }

  // Numbers follow the wall clock, so that two runs of one session at the same time both go up.
  v1::Reply change(v1::ClientFrame frame) override {
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
    last_key_ = std::max(last_key_ + 1, static_cast<std::uint64_t>(now.count()));
    conversation_->last_key(last_key_ - 1);
    return run(
        [this, frame = std::move(frame)]() mutable { return conversation_->change(std::move(frame), timeout_); });
  }

  Happening wait(milliseconds at_most) override {
    if (happenings_.empty() && conversation_->is_open()) {
      wait_.expires_after(at_most);
      bool passed = false;
      wait_.async_wait([&](boost::system::error_code cancelled) { passed = !cancelled; });
      io_.restart();
      while (!passed && happenings_.empty()) io_.run_one();
      wait_.cancel();
      io_.poll();
    }
    if (happenings_.empty())
      return conversation_->is_open() ? Happening{} : Happening{Happening::Kind::kClosed, {}, {}, why_closed_};
    Happening first = std::move(happenings_.front());
    happenings_.pop_front();
    return first;
  }

  void listen_to_keyboard() override {
    signals_.emplace(io_, SIGINT, SIGTERM, SIGWINCH);
    listen_to_signals();
    // Files cannot be waited for; their end would be told over and over.
    if (::isatty(STDIN_FILENO) == 0) return;
    // Opened anew: Asio makes what it reads non-blocking, and standard output is often the same open terminal.
    const int terminal = ::open("/dev/tty", O_RDONLY | O_CLOEXEC);
    if (terminal < 0) return;
    keyboard_.emplace(io_, terminal);
    read_keys();
  }

  void beat_every(milliseconds interval) override {
    beats_ = true;
    ping_interval_ = interval;
    liveness_.cancel();
    keep_alive();
  }

  const v1::Welcome& welcome() const override { return welcome_; }
  void keys_from(std::uint64_t last_key) override { last_key_ = last_key; }

 private:
  static asio::ssl::context make_tls(const Reach& reach) { return wire::client_tls(address_of(reach)); }
  static wire::ServerAddress address_of(const Reach& reach) {
    const HostPort place = host_port(reach.server);
    return {place.host, place.port, reach.fingerprint};
  }

  asio::awaitable<v1::Reply> open(Reach reach) {
    const wire::ServerAddress address = address_of(reach);
    conversation_ = co_await Conversation::open(address, tls_, timeout_);
    conversation_->on_push([this](const v1::Push& push) { tell({Happening::Kind::kPush, push, {}, {}}); });
    conversation_->on_closed([this](const std::string& why) {
      why_closed_ = why;
      tell({Happening::Kind::kClosed, {}, {}, why});
    });
    v1::ClientFrame frame;
    frame.mutable_hello()->set_version_min(1);
    frame.mutable_hello()->set_version_max(1);
    frame.mutable_hello()->set_client("kapokctl " KAPOK_VERSION);
    co_return co_await conversation_->ask(frame, timeout_);
  }

  /// Runs one coroutine to its end, with everything else that is due meanwhile.
  template <class Start>
  v1::Reply run(Start start) {
    std::optional<v1::Reply> reply;
    std::exception_ptr failed;
    asio::co_spawn(io_, start(), [&](std::exception_ptr error, v1::Reply got) {
      failed = error;
      reply = std::move(got);
    });
    io_.restart();
    while (!reply) io_.run_one();
    try {
      if (failed) std::rethrow_exception(failed);
    } catch (const wire::WireError& error) {
      throw Unreachable(error.what());
    }
    return std::move(*reply);
  }

  void tell(Happening happening) {
    if (happenings_.size() < kHappeningsMax) happenings_.push_back(std::move(happening));
  }

  void keep_alive() {
    liveness_.expires_after(ping_interval_);
    liveness_.async_wait([this](boost::system::error_code cancelled) {
      if (cancelled || !conversation_->is_open()) return;
      v1::ClientFrame frame;
      if (beats_) {
        frame.mutable_beat();
      } else {
        frame.mutable_ping();
      }
      conversation_->tell(std::move(frame));
      keep_alive();
    });
  }

  void listen_to_signals() {
    signals_->async_wait([this](boost::system::error_code cancelled, int number) {
      if (cancelled) return;
      tell({number == SIGWINCH ? Happening::Kind::kResized : Happening::Kind::kInterrupted, {}, {}, {}});
      listen_to_signals();
    });
  }

  void read_keys() {
    const auto buffer = asio::buffer(typed_);
    keyboard_->async_read_some(buffer, [this](boost::system::error_code failed, std::size_t size) {
      if (failed == asio::error::operation_aborted) return;
      if (failed) return tell({Happening::Kind::kInterrupted, {}, {}, {}});
      tell({Happening::Kind::kKeys, {}, std::string(typed_.data(), size), {}});
      read_keys();
    });
  }

  milliseconds timeout_;
  asio::ssl::context tls_;
  asio::io_context io_{1};
  asio::steady_timer liveness_{io_};
  asio::steady_timer wait_{io_};
  std::optional<asio::signal_set> signals_;
  std::optional<asio::posix::stream_descriptor> keyboard_;
  std::array<char, 256> typed_{};
  std::shared_ptr<Conversation> conversation_;
  v1::Welcome welcome_;
  milliseconds ping_interval_{5000};
  bool beats_ = false;
  std::uint64_t last_key_ = 0;
  std::string why_closed_ = "closed";
  std::deque<Happening> happenings_;
};

}  // namespace

std::unique_ptr<Link> connect(const Reach& reach) {
  try {
    return std::make_unique<ServerLink>(reach);
  } catch (const wire::WireError& error) {
    throw Unreachable(error.what());
  }
}

}  // namespace kapok::cli
