#include <map>

#include "cli/command_line.h"

/// completion: scripts for bash and zsh, made from the commands themselves.
namespace kapok::cli {
namespace {

/// What may follow each chain of commands: "referral" → "list create … --json".
void collect(const CLI::App& app, const std::string& path, std::map<std::string, std::string>& follow) {
  std::string words;
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    words += below->get_name() + " ";
    collect(*below, path.empty() ? below->get_name() : path + " " + below->get_name(), follow);
  }
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  if (!words.empty()) words.pop_back();
  follow[path] = words;
}

void bash(std::ostream& out) {
  Program program(Language::kEnglish);
  std::map<std::string, std::string> follow;
  collect(program.app, "", follow);
  out << "# Completion of kapokctl for bash: eval \"$(kapokctl completion bash)\"\n_kapokctl() {\n"
         "  local word path=\"\" words=\"\"\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$path $word\" in\n";
  for (const auto& [path, words] : follow)
    if (!path.empty())
      out << "      \"" << (path.find(' ') == std::string::npos ? " " + path : path) << "\") path=\"" << path
          << "\" ;;\n";
  out << "    esac\n  done\n  case \"$path\" in\n";
  for (const auto& [path, words] : follow) out << "    \"" << path << "\") words=\"" << words << "\" ;;\n";
  out << "  esac\n  [ -n \"$path\" ] && words=\"$words --json --lang --profile --server --timeout\"\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -F _kapokctl kapokctl\n";
}

}  // namespace

void add_completion_command(Commands& commands) {
  auto* command = commands.add("completion", {"命令补全脚本", "script for completion by the shell"});
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
  commands.does(command, [shell](Invocation& run) {
    if (*shell == "zsh") run.terminal.out << "autoload -Uz bashcompinit && bashcompinit\n";
    bash(run.terminal.out);
  });
}

}  // namespace kapok::cli
