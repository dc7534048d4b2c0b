#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include "core/id.h"
#include "core/local_time.h"
#include "core/permission.h"
#include "service/asked.h"
#include "service/changes.h"
#include "service/clients.h"
#include "service/clock.h"
#include "service/directory.h"
#include "service/record_openings.h"
#include "storage/readers.h"
#include "storage/writer.h"

namespace kapok::service {

/// What is fixed for a city while it runs.
struct CityConfig {
  CityId city{1};
  std::string city_zh = "广州市";
  std::string city_en = "Guangzhou";
  std::string code = "GZ";  ///< first letters of display numbers
  UtcOffset utc_offset = kChinaOffset;
  std::string version;
};

/// What every desk of the service shares, by reference. Decides nothing. Strand only, except `strand`, `clock`
/// and the store, which any thread may use.
struct Office {
  const CityConfig& config;
  boost::asio::any_io_executor strand;
  Clock& clock;
  storage::Writer& writer;
  storage::ReaderPool& readers;
  Changes& changes;
  Clients& clients;
  std::shared_ptr<const Directory> directory;  ///< swapped by an import

  /// Next id of the city (decision 4), of any kind.
  std::function<std::int64_t()> next_id;

  /// Shared by all desks that open records.
  std::shared_ptr<RecordOpenings> openings = std::make_shared<RecordOpenings>();

  /// Runs `read` on a reader thread with a read-only transaction and `then` on the strand with what it made.
  template <class T>
  void read(std::function<Result<T>(storage::ReadTransaction&)> read, std::function<void(Result<T>)> then);

  /// The store is away and the spool keeps what is changed: only what `works_when_degraded` is asked.
  bool degraded = false;

  /// As `read`, and when the store is away of what the writer has at hand in memory instead. `whole` is false then:
  /// what was not found may be there all the same.
  template <class T>
  void read_at_hand(std::function<Result<T>(storage::ReadTransaction&)> read,
                    std::function<void(Result<T>, bool whole)> then);

  /// Refuses and answers when the session may not; true when it may.
  [[nodiscard]] bool require(const Asked& asked, Action action, const Object& object) const;
};

template <class T>
void Office::read(std::function<Result<T>(storage::ReadTransaction&)> read, std::function<void(Result<T>)> then) {
  auto finish = [strand = strand, then = std::move(then)](Result<T> found) {
    boost::asio::post(strand, [then, found = std::move(found)]() mutable { then(std::move(found)); });
  };
  const auto taken =
      readers.submit({.read = [read = std::move(read), finish](auto& tx) { finish(read(tx)); }, .failed = finish});
  if (!taken) finish(taken.error());
}

template <class T>
void Office::read_at_hand(std::function<Result<T>(storage::ReadTransaction&)> read,
                          std::function<void(Result<T>, bool whole)> then) {
  auto look = [strand = strand, &writer = writer, read, then] {
    auto finish = [strand, then](Result<T> found) {
      boost::asio::post(strand, [then, found = std::move(found)]() mutable { then(std::move(found), false); });
    };
    const auto taken = writer.look({.read = [read, finish](auto& tx) { finish(read(tx)); }, .failed = finish});
    if (!taken) finish(taken.error());
  };
  if (degraded) return look();
  // The store may have gone a moment ago, and nobody has been told yet.
  this->read<T>(read, [look, then](Result<T> found) {
    if (!found && found.error().code == ErrorCode::kStoreUnavailable) return look();
    then(std::move(found), true);
  });
}

}  // namespace kapok::service
