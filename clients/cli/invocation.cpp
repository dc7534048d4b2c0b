#include "cli/invocation.h"

#include <chrono>

#include "cli/output_json.h"

namespace kapok::cli {
namespace {

std::int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool ends_session(const std::string& code) { return code == "SESSION_ENDED" || code == "NOT_SIGNED_IN"; }

v1::Reply or_refused(v1::Reply reply) {
  if (reply.has_error()) throw Refused(reply.error());
  return reply;
}

}  // namespace

Invocation::Invocation(Terminal& where, std::istream& typed, GlobalOptions chosen, Connect connect,
                       std::filesystem::path file, SessionProfile profile)
    : terminal(where),
      input(typed),
      options(std::move(chosen)),
      connect_(std::move(connect)),
      file_(std::move(file)),
      profile_(std::move(profile)) {
  if (!options.server.empty() && options.server != profile_.server) {
    profile_.server = options.server;  // another server knows nothing of our session there
    profile_.session.clear();
    profile_.fingerprint.clear();
  }
  if (!options.fingerprint.empty()) profile_.fingerprint = fingerprint_of(options.fingerprint);
}

Link& Invocation::link() {
  if (link_) return *link_;
  if (profile_.server.empty())
    throw UsageError(say(language(), {"没有指定服务器：请用 --server 主机:端口 或 --profile 文件",
                                      "no server named: give --server host:port or --profile FILE"}));
  const std::chrono::milliseconds timeout(static_cast<std::int64_t>(options.timeout_s * 1000));
  link_ = connect_({profile_.server, profile_.fingerprint, timeout});
  connected_at_us_ = steady_us();
  return *link_;
}

const v1::SignedIn& Invocation::session() {
  if (signed_in_.session() != 0) return signed_in_;
  if (profile_.session.empty())
    throw SignInFirst(
        say(language(), {"尚未登录：请先运行 kapokctl login 账号", "sign in first: kapokctl login ACCOUNT"}));
  v1::ClientFrame frame;
  frame.mutable_resume()->set_session_token(profile_.session);
  try {
    return sign_in(std::move(frame));
  } catch (const Refused& refused) {
    if (!ends_session(refused.error.code())) throw;
    throw SignInFirst(say(language(),
                          {"登录已失效，请重新登录：kapokctl login {}", "the session has ended: kapokctl login {}"},
                          profile_.account));
  }
}

void Invocation::reconnect() {
  link_.reset();
  signed_in_.Clear();
  session();
}

const v1::SignedIn& Invocation::sign_in(v1::ClientFrame frame) {
  signed_in_ = or_refused(link().ask(std::move(frame))).signed_in();
  link().keys_from(signed_in_.last_key());
  if (!signed_in_.session_token().empty()) profile_.session = signed_in_.session_token();
  profile_.account = signed_in_.account();
  return signed_in_;
}

void Invocation::remember() { save_profile(file_, profile_); }

void Invocation::forget() {
  profile_.session.clear();
  save_profile(file_, profile_);
}

v1::Reply Invocation::ask(v1::ClientFrame frame) {
  session();
  return or_refused(link().ask(std::move(frame)));
}

v1::Reply Invocation::change(v1::ClientFrame frame) {
  session();
  v1::Reply reply = or_refused(link().change(std::move(frame)));
  if (reply.saved() == v1::SAVED_SPOOL)
    terminal.note({"已存盘，待入库（服务器降级运行）", "saved in the spool (the server is degraded)"});
  return reply;
}

v1::Reply Invocation::ask_unsigned(v1::ClientFrame frame) { return or_refused(link().ask(std::move(frame))); }

std::int64_t Invocation::now_us() {
  const v1::Welcome& welcome = link().welcome();
  const std::int64_t factor = welcome.practice_factor() == 0 ? 1 : welcome.practice_factor();
  return welcome.now_us() + (steady_us() - connected_at_us_) * factor;
}

bool Invocation::print_json(const google::protobuf::Message& message) {
  if (!terminal.json) return false;
  terminal.out << to_json(message, offset_min()) << '\n';
  return true;
}

}  // namespace kapok::cli
