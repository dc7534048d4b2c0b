#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "load/arrival_process.h"
#include "load/city_plan.h"
#include "load/product_time.h"
#include "load/random_streams.h"
#include "load/replay_week.h"

namespace kapok::load {

struct Habits;

/// Patience of one who waits for ever.
inline constexpr ProductUs kForEver = 400 * kDayUs;

/// What a caller wants once he has dialled.
struct CallerNature {
  ProductUs patience = kForEver;  ///< then he hangs up, unanswered
  ProductUs talk = 0;
  bool worker_hangs_up = false;  ///< at the end of the talk; else the caller does
};

/// Who calls, when, from where and what for. Callers are numbered from 1 in the order in which they dial; the same
/// number is the same caller whoever asks. Decides nothing about what becomes of him.
class Callers {
 public:
  virtual ~Callers() = default;
  /// When the next one dials, counted from any instant before it; unset when nobody calls any more.
  virtual std::optional<ProductUs> next(ProductUs after) = 0;
  [[nodiscard]] virtual std::string dialled(std::uint64_t number) const = 0;
  /// The number he shows; empty when withheld.
  [[nodiscard]] virtual std::string shown(std::uint64_t number) const = 0;
  [[nodiscard]] virtual CallerNature nature(std::uint64_t number) const = 0;
};

/// A city's callers: they come by the hour of the week, to the lines of a plan, with drawn patience and talk.
class CityCallers final : public Callers {
 public:
  CityCallers(ArrivalProcess arrivals, const CityPlan& plan, const RandomStreams& streams, const Habits& habits)
      : arrivals_(std::move(arrivals)), plan_(plan), streams_(streams), habits_(habits) {}

  std::optional<ProductUs> next(ProductUs after) override { return arrivals_.next(after); }
  [[nodiscard]] std::string dialled(std::uint64_t number) const override;
  [[nodiscard]] std::string shown(std::uint64_t number) const override;
  [[nodiscard]] CallerNature nature(std::uint64_t number) const override;

 private:
  ArrivalProcess arrivals_;
  const CityPlan& plan_;
  const RandomStreams& streams_;
  const Habits& habits_;
};

/// The callers of a week's part at one line, as decision 38 has them. `begins` is the instant that stands for
/// `week.from`.
class ReplayCallers final : public Callers {
 public:
  ReplayCallers(ReplayWeek week, std::string line) : week_(std::move(week)), line_(std::move(line)) {}

  void begin(ProductUs begins) { begins_ = begins; }
  std::optional<ProductUs> next(ProductUs after) override;
  [[nodiscard]] std::string dialled(std::uint64_t) const override { return line_; }
  [[nodiscard]] std::string shown(std::uint64_t number) const override;
  [[nodiscard]] CallerNature nature(std::uint64_t number) const override;

 private:
  ReplayWeek week_;
  std::string line_;
  ProductUs begins_ = 0;
  std::size_t told_ = 0;
};

}  // namespace kapok::load
