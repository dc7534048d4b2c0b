#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "kapok/v1/frame.pb.h"
#include "wire/conversation.h"

namespace kapok::load {

namespace asio = boost::asio;

/// A signal that several coroutines of one thread may wait for; each set wakes all. It keeps nothing: look at what
/// changed before each wait.
class Signal {
 public:
  explicit Signal(asio::any_io_executor executor) : executor_(std::move(executor)) {}
  void set();
  /// True when it was set, false when the time passed.
  asio::awaitable<bool> wait(std::chrono::steady_clock::duration at_most);

 private:
  asio::any_io_executor executor_;
  std::set<asio::steady_timer*> waiting_;
};

/// Runs a coroutine on its own; an exception that leaves it is printed with `name` and counted, never lost.
void run_alone(const asio::any_io_executor& executor, asio::awaitable<void> task, std::string name);
std::uint64_t failed_tasks();

asio::awaitable<void> real_sleep(std::chrono::steady_clock::duration length);

/// The link was stopped while something was being asked.
struct LinkStopped : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "stopped"; }
};

struct Answer {
  v1::Reply reply;
  /// The session was lost between two tries of a change: an earlier try may have been carried out.
  bool doubtful = false;
  [[nodiscard]] bool ok() const { return !reply.has_error(); }
  [[nodiscard]] const std::string& code() const { return reply.error().code(); }
};

/// How often links had to connect anew, and how often a request was repeated, over all of them.
struct LinkFigures {
  std::uint64_t connects = 0;
  std::uint64_t breaks = 0;
  std::uint64_t repeats = 0;
  std::uint64_t answered_again = 0;  ///< the server said is_repeat
  std::uint64_t open = 0;
};

/// How many connections may be on their way to a sign-in at once: the server takes 64 strangers of one address, and
/// after a restart everybody comes at the same time.
inline constexpr int kStrangersMax = 40;

/// What all links of a process share. Single-threaded, outlives them.
struct LinkGround {
  wire::ServerAddress server;
  asio::ssl::context tls;
  asio::any_io_executor executor;
  LinkFigures figures;
  int strangers = 0;
};

/// One signed-in device that survives its connection: it reconnects, resumes its session, and asks what was not
/// answered again, changes with their old keys (proto/README.md, "Keys"). Everything on the executor's one thread.
class SteadyLink : public std::enable_shared_from_this<SteadyLink> {
 public:
  /// Runs after each sign-in, before anything else is asked. May throw WireError.
  using Up = std::function<asio::awaitable<void>(wire::Conversation&)>;
  using Push = std::function<void(const v1::Push&)>;

  /// `first`: does not queue behind others when many connect (the gateway).
  SteadyLink(LinkGround& ground, std::string device_token, std::string client, bool first = false);

  void on_up(Up up) { up_hook_ = std::move(up); }
  void on_push(Push push) { push_ = std::move(push); }
  void on_down(std::function<void()> down) { down_hook_ = std::move(down); }

  /// Connects and stays connected until stop().
  void start();
  void stop();

  /// Waits for an answer as long as it takes. Throws LinkStopped.
  asio::awaitable<Answer> ask(v1::ClientFrame frame);
  asio::awaitable<Answer> change(v1::ClientFrame frame);
  /// Gives up at the first break; throws WireError or LinkStopped.
  asio::awaitable<v1::Reply> ask_once(v1::ClientFrame frame);
  asio::awaitable<void> until_up();

  [[nodiscard]] bool is_up() const { return up_ && conversation_->is_open(); }
  [[nodiscard]] const v1::Welcome& welcome() const { return welcome_; }
  [[nodiscard]] const v1::SignedIn& signed_in() const { return signed_in_; }
  /// Why it is not up; for a person.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  /// The server refused the device itself; connecting again is useless.
  [[nodiscard]] bool is_refused() const { return refused_; }

 private:
  asio::awaitable<void> keep(std::shared_ptr<SteadyLink> self);
  asio::awaitable<void> connect_and_serve();
  asio::awaitable<void> come_in();
  asio::awaitable<void> greet(wire::Conversation& with);
  asio::awaitable<void> serve();
  void sign_in_anew(wire::Conversation& with);
  asio::awaitable<Answer> ask_on(v1::ClientFrame frame, bool keyed);
  asio::awaitable<bool> try_ask(v1::ClientFrame frame, v1::Reply& reply);

  LinkGround& ground_;
  const std::string token_;
  const std::string client_;
  const bool first_;
  std::shared_ptr<wire::Conversation> conversation_;
  v1::Welcome welcome_;
  v1::SignedIn signed_in_;
  std::uint64_t key_ = 0;
  bool up_ = false;
  bool stopped_ = false;
  bool refused_ = false;
  std::chrono::milliseconds told_to_wait_{};  ///< by a server that stops
  std::string trouble_;
  Signal changed_;
  Up up_hook_;
  Push push_;
  std::function<void()> down_hook_;
};

}  // namespace kapok::load
