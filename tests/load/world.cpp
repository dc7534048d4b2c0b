#include "load/world.h"

namespace kapok::load {

boost::asio::awaitable<void> pass(World& world, ProductUs length) {
  const auto real = world.clock.real(length);
  co_await real_sleep(real);
}

boost::asio::awaitable<bool> pass_or(World& world, ProductUs length, Signal& signal) {
  const auto real = world.clock.real(length);
  co_return co_await signal.wait(real);
}

void note_refusal(World& world, const std::string& what, const Answer& answer) {
  ++world.ledger.refusals[what + " " + answer.code()];
  if (answer.doubtful) ++world.ledger.doubtful[what];
}

}  // namespace kapok::load
