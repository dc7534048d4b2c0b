#include "load/random_streams.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

namespace kapok::load {
namespace {

std::vector<double> drawn(Stream stream, std::size_t count) {
  std::vector<double> values;
  for (std::size_t at = 0; at < count; ++at) values.push_back(stream.uniform());
  return values;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t at = 0; at < a.size(); ++at) sum += (a[at] - 0.5) * (b[at] - 0.5);
  return sum / static_cast<double>(a.size()) * 12.0;
}

TEST(RandomStreams, SameSeedPurposeAndNumberRepeatTheSameDraws) {
  EXPECT_EQ(drawn(RandomStreams(7).of(Purpose::kTalk, 3), 50), drawn(RandomStreams(7).of(Purpose::kTalk, 3), 50));
}

TEST(RandomStreams, OtherSeedOrPurposeOrNumberDrawsOtherwise) {
  const auto base = drawn(RandomStreams(7).of(Purpose::kTalk, 3), 5);
  EXPECT_NE(base, drawn(RandomStreams(8).of(Purpose::kTalk, 3), 5));
  EXPECT_NE(base, drawn(RandomStreams(7).of(Purpose::kPatience, 3), 5));
  EXPECT_NE(base, drawn(RandomStreams(7).of(Purpose::kTalk, 4), 5));
}

TEST(RandomStreams, PurposesAndNeighbouringNumbersAreUncorrelated) {
  const RandomStreams streams(1);
  const auto talk = drawn(streams.of(Purpose::kTalk, 1), 20'000);
  EXPECT_LT(std::abs(correlation(talk, drawn(streams.of(Purpose::kPatience, 1), 20'000))), 0.03);
  EXPECT_LT(std::abs(correlation(talk, drawn(streams.of(Purpose::kTalk, 2), 20'000))), 0.03);
  std::vector<double> firsts;
  std::vector<double> nexts;
  for (std::uint64_t number = 0; number < 20'000; ++number) {
    firsts.push_back(streams.of(Purpose::kTalk, number).uniform());
    nexts.push_back(streams.of(Purpose::kTalk, number + 1).uniform());
  }
  EXPECT_LT(std::abs(correlation(firsts, nexts)), 0.03);
}

TEST(RandomStreams, MeansAreThoseAskedFor) {
  Stream stream = RandomStreams(5).of(Purpose::kTalk);
  double exponential = 0;
  double log_normal = 0;
  constexpr int kDraws = 200'000;
  for (int draw = 0; draw < kDraws; ++draw) {
    exponential += stream.exponential(300);
    log_normal += stream.log_normal(900, 0.7);
  }
  EXPECT_NEAR(exponential / kDraws, 300, 4);
  EXPECT_NEAR(log_normal / kDraws, 900, 9);
}

TEST(RandomStreams, ChoicesStayWithinTheirBounds) {
  Stream stream = RandomStreams(5).of(Purpose::kLine);
  for (int draw = 0; draw < 1000; ++draw) {
    EXPECT_LT(stream.below(3), 3U);
    const double value = stream.between(2, 6);
    EXPECT_GE(value, 2);
    EXPECT_LT(value, 6);
  }
}

}  // namespace
}  // namespace kapok::load
