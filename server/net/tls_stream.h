#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "connection/byte_stream.h"
#include "net/tls_context.h"

namespace kapok::net {

/// A TLS server stream over an accepted socket, whose executor must be a strand. The handshake is its first
/// operation; `close` ends that too.
class TlsStream : public connection::ByteStream {
 public:
  template <class Token>
  auto async_handshake(Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code)>(
        [](auto handler, TlsStream* self) { self->handshake(DoneHandler(std::move(handler))); }, token, this);
  }

 protected:
  virtual void handshake(DoneHandler handler) = 0;
};

std::unique_ptr<TlsStream> make_tls_stream(boost::asio::ip::tcp::socket socket, const TlsContext& context);

}  // namespace kapok::net
