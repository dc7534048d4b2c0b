#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/steady_timer.hpp>

#include "service/office.h"

namespace kapok::service {

/// The journal is kept this long (decision 20) …
inline constexpr auto kJournalKept = std::chrono::days{90};
/// … and shortened once a night, when the city sleeps, by so many rows in one transaction: a call waits a few
/// milliseconds behind it at worst.
inline constexpr Duration kJournalPrunedAt = hours{3};
inline constexpr std::int64_t kJournalRowsPerPruning = 200;

/// Removes journal rows of before the last start that is older than kJournalKept. Rows since that start stay, however
/// old: without their start none of the days that are kept could be replayed. A refusal or a sick store ends the
/// night's work; the next night goes on. Strand only.
class JournalPruning {
 public:
  explicit JournalPruning(Office& office) : office_(office), timer_(office.strand) {}

  /// Looks at once, for servers that are off at night, and then every night.
  void start() { look(); }

  /// Looks when it is due; its own timer calls it, and tests that move the clock do.
  void look_at_clock();

 private:
  void look();
  void erase_before(std::int64_t seq);
  void sleep();

  Office& office_;
  boost::asio::steady_timer timer_;
  Instant next_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace kapok::service
