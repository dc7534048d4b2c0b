#pragma once

#include <chrono>
#include <cstdint>

#include "load/product_time.h"

namespace kapok::load {

/// The city's clock as the server tells it in Welcome (decision 5): product time runs `factor` times as fast as real
/// time. It is set again at each reconnection, because a restarted server takes time up where it last saved.
class CityClock {
 public:
  using Real = std::chrono::steady_clock;

  void set(ProductUs now, std::uint32_t factor);

  /// As the server would label this moment.
  [[nodiscard]] ProductUs now() const;
  /// Never set back: what waits and durations of the city are measured with. Begins at the first set().
  [[nodiscard]] ProductUs steady() const;
  [[nodiscard]] std::uint32_t factor() const { return factor_; }
  /// Real time that a stretch of product time takes.
  [[nodiscard]] Real::duration real(ProductUs product) const;
  /// Product time that passes in a stretch of real time.
  [[nodiscard]] ProductUs product(Real::duration real) const;

 private:
  ProductUs base_ = 0;
  ProductUs first_ = 0;
  Real::time_point first_real_ = Real::now();
  Real::time_point base_real_ = Real::now();
  std::uint32_t factor_ = 1;
};

}  // namespace kapok::load
