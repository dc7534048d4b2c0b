#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace kapok::storage {

/// A PostgreSQL 15 server of its own: temporary directory, unix socket only, stopped by its process id.
/// Runs as the account `postgres` when the test runs as root, because PostgreSQL refuses root.
class PostgresCluster {
 public:
  /// Throws std::runtime_error with what was missing when the server cannot be started within 30 s.
  PostgresCluster();
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  /// For SOCI and libpq.
  [[nodiscard]] std::string connect_string() const;

 private:
  void stop();

  std::filesystem::path directory_;
  pid_t server_ = -1;
};

}  // namespace kapok::storage
