#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "kapok/v1/frame.pb.h"

namespace kapok::cli {

/// What happened while kapokctl waited.
struct Happening {
  enum class Kind {
    kPush,         ///< `push`
    kKeys,         ///< `keys`: bytes typed, a whole line unless the keyboard is raw
    kResized,      ///< the terminal has another size
    kInterrupted,  ///< Ctrl-C, or asked to end
    kClosed,       ///< the connection is gone; `why`
    kNothing,      ///< the time passed
  };
  Kind kind = Kind::kNothing;
  v1::Push push;
  std::string keys;
  std::string why;
};

/// One conversation with kapokd as a command sees it: ask and be answered, or wait for what happens. Blocking, one
/// thread. While anything is awaited the liveness signs that the server expects are sent by themselves.
class Link {
 public:
  virtual ~Link() = default;

  /// The reply, an Error among them. Throws Unreachable when the connection breaks or no answer comes in time.
  virtual v1::Reply ask(v1::ClientFrame frame) = 0;

  /// As ask, with the next idempotency key: for everything that changes something.
  virtual v1::Reply change(v1::ClientFrame frame) = 0;

  /// The next push, key or signal; pushes that came during ask() are kept in order.
  virtual Happening wait(std::chrono::milliseconds at_most) = 0;

  /// From now on wait() tells what is typed, and Ctrl-C.
  virtual void listen_to_keyboard() = 0;

  /// From now on a beat goes to the server this often (gateways).
  virtual void beat_every(std::chrono::milliseconds interval) = 0;

  [[nodiscard]] virtual const v1::Welcome& welcome() const = 0;

  /// Numbers go on above this one (SignedIn.last_key).
  virtual void keys_from(std::uint64_t last_key) = 0;
};

struct Reach {
  std::string server;       ///< host:port
  std::string fingerprint;  ///< hexadecimal or empty
  std::chrono::milliseconds timeout{10'000};
};

/// Connects and says Hello. Throws Unreachable or UsageError.
std::unique_ptr<Link> connect(const Reach& reach);

}  // namespace kapok::cli
