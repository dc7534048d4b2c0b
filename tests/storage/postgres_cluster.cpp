#include "storage/postgres_cluster.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

namespace kapok::storage {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr int kWaits = 300;
constexpr std::chrono::milliseconds kWait{100};

/// Starts a program of PostgreSQL, not as root, its output in `log`.
pid_t start(const std::vector<std::string>& arguments, const std::filesystem::path& directory) {
  std::vector<char*> raw;
  for (const auto& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  const passwd* const account = ::getpwnam("postgres");
  const std::string log = (directory / "log").string();
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (::getuid() == 0) {
    if (account == nullptr || ::initgroups("postgres", account->pw_gid) != 0 || ::setgid(account->pw_gid) != 0 ||
        ::setuid(account->pw_uid) != 0) {
      ::_exit(126);
    }
  }
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (out < 0 || ::dup2(out, 1) < 0 || ::dup2(out, 2) < 0 || ::chdir(directory.c_str()) != 0) ::_exit(126);
  ::execv(raw[0], raw.data());
  ::_exit(127);
}

/// Waits at most 30 s; nothing left running afterwards.
bool ended_well(pid_t child) {
  for (int i = 0; i < kWaits; ++i, std::this_thread::sleep_for(kWait)) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) == child) return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return false;
}

}  // namespace

PostgresCluster::PostgresCluster() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kapok-postgres-XXXXXX").string();
  directory_ = ::mkdtemp(pattern.data());
  if (const passwd* const account = ::getpwnam("postgres"); ::getuid() == 0 && account != nullptr)
    if (::chown(directory_.c_str(), account->pw_uid, account->pw_gid) != 0) throw std::runtime_error("chown failed");
  const std::string programs(kPrograms), data = (directory_ / "data").string(), sockets = directory_.string();
  if (!ended_well(
          start({programs + "initdb", "-N", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-D", data},
                directory_))) {
    throw std::runtime_error("initdb failed: apt-get install postgresql-15");
  }
  server_ = start({programs + "postgres", "-D", data, "-k", sockets, "-c", "listen_addresses=", "-c", "fsync=off"},
                  directory_);
  for (int i = 0; i < kWaits; ++i, std::this_thread::sleep_for(kWait)) {
    if (ended_well(start({programs + "pg_isready", "-q", "-h", sockets, "-U", "postgres"}, directory_))) return;
  }
  stop();
  throw std::runtime_error("postgres did not start");
}

PostgresCluster::~PostgresCluster() {
  stop();
  std::filesystem::remove_all(directory_);
}

void PostgresCluster::stop() {
  if (server_ > 0) {
    ::kill(server_, SIGINT);  // fast shutdown
    ended_well(server_);
  }
  server_ = -1;
}

std::string PostgresCluster::connect_string() const {
  return "host=" + directory_.string() + " user=postgres dbname=postgres connect_timeout=10";
}

}  // namespace kapok::storage
