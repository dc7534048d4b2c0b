#include "cli/session_profile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/exit_code.h"

namespace kapok::cli {
namespace {

constexpr std::size_t kProfileBytesMax = 16 * 1024;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw LocalFailure(file.string() + ": " + what);
}

std::string read_whole(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail(file, std::strerror(errno));
  std::ostringstream text;
  text << stream.rdbuf();
  if (text.view().size() > kProfileBytesMax) fail(file, "too large for a profile");
  return text.str();
}

void write_whole(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path beside = file.string() + ".new";
  ::unlink(beside.c_str());
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) fail(beside, std::strerror(errno));
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool kept = ::fsync(fd) == 0;
  ::close(fd);
  if (!written || !kept || ::rename(beside.c_str(), file.c_str()) != 0) fail(file, std::strerror(errno));
}

}  // namespace

std::filesystem::path profile_path(const std::string& asked) {
  std::filesystem::path path = asked.empty() ? environment("KAPOK_PROFILE") : asked;
  if (path.empty()) {
    const std::string state = environment("XDG_STATE_HOME");
    path =
        state.empty() ? std::filesystem::path(environment("HOME")) / ".local" / "state" : std::filesystem::path(state);
    path = path / "kapokctl" / "profile";
  }
  return std::filesystem::is_directory(path) ? path / "profile" : path;
}

SessionProfile load_profile(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return {};
  SessionProfile profile;
  const std::map<std::string, std::string*> places = {{"server", &profile.server},
                                                      {"fingerprint", &profile.fingerprint},
                                                      {"account", &profile.account},
                                                      {"session", &profile.session}};
  std::istringstream lines(read_whole(file));
  for (std::string line; std::getline(lines, line);) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    const auto place = places.find(trimmed(line.substr(0, equals)));
    if (equals == std::string::npos || place == places.end()) fail(file, "not a profile of kapokctl: " + line);
    *place->second = trimmed(line.substr(equals + 1));
  }
  struct stat facts{};
  if (!profile.session.empty() && ::stat(file.c_str(), &facts) == 0 && (facts.st_mode & 077) != 0)
    fail(file, "holds a session and can be read by others: run chmod 600 on it");
  return profile;
}

void save_profile(const std::filesystem::path& file, const SessionProfile& profile) {
  std::error_code failed;
  const auto directory = file.parent_path();
  if (!directory.empty() && !std::filesystem::exists(directory)) {
    std::filesystem::create_directories(directory, failed);
    if (failed) fail(directory, failed.message());
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failed);
  }
  std::string text = "# Profile of kapokctl. Whoever can read this file can act as the account below.\n";
  text += "server = " + profile.server + "\n";
  text += "fingerprint = " + profile.fingerprint + "\n";
  if (!profile.account.empty()) text += "account = " + profile.account + "\n";
  if (!profile.session.empty()) text += "session = " + profile.session + "\n";
  write_whole(file, text);
}

HostPort host_port(const std::string& text) {
  const auto colon = text.rfind(':');
  HostPort found;
  const char* end = text.data() + text.size();
  if (colon != std::string::npos && colon > 0 && colon + 1 < text.size()) {
    const auto [stopped, failed] = std::from_chars(text.data() + colon + 1, end, found.port);
    if (failed == std::errc{} && stopped == end && found.port != 0) found.host = text.substr(0, colon);
  }
  if (found.host.starts_with('[') && found.host.ends_with(']'))
    found.host = found.host.substr(1, found.host.size() - 2);
  if (found.host.empty()) throw UsageError("--server: host:port, not \"" + text + "\"");
  return found;
}

std::string fingerprint_of(const std::string& text) {
  std::string digits;
  for (const char sign : text) {
    if (sign == ':' || sign == ' ') continue;
    if (std::isxdigit(static_cast<unsigned char>(sign)) == 0) throw UsageError("--fingerprint: 64 hexadecimal digits");
    digits += static_cast<char>(std::tolower(static_cast<unsigned char>(sign)));
  }
  if (!digits.empty() && digits.size() != 64) throw UsageError("--fingerprint: 64 hexadecimal digits");
  return digits;
}

}  // namespace kapok::cli
