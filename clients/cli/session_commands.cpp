#include <optional>

#include "cli/command_line.h"
#include "cli/enum_words.h"
#include "cli/fact_sheet.h"
#include "cli/password_prompt.h"
#include "cli/time_text.h"

/// login, logout, whoami, health.
namespace kapok::cli {
namespace {

struct Login {
  std::string account;
  std::string device_token;
  std::string totp;
};

void show_person(Invocation& run) {
  const v1::SignedIn& person = run.session();
  v1::SignedIn shown = person;
  shown.clear_session_token();
  if (run.print_json(shown)) return;
  std::string roles;
  for (const auto& role : person.roles())
    roles += (roles.empty() ? "" : say(run.language(), {"、", ", "})) +
             say(run.language(), {"{}{}", "{} {}"}, role.unit_zh(), word(role.role(), run.language()));
  run.terminal.say(
      {"{}（{}）　{}　{}", "{} ({})  {}  {}"}, person.name(), person.account(),
      run.language() == Language::kChinese || person.unit_en().empty() ? person.unit_zh() : person.unit_en(), roles);
  run.terminal.say({"登录有效至 {}", "signed in until {}"}, minute_text(person.expires_at_us(), run.offset_min()));
}

void login(Invocation& run, const Login& chosen) {
  v1::ClientFrame frame;
  if (!chosen.device_token.empty()) {
    frame.mutable_sign_in_device()->set_device_token(chosen.device_token);
  } else if (chosen.account.empty()) {
    throw UsageError(say(run.language(), {"请写账号，或用 --device-token", "give an account or --device-token"}));
  } else {
    run.link();  // no question before it is sure that somebody will hear the answer
    auto& sign_in = *frame.mutable_sign_in();
    sign_in.set_account(chosen.account);
    sign_in.set_password(ask_secret(run, {"密码：", "password: "}));
    sign_in.set_totp(chosen.totp);
    sign_in.set_device_label("kapokctl");
  }
  try {
    run.sign_in(frame);
  } catch (const Refused& refused) {
    if (refused.error.code() != "SECOND_FACTOR_NEEDED" || !frame.has_sign_in()) throw;
    frame.mutable_sign_in()->set_totp(ask_secret(run, {"动态验证码：", "second factor: "}));
    run.sign_in(frame);
  }
  run.remember();
  show_person(run);
}

void logout(Invocation& run) {
  v1::ClientFrame frame;
  frame.mutable_sign_out();
  run.ask(frame);
  run.forget();
  run.terminal.say({"已退出", "signed out"});
}

Words state_words(const std::string& state) {
  if (state == "ok") return {"正常", "ok"};
  if (state == "degraded") return {"降级：记录暂存本机，稍后入库", "degraded: records go to the spool"};
  if (state == "not_recorded") return {"未记录：暂时无法保存", "NOT RECORDED: nothing can be saved"};
  if (state == "shutting_down") return {"正在停止", "shutting down"};
  return {"其他", "other"};
}

/// Figures for those who may read them; nothing for others and for nobody.
std::optional<v1::Status> status_if_permitted(Invocation& run) {
  if (run.profile().session.empty()) return std::nullopt;
  v1::ClientFrame frame;
  frame.mutable_get_status();
  try {
    return run.ask(frame).status();
  } catch (const Refused& refused) {
    if (refused.error.code() != "FORBIDDEN") throw;
  } catch (const SignInFirst&) {
    return std::nullopt;
  }
  return std::nullopt;
}

void add_status(Invocation& run, const v1::Status& status, FactSheet& sheet) {
  sheet.fact({"状态", "state"}, std::string(run.terminal.words(state_words(status.state()))));
  sheet.fact({"启动", "started"}, iso_time(status.started_at_us(), run.offset_min()));
  sheet.fact({"数据结构版本", "schema"}, std::to_string(status.schema()));
  sheet.fact({"等候", "waiting"}, std::to_string(status.waiting()));
  sheet.fact({"通话中", "talking"}, std::to_string(status.talking()));
  sheet.fact({"在岗", "on duty"}, std::to_string(status.on_duty()));
  sheet.fact({"登录会话", "sessions"}, std::to_string(status.sessions()));
  sheet.fact({"网关", "gateways"}, std::to_string(status.gateways()));
  sheet.fact({"今日来电", "calls today"}, std::to_string(status.calls_today()));
  sheet.fact({"审计链头", "audit head"}, status.audit_head());
}

void health(Invocation& run) {
  const v1::Welcome welcome = run.link().welcome();
  const auto status = status_if_permitted(run);
  if (run.terminal.json) {
    run.print_json(status ? static_cast<const google::protobuf::Message&>(*status) : welcome);
    return;
  }
  FactSheet sheet(run.terminal, {"城市", "city"},
                  run.language() == Language::kChinese ? welcome.city_zh() : welcome.city_en());
  sheet.fact({"服务器", "server"}, welcome.server());
  sheet.fact({"时间", "time"}, iso_time(run.now_us(), run.offset_min()));
  if (welcome.practice_factor() > 1) sheet.fact({"演练", "practice"}, "×" + std::to_string(welcome.practice_factor()));
  if (status) add_status(run, *status, sheet);
  sheet.print();
}

}  // namespace

void add_session_commands(Commands& commands) {
  auto* login_command = commands.add("login", {"登录并记住会话", "sign in and keep the session"});
  auto chosen = std::make_shared<Login>();
  login_command->add_option("account", chosen->account, commands.words({"账号", "account"}));
  login_command->add_option(
      "--device-token", chosen->device_token,
      commands.words({"用已登记设备的令牌登录，不问密码", "sign in by the token of an enrolled device"}));
  login_command->add_option("--totp", chosen->totp, commands.words({"动态验证码", "second factor"}));
  commands.does(login_command, [chosen](Invocation& run) { login(run, *chosen); });

  commands.does(commands.add("logout", {"退出并忘记会话", "sign out and forget the session"}), logout);
  commands.does(commands.add("whoami", {"当前登录的是谁", "who is signed in"}), show_person);
  commands.does(commands.add("health", {"服务器状态", "state of the server"}), health);
}

}  // namespace kapok::cli
