#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "service/city_fixture.h"
#include "service/city_service.h"
#include "storage/connection.h"
#include "storage/search_index.h"
#include "storage/spool.h"

namespace kapok::service {

/// The whole CityService over a real store with a spool in a temporary directory, its directory imported: two stations
/// of one district with a line each, four workers with desks, one who has a phone, a gateway. The clock moves by hand;
/// the strand runs only inside the fixture's functions; every wait ends after 30 s.
class WholeCity {
 public:
  static constexpr const char* kLineNumber = "020-00100001";

  WholeCity();
  ~WholeCity();

  /// Ends the process and starts another over the same directory. Clients are gone.
  void restart();

  /// From now on the writing connection fails at these places, until mend_store().
  template <class... Points>
  void break_store(Points... points) {
    failing_ = (0u | ... | (1u << static_cast<unsigned>(points)));
  }
  void mend_store() { failing_ = 0; }

  TestClient connect();
  void disconnect(const TestClient& client);
  /// Signed in with the account's device.
  TestClient sign_in(const std::string& account);
  std::string token_of(const std::string& account) const { return "device of " + account; }
  /// A worker on duty, at his desk, and ready.
  TestClient on_duty(const std::string& account);
  TestClient gateway(std::uint64_t epoch = 1);

  api::Reply ask(const TestClient& client, api::RequestBody body, std::optional<std::uint64_t> key = {});
  /// With the client's next key.
  api::Reply change(const TestClient& client, api::RequestBody body) {
    return ask(client, std::move(body), ++last_key_);
  }
  api::Reply arrive(const TestClient& gateway, const std::string& gw_ref, const std::string& caller = "13800138000");
  /// The offer shown last, accepted.
  api::Reply accept(const TestClient& worker);

  static std::optional<ErrorCode> refusal(const api::Reply& reply) {
    return reply.body ? std::nullopt : std::optional(reply.body.error().code);
  }
  template <class T>
  static T got(const api::Reply& reply) {
    EXPECT_TRUE(reply.body.ok()) << (reply.body.ok() ? "" : name_of(reply.body.error().code));
    return reply.body.ok() && std::holds_alternative<T>(*reply.body) ? std::get<T>(*reply.body) : T{};
  }

  void run_until(const std::function<bool()>& done);
  CityService& city() { return *city_; }

  template <class T>
  T stored(const std::function<T(storage::ReadTransaction&)>& look) {
    auto connection = database_->connect_reader();
    storage::ReadTransaction tx(**connection, *keys_);
    return look(tx);
  }
  long long count(const std::string& from) {
    return stored<long long>(
        [&](auto& tx) { return std::stoll(tx.connection().text_of("SELECT COUNT(*) FROM " + from)); });
  }

  ManualClock clock{Instant{1'790'128'800'000'000}};  ///< 2026-09-23 10:00 in Guangzhou

 private:
  void open_store();
  void open_city();
  void close();
  void import_people();

  std::filesystem::path home_;
  std::unique_ptr<const storage::KeyRing> keys_;
  std::atomic<unsigned> failing_ = 0;  ///< bits of storage::FaultPoint
  std::unique_ptr<storage::Spool> spool_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::Writer> writer_;
  std::unique_ptr<storage::ReaderPool> readers_;
  std::unique_ptr<storage::SearchIndex> search_;
  std::ostringstream log_text_;
  ops::Log log_{ops::Severity::kError, log_text_};
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<CityService> city_;
  std::atomic<CityService*> told_ = nullptr;  ///< by the writer
  std::uint64_t last_connection_ = 0;
  std::uint64_t last_request_ = 0;
  std::uint64_t last_key_ = 0;
};

}  // namespace kapok::service
