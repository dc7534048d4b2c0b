#include "load/steady_link.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kapok::load {
namespace {

using namespace std::chrono_literals;

constexpr auto kResult = asio::as_tuple(asio::use_awaitable);
// Network deadlines are real time (decision 5).
constexpr auto kConnectDeadline = 10s;
constexpr auto kAnswerDeadline = 15s;
constexpr auto kFirstPause = 100ms;
constexpr auto kLongestPause = 2000ms;
constexpr auto kTurn = 20ms;
constexpr auto kForEver = std::chrono::hours{24};

std::uint64_t failures = 0;

/// Codes that ask for the same request again, a little later (proto/README.md, "Try again later").
bool asks_again(std::string_view code) {
  constexpr std::array<std::string_view, 4> kLater{"RETRY_AFTER", "STORE_UNAVAILABLE", "DEADLINE_EXCEEDED",
                                                   "SHUTTING_DOWN"};
  return std::find(kLater.begin(), kLater.end(), code) != kLater.end();
}

/// A session lasts twelve hours of the city's time: twelve real minutes at x60.
bool session_over(const v1::Reply& reply) {
  const std::string& code = reply.error().code();
  return code == "NOT_SIGNED_IN" || code == "SESSION_ENDED";
}

}  // namespace

asio::awaitable<bool> Signal::wait(std::chrono::steady_clock::duration at_most) {
  asio::steady_timer timer(executor_, at_most);
  waiting_.insert(&timer);
  auto [cancelled] = co_await timer.async_wait(kResult);
  waiting_.erase(&timer);
  co_return static_cast<bool>(cancelled);
}

void Signal::set() {
  for (asio::steady_timer* timer : waiting_) timer->cancel();
}

void run_alone(const asio::any_io_executor& executor, asio::awaitable<void> task, std::string name) {
  asio::co_spawn(executor, std::move(task), [name = std::move(name)](const std::exception_ptr& failed) {
    if (!failed) return;
    try {
      std::rethrow_exception(failed);
    } catch (const LinkStopped&) {
      return;  // the ordinary end of whoever still asked something
    } catch (const std::exception& error) {
      ++failures;
      std::cerr << "kapok-load: " << name << " ended: " << error.what() << '\n';
    }
  });
}

std::uint64_t failed_tasks() { return failures; }

asio::awaitable<void> real_sleep(std::chrono::steady_clock::duration length) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, length);
  co_await timer.async_wait(kResult);
}

SteadyLink::SteadyLink(LinkGround& ground, std::string device_token, std::string client, bool first)
    : ground_(ground),
      token_(std::move(device_token)),
      client_(std::move(client)),
      first_(first),
      changed_(ground.executor) {}

void SteadyLink::start() { run_alone(ground_.executor, keep(shared_from_this()), client_); }

void SteadyLink::stop() {
  stopped_ = true;
  up_ = false;
  if (conversation_) conversation_->close();
  changed_.set();
}

asio::awaitable<void> SteadyLink::keep(std::shared_ptr<SteadyLink> self) {
  std::chrono::milliseconds pause = kFirstPause;
  while (!self->stopped_ && !self->refused_) {
    bool was_up = false;
    try {
      co_await connect_and_serve();
      was_up = true;
    } catch (const wire::WireError& error) {
      trouble_ = error.what();
    }
    if (up_) ++ground_.figures.breaks;
    up_ = false;
    if (conversation_) conversation_->close();
    if (stopped_) break;
    if (down_hook_) down_hook_();
    changed_.set();
    pause = was_up ? kFirstPause : std::min<std::chrono::milliseconds>(pause * 2, kLongestPause);
    const auto told = std::exchange(told_to_wait_, {});
    co_await real_sleep(std::max(pause, told));
  }
  changed_.set();
}

/// Returns when a connection that was up has ended; throws when it never came so far.
asio::awaitable<void> SteadyLink::connect_and_serve() {
  while (!first_ && ground_.strangers >= kStrangersMax) {
    co_await real_sleep(kTurn);
    if (stopped_) co_return;
  }
  co_await come_in();
  if (up_hook_) co_await up_hook_(*conversation_);
  if (stopped_) co_return;
  up_ = true;
  ++ground_.figures.connects;
  ++ground_.figures.open;
  changed_.set();
  co_await serve();
  --ground_.figures.open;
}

asio::awaitable<void> SteadyLink::come_in() {
  struct Stranger {
    explicit Stranger(int& counted) : count(counted) { ++count; }
    ~Stranger() { --count; }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    int& count;
  } stranger(ground_.strangers);
  conversation_ = co_await wire::Conversation::open(ground_.server, ground_.tls, kConnectDeadline);
  conversation_->on_push([this](const v1::Push& push) {
    if (push.has_server_notice()) told_to_wait_ = std::chrono::milliseconds(push.server_notice().reconnect_after_ms());
    if (push_ && !stopped_) push_(push);
  });
  conversation_->on_closed([this](const std::string& why) {
    trouble_ = why;
    changed_.set();
  });
  co_await greet(*conversation_);
}

asio::awaitable<void> SteadyLink::greet(wire::Conversation& with) {
  v1::ClientFrame hello;
  hello.mutable_hello()->set_version_min(1);
  hello.mutable_hello()->set_version_max(1);
  hello.mutable_hello()->set_client("kapok-load " + client_);
  v1::Reply welcome = co_await with.ask(hello, kConnectDeadline);
  if (welcome.has_error()) throw wire::WireError("kapokd refused the greeting: " + welcome.error().code());
  welcome_ = welcome.welcome();
  v1::ClientFrame sign_in;
  if (signed_in_.session_token().empty())
    sign_in.mutable_sign_in_device()->set_device_token(token_);
  else
    sign_in.mutable_resume()->set_session_token(signed_in_.session_token());
  v1::Reply reply = co_await with.ask(sign_in, kConnectDeadline);
  if (reply.has_error()) {
    const std::string code = reply.error().code();
    if (code == "SESSION_ENDED") signed_in_.Clear();
    if (code == "WRONG_CREDENTIALS" || code == "FORBIDDEN") refused_ = true;
    throw wire::WireError("kapokd refused the sign-in of " + client_ + ": " + code);
  }
  const bool same = signed_in_.session() == reply.signed_in().session();
  signed_in_ = reply.signed_in();
  key_ = same ? std::max(key_, signed_in_.last_key()) : signed_in_.last_key();
}

/// Keeps the connection warm until it ends.
asio::awaitable<void> SteadyLink::serve() {
  const auto interval = std::chrono::milliseconds(std::max<std::uint32_t>(500, welcome_.ping_interval_ms()));
  auto next_ping = std::chrono::steady_clock::now() + interval;
  while (conversation_->is_open() && !stopped_) {
    const auto left = next_ping - std::chrono::steady_clock::now();
    if (left <= 0s) {
      v1::ClientFrame ping;
      ping.mutable_ping();
      conversation_->tell(ping);
      next_ping += interval;
      continue;
    }
    co_await changed_.wait(left);
  }
}

asio::awaitable<void> SteadyLink::until_up() {
  while (!is_up()) {
    if (stopped_ || refused_) throw LinkStopped();
    co_await changed_.wait(kForEver);
  }
}

asio::awaitable<v1::Reply> SteadyLink::ask_once(v1::ClientFrame frame) {
  co_await until_up();
  auto with = conversation_;
  v1::Reply reply = co_await with->ask(std::move(frame), kAnswerDeadline);
  if (!session_over(reply)) co_return reply;
  sign_in_anew(*with);
  throw wire::WireError("the session's time is over");
}

/// True with the reply, false when the connection broke first.
void SteadyLink::sign_in_anew(wire::Conversation& with) {
  signed_in_.Clear();
  with.close();
}

asio::awaitable<bool> SteadyLink::try_ask(v1::ClientFrame frame, v1::Reply& reply) {
  auto with = conversation_;
  try {
    reply = co_await with->ask(std::move(frame), kAnswerDeadline);
    if (!session_over(reply)) co_return true;
    sign_in_anew(*with);
    co_return false;
  } catch (const wire::WireError&) {
    with->close();  // silent for that long it is of no use
    co_return false;
  }
}

asio::awaitable<Answer> SteadyLink::ask(v1::ClientFrame frame) { return ask_on(std::move(frame), false); }

asio::awaitable<Answer> SteadyLink::change(v1::ClientFrame frame) { return ask_on(std::move(frame), true); }

asio::awaitable<Answer> SteadyLink::ask_on(v1::ClientFrame frame, bool keyed) {
  auto self = shared_from_this();
  Answer answer;
  std::int64_t session = 0;
  std::chrono::milliseconds pause = kFirstPause;
  while (true) {
    co_await until_up();
    if (keyed && session != signed_in_.session()) {
      answer.doubtful = session != 0;
      session = signed_in_.session();
      frame.set_key(++key_);
    }
    const bool answered = co_await try_ask(frame, answer.reply);
    if (stopped_ && !answered) throw LinkStopped();
    if (answered && !(answer.reply.has_error() && asks_again(answer.reply.error().code()))) break;
    ++ground_.figures.repeats;
    co_await real_sleep(pause);
    pause = std::min<std::chrono::milliseconds>(pause * 2, kLongestPause);
  }
  if (answer.reply.is_repeat()) ++ground_.figures.answered_again;
  co_return std::move(answer);
}

}  // namespace kapok::load
