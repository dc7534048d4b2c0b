#pragma once

#include <sstream>
#include <string>
#include <string_view>

#include "core/check.h"
#include "fuzz/memory_stream.h"
#include "net/fake_service.h"
#include "net/web_connection.h"

namespace kapok::testing_fuzz {

/// What kapokd's web port answers to a peer that sends `bytes` in pieces of `piece` and hangs up. Everything has ended
/// when this returns, or it is a find.
inline std::string visit(std::string_view bytes, std::size_t piece) {
  static std::ostringstream nowhere;
  static ops::Log log(ops::Severity::kError, nowhere);
  testing_net::FakeService service;
  connection::ConnectionRegistry registry;
  connection::Limits limits;
  limits.close_time_max = std::chrono::milliseconds(20);
  net::WebSite site{.service = service,
                    .registry = registry,
                    .log = log,
                    .connection_limits = limits,
                    .limits = {},
                    .origins = net::WebOrigins::parse({"https://a"}).value(),
                    .files = net::embedded_files(),
                    .health = [] { return net::HealthReport{}; }};
  net::PeerGate gate({});
  boost::asio::io_context io;
  auto stream = std::make_shared<MemoryStream>(io, bytes, piece);
  net::WebConnection::start({site, stream, "127.0.0.1", gate.admit(boost::asio::ip::address_v4::loopback()).place});
  io.run_for(std::chrono::seconds(3));
  KAPOK_CHECK(io.stopped());
  KAPOK_CHECK(gate.connections() == 0);
  KAPOK_CHECK(registry.size() == 0);
  return stream->written();
}

}  // namespace kapok::testing_fuzz
