#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "core/local_time.h"
#include "service/city_service.h"
#include "storage/audit_verify.h"
#include "storage/database.h"
#include "storage/journal_replay.h"
#include "week/virtual_clock.h"

namespace kapok::week {

/// A client inside the process: what a connection would hold.
struct WeekClient {
  service::ConnectionId connection;
  std::shared_ptr<service::Outbox> outbox;
  std::uint64_t last_key = 0;
  std::chrono::steady_clock::time_point spoke_at;
};
using Client = std::shared_ptr<WeekClient>;

/// One station with its line, and the production service over a real SQLite store in a directory of its own that goes
/// with it. Virtual time; the city's strand runs inside the functions below, on the caller's thread, the writer and a
/// reader on theirs. Functions throw std::runtime_error with one sentence when the city refuses or falls silent.
class WeekCity {
 public:
  static constexpr const char* kLine = "020-00100001";
  using OnPush = std::function<void(const api::Push&)>;

  struct Person {
    std::string account;
    std::vector<Period> shifts;  ///< at a desk
  };

  /// `parent` holds the store's directory. The people beside a gateway and a reader of the log, who are always there.
  WeekCity(const std::filesystem::path& parent, Instant now, const std::vector<Person>& people);
  ~WeekCity();
  WeekCity(const WeekCity&) = delete;
  WeekCity& operator=(const WeekCity&) = delete;

  [[nodiscard]] const VirtualClock& clock() const { return clock_; }
  /// Time passes: what is due happens and is saved. Not beyond the clock's next timer.
  void move_to(Instant at);
  /// Until nothing is under way: all is saved and everybody has been told.
  void settle();

  /// `on_push` hears pushes on the caller's thread, inside the functions of this class; it must not call them.
  Client gateway(OnPush on_push);
  Client log_reader();
  Client worker(const std::string& account, OnPush on_push);
  void leave(const Client& client);

  api::Reply ask(const Client& client, api::RequestBody body);
  /// With the client's next key.
  api::Reply change(const Client& client, api::RequestBody body);
  /// The body of a reply, or an exception that names the refusal and `what` was asked.
  template <class T>
  static T granted(api::Reply reply, const char* what) {
    if (!reply.body)
      throw std::runtime_error(std::string(what) + " was refused: " + std::string(name_of(reply.body.error().code)));
    if (!std::holds_alternative<T>(*reply.body)) throw std::runtime_error(std::string(what) + ": unexpected reply");
    return std::get<T>(std::move(*reply.body));
  }

  /// Takes nothing new, saves what waits, ends the threads. What follows reads the files.
  void close();
  [[nodiscard]] storage::ReplayedJournal replay_journal();
  [[nodiscard]] storage::AuditFindings verify_audit();
  [[nodiscard]] storage::WriterFigures saved() const { return figures_; }
  [[nodiscard]] std::uintmax_t store_bytes() const;
  /// Lines of the server's own log of warning or worse.
  [[nodiscard]] std::string log() const { return log_text_.str(); }

 private:
  struct Ears;
  /// Goes with its files, also when the city could not be opened.
  struct Home {
    std::filesystem::path path;
    ~Home() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };

  void fill(const std::vector<Person>& people);
  void open();
  Client sign_in(const std::string& account, OnPush on_push);
  api::Reply ask(const Client& client, api::RequestBody body, std::optional<std::uint64_t> key);
  void keep_alive();
  void writer_passed();
  void readers_passed();
  void run_until(const std::function<bool()>& done);

  Home home_;
  VirtualClock clock_;
  std::unique_ptr<const storage::KeyRing> keys_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::Writer> writer_;
  std::unique_ptr<storage::ReaderPool> readers_;
  std::unique_ptr<storage::SearchIndex> search_;
  std::ostringstream log_text_;
  ops::Log log_{ops::Severity::kWarning, log_text_};
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{io_.get_executor()};
  std::unique_ptr<service::CityService> city_;
  std::vector<Client> clients_;
  storage::WriterFigures figures_;
  std::uint64_t last_connection_ = 0;
  bool quiet_ = false;  ///< nobody has asked for anything since nothing was under way
  std::uint64_t last_request_ = 0;
};

}  // namespace kapok::week
