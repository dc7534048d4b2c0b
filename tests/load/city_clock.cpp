#include "load/city_clock.h"

#include <algorithm>

namespace kapok::load {

void CityClock::set(ProductUs now, std::uint32_t factor) {
  base_ = now;
  base_real_ = Real::now();
  factor_ = std::max<std::uint32_t>(1, factor);
  if (first_ != 0) return;
  first_ = base_;
  first_real_ = base_real_;
}

ProductUs CityClock::now() const { return base_ + product(Real::now() - base_real_); }

ProductUs CityClock::steady() const { return first_ + product(Real::now() - first_real_); }

CityClock::Real::duration CityClock::real(ProductUs product) const {
  return std::chrono::duration_cast<Real::duration>(
      std::chrono::microseconds(std::max<ProductUs>(0, product) / factor_));
}

ProductUs CityClock::product(Real::duration real) const {
  return std::chrono::duration_cast<std::chrono::microseconds>(real).count() * factor_;
}

}  // namespace kapok::load
