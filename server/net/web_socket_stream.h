#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connection/byte_stream.h"
#include "net/web_headers.h"

namespace kapok::net {

/// The messages of one WebSocket as the stream of frames that ClientConnection reads: what comes as one binary message
/// is given out behind its length, and each frame that is written leaves as one binary message. So every limit,
/// deadline and rule of a native client holds for a browser.
///
/// Refused in WebSocket's own way, with a close frame: a text message (1003), a message larger than the limit (1009),
/// what breaks RFC 6455 (1002). Nothing is compressed. Pings are answered; a peer that sends control frames without end
/// (more than 20 at once, 1 a second) is cut off. The first operation is `async_accept`.
class WebSocketStream : public connection::ByteStream {
 public:
  /// What the 101 says. The key was judged by judge_upgrade.
  struct Answer {
    std::string key;
    std::string_view subprotocol;
    WebHeaders headers;
  };

  template <class Token>
  auto async_accept(Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code)>(
        [](auto handler, WebSocketStream* self) { self->accept(DoneHandler(std::move(handler))); }, token, this);
  }

 protected:
  virtual void accept(DoneHandler handler) = 0;
};

/// Over a stream whose next byte from the peer follows the upgrade request. Messages of strangers are at most
/// `frame_bytes_max` long.
std::shared_ptr<WebSocketStream> make_web_socket_stream(std::shared_ptr<connection::ByteStream> under,
                                                        WebSocketStream::Answer answer, std::size_t frame_bytes_max);

}  // namespace kapok::net
