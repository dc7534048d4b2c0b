#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of one client connection, with its reason. Times are real time, also on a practice store
/// (decision 5); tests shorten them.
namespace kapok::connection {

/// Real, steady time of the network; never product time.
using NetTime = std::chrono::steady_clock::time_point;
using NetDuration = std::chrono::steady_clock::duration;

struct Limits {
  // Before sign-in (reliability.md §3.6): enough for hello, sign-in and one more try with the second factor.
  std::uint32_t greeting_frames_max = 3;
  std::size_t greeting_bytes_max = 4096;
  NetDuration greeting_time_max = std::chrono::seconds(10);

  // Requests (reliability.md §3.6, decision 30). What goes beyond is answered RETRY_AFTER and not carried out;
  // a client that is refused a second burst on end is disconnected.
  std::uint32_t requests_per_s = 20;
  std::uint32_t requests_burst = 60;
  std::uint32_t gateway_requests_per_s = 2000;
  std::uint32_t gateway_requests_burst = 4000;
  std::uint32_t in_flight_max = 32;  ///< asked and not yet answered
  std::uint32_t gateway_in_flight_max = 1024;

  // Liveness (decision 16).
  NetDuration ping_interval = std::chrono::seconds(5);  ///< asked of clients in Welcome
  NetDuration desk_idle_max = std::chrono::seconds(15);
  NetDuration idle_max = std::chrono::seconds(35);

  // Writing (reliability.md §2.2, slow consumer).
  std::size_t queue_messages_max = 256;
  std::size_t queue_bytes_max = std::size_t{1} << 20;
  // A gateway is told of each of its calls at once when it comes back, and has 1,024 answers to come.
  std::size_t gateway_queue_messages_max = 16'384;
  std::size_t gateway_queue_bytes_max = std::size_t{8} << 20;
  NetDuration write_time_max = std::chrono::seconds(10);  ///< one write of at most 16 KiB and a frame
  NetDuration close_time_max = std::chrono::seconds(2);   ///< last messages and TLS close, then the socket goes
};

}  // namespace kapok::connection
