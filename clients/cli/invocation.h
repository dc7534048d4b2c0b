#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <string>

#include "cli/exit_code.h"
#include "cli/link.h"
#include "cli/session_profile.h"
#include "cli/terminal.h"

namespace kapok::cli {

/// What stands before the command on the command line.
struct GlobalOptions {
  std::string server;
  std::string fingerprint;
  std::string profile;
  double timeout_s = 10;
};

/// How a run reaches its server; tests put something else in its place.
using Connect = std::function<std::unique_ptr<Link>(const Reach&)>;

/// One run of kapokctl: its terminal, its server and the session it acts in. Connects when first asked for the link,
/// takes up the session when first asked for that.
class Invocation {
 public:
  /// `profile` is what stands in `file`; options go over it.
  Invocation(Terminal& terminal, std::istream& input, GlobalOptions options, Connect connect,
             std::filesystem::path file, SessionProfile profile);

  Terminal& terminal;
  std::istream& input;
  const GlobalOptions options;

  /// Connected, nobody signed in. Throws Unreachable, UsageError.
  Link& link();
  /// The person of this run. Throws SignInFirst when there is no session or it has ended.
  const v1::SignedIn& session();
  /// A second, fresh connection in the same session (after the first one broke).
  void reconnect();

  /// The answer, or Refused. Both act in the session.
  v1::Reply ask(v1::ClientFrame frame);
  v1::Reply change(v1::ClientFrame frame);
  /// The answer without a session, or Refused.
  v1::Reply ask_unsigned(v1::ClientFrame frame);

  /// Signs in by the frame given (SignIn or SignInDevice) and takes the session for this run; kept only by `remember`.
  const v1::SignedIn& sign_in(v1::ClientFrame frame);
  void remember();
  void forget();

  [[nodiscard]] SessionProfile& profile() { return profile_; }
  [[nodiscard]] const std::filesystem::path& profile_file() const { return file_; }
  [[nodiscard]] int offset_min() { return link().welcome().utc_offset_min(); }
  /// Product time: of Welcome, moved on by real time times the practice factor.
  [[nodiscard]] std::int64_t now_us();

  [[nodiscard]] Language language() const { return terminal.language; }
  /// Prints `message` as JSON when that was asked for; false when words are wanted.
  bool print_json(const google::protobuf::Message& message);

 private:
  Connect connect_;
  std::filesystem::path file_;
  SessionProfile profile_;
  std::unique_ptr<Link> link_;
  std::int64_t connected_at_us_ = 0;  ///< steady
  v1::SignedIn signed_in_;
};

}  // namespace kapok::cli
