#pragma once

#include <stdexcept>
#include <string>

#include "kapok/v1/frame.pb.h"

/// How a run of kapokctl ends. Scripts may rely on these numbers; `kapokctl --help` prints them.
namespace kapok::cli {

enum class ExitCode : int {
  kOk = 0,
  kRefused = 1,      ///< the server said no, or a file could not be imported
  kUsage = 2,        ///< the command line, or a name on it, is wrong
  kUnreachable = 3,  ///< no server, no answer in time, or the connection broke
  kSignInFirst = 4,  ///< no session, or it has ended
};

/// The server's answer was an error; carries it as sent.
struct Refused : std::runtime_error {
  explicit Refused(v1::Error sent) : std::runtime_error(sent.code()), error(std::move(sent)) {}
  v1::Error error;
};

/// One sentence, already in the language of the person.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Unreachable : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct SignInFirst : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Something on this machine is in the way: a file, a lock. Ends with kRefused.
struct LocalFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace kapok::cli
