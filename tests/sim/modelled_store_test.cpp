#include "sim/modelled_store.h"

#include <gtest/gtest.h>

namespace kapok::sim {
namespace {

using namespace routing;

CallArrived arrival(std::int64_t call) {
  CallArrived event;
  event.call = CallId{call};
  event.line = LineId{1};
  event.arrived_at = Instant{1'000'000};
  event.arrival_seq = call;
  return event;
}
RecordArrival recorded(std::int64_t call) {
  RecordArrival command;
  command.call = CallId{call};
  command.base = CallerClass::kNormal;
  command.joined_at = Instant{1'000'000};
  return command;
}
OfferCall offered(std::int64_t call, std::int64_t offer, std::int64_t worker, std::int32_t attempt = 1) {
  OfferCall command;
  command.offer = OfferId{offer};
  command.call = CallId{call};
  command.worker = WorkerId{worker};
  command.attempt = attempt;
  return command;
}
RecordOfferEnded offer_ended(std::int64_t call, std::int64_t offer, std::int64_t worker, OfferEnd how) {
  return {OfferId{offer}, CallId{call}, WorkerId{worker}, how, Instant{2'000'000}};
}

EndCall ended(std::int64_t call) {
  EndCall command;
  command.call = CallId{call};
  command.outcome = CallOutcome::kShortAbandoned;
  return command;
}

TEST(ModelledStore, RebuildsACallFromItsRows) {
  ModelledStore store;
  EXPECT_EQ(store.take(arrival(1), {recorded(1), offered(1, 10, 5)}), std::nullopt);
  EXPECT_EQ(store.take(Ticked{}, {offer_ended(1, 10, 5, OfferEnd::kDeclined), offered(1, 11, 6, 2)}), std::nullopt);
  const Restarted restarted = store.restart(2, Instant{3'000'000}, {});
  ASSERT_EQ(restarted.calls.size(), 1U);
  EXPECT_EQ(restarted.last_offer, OfferId{11});
  EXPECT_EQ(restarted.calls[0].offers_made, 2);
  EXPECT_EQ(restarted.calls[0].talking_with, WorkerId{});
  ASSERT_EQ(restarted.calls[0].exclusions.size(), 1U) << "who declined stays excluded, whom the crash cut off does not";
  EXPECT_EQ(restarted.calls[0].exclusions[0].worker, WorkerId{5});
}

TEST(ModelledStore, NamesWhoIsAskedAgainAfterDeclining) {
  ModelledStore store;
  EXPECT_EQ(store.take(arrival(1), {recorded(1), offered(1, 10, 5)}), std::nullopt);
  EXPECT_NE(store.take(Ticked{}, {offer_ended(1, 10, 5, OfferEnd::kDeclined), offered(1, 11, 5, 2)}), std::nullopt);
}

TEST(ModelledStore, NamesWhatCannotBeTrue) {
  EXPECT_NE(ModelledStore{}.take(Ticked{}, {recorded(1)}), std::nullopt) << "an arrival nobody made";
  EXPECT_NE(ModelledStore{}.take(arrival(1), {offered(1, 10, 5)}), std::nullopt) << "an offer before the arrival";
  EXPECT_NE(ModelledStore{}.take(arrival(1), {recorded(1), offered(1, 10, 5), offered(1, 11, 6, 2)}), std::nullopt)
      << "two workers for one caller";
  EXPECT_NE(ModelledStore{}.take(arrival(1), {recorded(1), ended(1), ended(1)}), std::nullopt) << "two ends";
  EXPECT_NE(ModelledStore{}.take(arrival(1), {recorded(1), offered(1, 10, 5), ended(1)}), std::nullopt)
      << "an end while a phone rings on";
}

}  // namespace
}  // namespace kapok::sim
