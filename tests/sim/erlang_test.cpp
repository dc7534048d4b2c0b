#include "sim/erlang.h"

#include <gtest/gtest.h>

#include <cmath>

namespace kapok::sim {
namespace {

QueueModel hotline(std::int32_t servers, double per_hour, double talk_s, double patience_s = 0) {
  return {servers, per_hour / 3600, talk_s, patience_s};
}

/// Rows of the routing reference §1.5, computed there by other code (doubles in Python, long doubles in C++).
TEST(ErlangC, EqualsTheReferenceRows) {
  const QueueModel station = hotline(4, 12, 900);
  EXPECT_NEAR(erlang_c(station).waits, 0.50943396, 1e-8);
  EXPECT_NEAR(erlang_c(station).mean_wait_s, 458.490566, 1e-6);
  EXPECT_NEAR(erlang_c(station).queue_length, 1.528302, 1e-6);
  EXPECT_NEAR(answered_within(station, 20), 0.501762, 1e-6);
  EXPECT_NEAR(answered_within(station, 60), 0.523421, 1e-6);
  const QueueModel city = hotline(400, 1500, 900);
  EXPECT_NEAR(erlang_c(city).waits, 0.13609325, 1e-8);
  EXPECT_NEAR(erlang_c(city).mean_wait_s, 4.899357, 1e-6);
  EXPECT_NEAR(erlang_c(city).queue_length, 2.041399, 1e-6);
  EXPECT_NEAR(answered_within(city, 20), 0.921916, 1e-6);
  EXPECT_NEAR(answered_within(city, 60), 0.974295, 1e-6);
}

TEST(ErlangA, EqualsTheReferenceRows) {
  const QueueModel station = hotline(4, 12, 900, 300);
  EXPECT_NEAR(erlang_a(station).waits, 0.292621, 1e-6);
  EXPECT_NEAR(erlang_a(station).abandons, 0.147322, 1e-6);
  EXPECT_NEAR(erlang_a(station).mean_wait_s, 44.196551, 1e-6);
  EXPECT_NEAR(erlang_a(station).queue_length, 0.147322, 1e-6);
  EXPECT_NEAR(erlang_a(station).occupancy, 0.639509, 1e-6);
  EXPECT_NEAR(answered_within(station, 20), 0.722988, 1e-6);
  EXPECT_NEAR(answered_within(station, 60), 0.750112, 1e-6);
  const QueueModel district = hotline(40, 144, 900, 300);
  EXPECT_NEAR(erlang_a(district).waits, 0.211425, 1e-6);
  EXPECT_NEAR(erlang_a(district).abandons, 0.037791, 1e-6);
  EXPECT_NEAR(erlang_a(district).mean_wait_s, 11.337232, 1e-6);
  EXPECT_NEAR(erlang_a(district).queue_length, 0.453489, 1e-6);
  EXPECT_NEAR(erlang_a(district).occupancy, 0.865988, 1e-6);
  EXPECT_NEAR(answered_within(district, 20), 0.833599, 1e-6);
  EXPECT_NEAR(answered_within(district, 60), 0.898659, 1e-6);
}

/// Garnett, Mandelbaum, Reiman 2002, "Designing a call center with impatient customers", table 1: 50 servers, 48 calls
/// a minute, talks of 1 min; without abandonment and with a mean patience of 2 min. Printed to these digits.
TEST(Erlang, EqualsThePublishedComparisonOfBothModels) {
  const QueueModel patient{50, 48.0 / 60, 60, 0};
  EXPECT_NEAR(erlang_c(patient).mean_wait_s, 20.8, 0.05);
  EXPECT_NEAR(erlang_c(patient).queue_length, 17, 0.5);
  EXPECT_NEAR(erlang_c(patient).occupancy, 0.96, 0.005);
  const QueueModel impatient{50, 48.0 / 60, 60, 120};
  EXPECT_NEAR(erlang_a(impatient).abandons, 0.031, 0.0005);
  EXPECT_NEAR(erlang_a(impatient).mean_wait_s, 3.7, 0.05);
  EXPECT_NEAR(erlang_a(impatient).queue_length, 3, 0.5);
  EXPECT_NEAR(erlang_a(impatient).occupancy, 0.93, 0.005);
}

TEST(ErlangA, PatienceAsLongAsATalkIsAPoissonNumberOfCallers) {
  const QueueModel model{7, 1.0 / 50, 300, 300};  // load 6: M/M/infinity
  double below = 0;
  double term = std::exp(-6.0);
  for (int k = 0; k < 7; ++k) {
    below += term;
    term *= 6.0 / (k + 1);
  }
  EXPECT_NEAR(erlang_a(model).waits, 1 - below, 1e-12);
}

TEST(ErlangA, EndlessPatienceIsErlangC) {
  QueueModel model = hotline(12, 40, 900);
  const QueueFigures patient = erlang_c(model);
  const double within = answered_within(model, 20);
  model.patience_mean_s = 1e9;
  EXPECT_NEAR(erlang_a(model).waits, patient.waits, 1e-5);
  EXPECT_NEAR(erlang_a(model).mean_wait_s, patient.mean_wait_s, 1e-2);
  EXPECT_NEAR(answered_within(model, 20), within, 1e-5);
}

TEST(ErlangA, WhoIsNotAbandonedIsServed) {
  for (const double patience : {20.0, 300.0, 900.0})
    for (const double per_hour : {5.0, 300.0, 3000.0}) {
      const QueueModel model = hotline(30, per_hour, 600, patience);
      const QueueFigures figures = erlang_a(model);
      EXPECT_NEAR(model.arrivals_per_s * (1 - figures.abandons), 30 / 600.0 * figures.occupancy, 1e-9);
      EXPECT_NEAR(answered_within(model, 25 * patience), 1 - figures.abandons, 1e-9);
      EXPECT_NEAR(answered_within(model, 1e-6), 1 - figures.waits, 1e-5);
    }
}

TEST(Erlang, StaysFiniteForThousandsOfWorkers) {
  const QueueModel city{7000, 6990.0 / 900, 900, 300};
  const QueueFigures figures = erlang_a(city);
  EXPECT_GT(figures.waits, 0.1);
  EXPECT_LT(figures.abandons, 0.02);
  EXPECT_GT(answered_within(city, 20), 0.9);
  EXPECT_LE(answered_within(city, 20), 1.0);
}

}  // namespace
}  // namespace kapok::sim
