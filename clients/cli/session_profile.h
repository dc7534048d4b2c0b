#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace kapok::cli {

/// Which server, and as whom: what kapokctl remembers between two runs. A text file of `name = value` lines, 0600,
/// because whoever holds the session is that person until it ends.
///
///     server = 127.0.0.1:4433
///     fingerprint = 3f…            SHA-256 of the server's certificate; empty = ask the system's authorities
///     account = 440103001-01
///     session = …                  after `kapokctl login`
struct SessionProfile {
  std::string server;
  std::string fingerprint;
  std::string account;
  std::string session;

  friend bool operator==(const SessionProfile&, const SessionProfile&) = default;
};

/// `--profile`, else $KAPOK_PROFILE, else $XDG_STATE_HOME/kapokctl/profile (~/.local/state when unset). A directory
/// stands for the file `profile` in it.
std::filesystem::path profile_path(const std::string& asked);

/// Empty when there is no file. Throws LocalFailure for one that cannot be read, holds an unknown line, or holds a
/// session and is open to group or others.
SessionProfile load_profile(const std::filesystem::path& file);

/// Replaces the file whole, 0600, making its directories (0700). Throws LocalFailure.
void save_profile(const std::filesystem::path& file, const SessionProfile& profile);

/// `host:port`; throws UsageError with the place named for anything else. IPv6 stands in brackets.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};
HostPort host_port(const std::string& text);

/// Hexadecimal without colons, in lower case; empty stays empty. Throws UsageError unless it has 64 digits.
std::string fingerprint_of(const std::string& text);

}  // namespace kapok::cli
