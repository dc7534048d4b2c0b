#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "api/message.h"
#include "core/instant.h"
#include "service/service.h"
#include "service/session.h"

namespace kapok::service {

/// One request on its way through the service. Made on the strand; answered exactly once, from the strand.
/// Handed from step to step by shared pointer; never used by two threads at once.
struct Question {
  ConnectionId connection;
  std::shared_ptr<Session> session;  ///< null before sign-in
  api::Request request;
  Instant now;  ///< product time at which the request was taken up
  std::function<void(api::Reply)> reply;
  std::string rights;  ///< of the asker when the change was begun; kept with its answer

  void answer(api::ReplyBody body, api::Saved saved = api::Saved::kNothingToSave) {
    const bool repeated = std::holds_alternative<api::Stored>(body);
    send({request.id, std::move(body), saved, repeated});
  }
  void refuse(Error error) { send({request.id, std::move(error), api::Saved::kNothingToSave, false}); }
  void refuse(ErrorCode code, std::string detail = {}) { refuse(Error{code, std::move(detail)}); }

 private:
  void send(api::Reply answered) { std::exchange(reply, nullptr)(std::move(answered)); }
};

using Asked = std::shared_ptr<Question>;

}  // namespace kapok::service
