#include "cli/command_line.h"

#include <algorithm>

#include "cli/output_json.h"

namespace kapok::cli {
namespace {

constexpr Words kAbout{"红棉守护命令行工具：装机、导入、值班、接线、记录、工单、日报与实时看板",
                       "Red Kapok Guardian from the command line: set up, import, duty, calls, records, referrals, "
                       "reports and a live board"};
constexpr Words kFooter{
    "退出码：0 成功；1 服务器拒绝（打印错误码）或本机操作失败；2 命令行有误；3 连不上服务器；4 请先登录。\n"
    "档案文件保存服务器地址、证书指纹和登录会话：--profile，其次 $KAPOK_PROFILE，其次 "
    "$XDG_STATE_HOME/kapokctl/profile。\n"
    "单位可写代码、中文名或英文名；服务记录与工单可写编号（GZ-261121-0042）或 id；社工写账号。",
    "Exit codes: 0 done; 1 refused by the server (its code is printed) or impossible on this machine; 2 wrong command "
    "line; 3 no server; 4 sign in first.\nA profile holds server, fingerprint and session: --profile, else "
    "$KAPOK_PROFILE, else $XDG_STATE_HOME/kapokctl/profile.\nUnits are named by code, Chinese or English name; "
    "contacts "
    "and referrals by number (GZ-261121-0042) or id; workers by account."};

std::string language_asked(const std::vector<std::string>& arguments) {
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    if (arguments[at].starts_with("--lang=")) return arguments[at].substr(7);
    if (arguments[at] == "--lang" && at + 1 < arguments.size()) return arguments[at + 1];
  }
  return {};
}

void label_in_chinese(CLI::App& app) {
  auto formatter = std::make_shared<CLI::Formatter>();
  formatter->column_width(34);
  for (const auto& [english, chinese] :
       std::initializer_list<std::pair<const char*, const char*>>{{"Usage", "用法"},
                                                                  {"Positionals", "参数"},
                                                                  {"Options", "选项"},
                                                                  {"Option Group", "选项组"},
                                                                  {"OPTIONS", "[选项]"},
                                                                  {"SUBCOMMAND", "命令"},
                                                                  {"Subcommand", "命令"},
                                                                  {"Subcommands", "命令"},
                                                                  {"REQUIRED", "必填"},
                                                                  {"Env", "环境变量"}})
    formatter->label(english, chinese);
  app.formatter(formatter);
}

void add_global_options(CLI::App& app, const Commands& commands, GlobalOptions& options, Choices& choices) {
  app.add_option("--server", options.server, commands.words({"服务器，主机:端口", "server, host:port"}));
  app.add_option("--fingerprint", options.fingerprint,
                 commands.words({"服务器证书的 SHA-256 指纹", "SHA-256 of the server's certificate"}));
  app.add_option("--profile", options.profile, commands.words({"档案文件或目录", "profile: a file or directory"}));
  app.add_option("--lang", choices.language, commands.words({"语言 zh 或 en", "language, zh or en"}))
      ->check(CLI::IsMember({"zh", "en"}));
  app.add_flag("--json", choices.json, commands.words({"输出 JSON", "answer in JSON"}));
  app.add_option("--timeout", options.timeout_s, commands.words({"等待服务器的秒数", "seconds to wait for the server"}))
      ->check(CLI::Range(0.1, 600.0));
}

Terminal terminal_for(const Surroundings& around, Language language, bool json) {
  return {.out = around.out,
          .err = around.err,
          .language = language,
          .json = json,
          .colour = around.out_is_terminal && !around.no_colour && !json,
          .interactive = around.out_is_terminal && around.in_is_terminal,
          .columns = around.out_is_terminal ? around.columns : 0};
}

void say_refused(Terminal& terminal, const v1::Error& error) {
  if (terminal.json) {
    terminal.out << "{\n  \"error\": " << json_string(error.code())
                 << ",\n  \"detail\": " << json_string(error.detail())
                 << ",\n  \"text_zh\": " << json_string(error.text_zh()) << "\n}\n";
    return;
  }
  const bool chinese = terminal.language == Language::kChinese;
  std::string text = terminal.paint(Colour::kRed, error.code());
  if (chinese && !error.text_zh().empty()) text += "  " + error.text_zh();
  if (!error.detail().empty()) text += chinese ? "（" + error.detail() + "）" : "  " + error.detail();
  terminal.err << text << '\n';
}

ExitCode carry_out(const Commands& commands, Invocation& invocation) {
  Terminal& terminal = invocation.terminal;
  try {
    return commands.chosen(invocation);
  } catch (const Refused& refused) {
    say_refused(terminal, refused.error);
    return ExitCode::kRefused;
  } catch (const UsageError& error) {
    terminal.err << error.what() << '\n';
    return ExitCode::kUsage;
  } catch (const SignInFirst& error) {
    terminal.err << error.what() << '\n';
    return ExitCode::kSignInFirst;
  } catch (const Unreachable& error) {
    terminal.note({"连不上服务器：{}", "no server: {}"}, std::string(error.what()));
    return ExitCode::kUnreachable;
  }
}

}  // namespace

CLI::App* Commands::add(CLI::App& above, const std::string& name, Words about) {
  CLI::App* command = above.add_subcommand(name, words(about));
  command->fallthrough();
  return command;
}

CLI::App* Commands::add_group(const std::string& name, Words about) {
  CLI::App* group = add(app, name, about);
  group->require_subcommand(1);
  return group;
}

void Commands::does(CLI::App* command, std::function<ExitCode(Invocation&)> action) {
  command->final_callback([this, action = std::move(action)] { chosen = action; });
}

void Commands::does(CLI::App* command, std::function<void(Invocation&)> action) {
  does(command, std::function<ExitCode(Invocation&)>([action = std::move(action)](Invocation& invocation) {
         action(invocation);
         return ExitCode::kOk;
       }));
}

Program::Program(Language language) : app(std::string(kAbout.in(language)), "kapokctl"), commands(app, language) {
  if (language == Language::kChinese) label_in_chinese(app);
  app.footer(std::string(kFooter.in(language)));
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", commands.words({"显示帮助", "show this help"}));
  app.set_version_flag("--version", "kapokctl " KAPOK_VERSION);
  add_global_options(app, commands, options, choices);
  for (const auto add_group :
       {add_offline_commands, add_audit_commands,     add_backup_commands,   add_journal_commands,
        add_import_commands,  add_directory_commands, add_worker_commands,   add_session_commands,
        add_duty_commands,    add_desk_commands,      add_write_up_commands, add_contact_commands,
        add_call_commands,    add_follow_up_commands, add_referral_commands, add_report_commands,
        add_watch_command,    add_store_commands,     add_keys_commands,     add_completion_command})
    add_group(commands);
}

int run_command_line(std::vector<std::string> arguments, const Surroundings& around) {
  const Language language = language_of(language_asked(arguments), around.locale);
  Program program(language);
  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the end
    program.app.parse(std::move(arguments));
  } catch (const CLI::Success& asked) {
    program.app.exit(asked, around.out, around.err);
    return 0;
  } catch (const CLI::ParseError& wrong) {
    around.err << say(language, {"命令行有误：{}（--help 查看用法）", "wrong command line: {} (see --help)"},
                      wrong.what())
               << '\n';
    return static_cast<int>(ExitCode::kUsage);
  }
  Terminal terminal = terminal_for(around, language, program.choices.json);
  try {
    const auto file = profile_path(program.options.profile);
    Invocation invocation(terminal, around.input, program.options, around.connect, file,
                          around.profile ? *around.profile : load_profile(file));
    return static_cast<int>(carry_out(program.commands, invocation));
  } catch (const UsageError& error) {
    around.err << error.what() << '\n';
    return static_cast<int>(ExitCode::kUsage);
  } catch (const LocalFailure& error) {
    around.err << error.what() << '\n';
    return static_cast<int>(ExitCode::kRefused);
  }
}

}  // namespace kapok::cli
