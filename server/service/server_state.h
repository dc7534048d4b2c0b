#pragma once

#include "api/watch.h"
#include "core/enum_names.h"

namespace kapok::service {

/// What every client shows of the server, and what /health says.
enum class ServerState {
  kStarting,
  kOk,
  kDegraded,     ///< the store is away, the spool keeps: calls and drafts go on (decision 18)
  kNotRecorded,  ///< nothing can be saved: gateways follow their hunt lists
};

}  // namespace kapok::service

namespace kapok {

template <>
inline constexpr EnumName<service::ServerState> kEnumNames<service::ServerState>[] = {
    {service::ServerState::kStarting, "starting", "启动中"},
    {service::ServerState::kOk, "ok", "正常"},
    {service::ServerState::kDegraded, "degraded", "降级运行"},
    {service::ServerState::kNotRecorded, "not_recorded", "未记录"},
};

}  // namespace kapok

namespace kapok::service {

/// Says in both languages what works now and what does not.
api::ServerNotice notice_of(ServerState state);

}  // namespace kapok::service
