#pragma once

#include <chrono>
#include <string_view>

/// Words to systemd over $NOTIFY_SOCKET (sd_notify), without its library. Nothing happens when the variable is
/// not set. Any thread; never blocks.
namespace kapok::ops {

/// `state` is one sd_notify line: READY=1, STOPPING=1, WATCHDOG=1.
void notify_supervisor(std::string_view state);

/// How often systemd wants to hear WATCHDOG=1; zero when it does not.
std::chrono::microseconds watchdog_interval();

}  // namespace kapok::ops
