#include "net/web_server.h"

#include <utility>
#include <vector>

namespace kapok::net {

WebServer::WebServer(TlsListener::Around around, Settings settings)
    : site_{.service = around.service,
            .registry = around.registry,
            .log = around.log,
            .connection_limits = settings.listen.limits,
            .limits = settings.limits,
            .origins = {},
            .files = settings.files,
            .health = std::move(settings.health)} {}

Result<std::shared_ptr<WebServer>> WebServer::open(TlsListener::Around around, TlsContext tls, Settings settings) {
  TlsListener::Settings listen = settings.listen;
  const auto origins_at = settings.origins;
  auto server = std::make_shared<WebServer>(around, std::move(settings));
  const std::weak_ptr<WebServer> weak = server;
  server->site_.refused = [weak](WebRefusal why) {
    if (const auto self = weak.lock()) self->say(why);
  };
  listen.purpose = ops::Code("web");
  listen.serve = [weak](TlsListener::Arrival arrival) {
    if (const auto self = weak.lock()) self->serve(std::move(arrival));
  };
  auto listener = TlsListener::open(around, std::move(tls), std::move(listen));
  if (!listener.ok()) return listener.error();
  server->listener_ = std::move(listener).value();
  auto origins = origins_at(server->local_endpoint().port());
  if (!origins.ok()) return origins.error();
  server->site_.origins = std::move(origins).value();
  return server;
}

void WebServer::start() { listener_->start(); }

void WebServer::stop() {
  listener_->stop();
  std::vector<std::shared_ptr<WebConnection>> told;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [number, connection] : connections_)
      if (auto alive = connection.lock()) told.push_back(std::move(alive));
  }
  for (const auto& connection : told) connection->stop();
}

void WebServer::serve(TlsListener::Arrival arrival) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return arrival.stream->close();
  const std::uint64_t number = ++last_;
  const auto ended = [self = shared_from_this(), number] {
    const std::lock_guard again(self->mutex_);
    self->connections_.erase(number);
  };
  connections_[number] = WebConnection::start(
      {site_, std::move(arrival.stream), std::move(arrival.address), std::move(arrival.place), ended});
}

void WebServer::say(WebRefusal why) {
  const std::lock_guard lock(mutex_);
  if (const std::size_t times = refused_[why].count_one())
    site_.log.write(ops::LogId::kWebRequestRefused, {{"why", why}, {"times", times}});
}

}  // namespace kapok::net
