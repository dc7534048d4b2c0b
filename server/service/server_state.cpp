#include "service/server_state.h"

#include <string>

namespace kapok::service {

api::ServerNotice notice_of(ServerState state) {
  const std::string name(name_of(state));
  switch (state) {
    case ServerState::kStarting:
      return {name, "系统启动中", "the server is starting"};
    case ServerState::kOk:
      return {name, "系统正常，全部功能可用", "saving works; everything can be used"};
    case ServerState::kDegraded:
      return {
          name,
          "数据库暂不可用：接听来电、接线记录草稿照常并已存盘；查询、派单、回电任务、定稿、名册等暂停，恢复后再做",
          "the store is away: calls and drafts go on and are kept in the spool; search, orders, callbacks, finalising "
          "and the roster wait until it is back"};
    case ServerState::kNotRecorded:
      return {name, "未记录：什么都无法保存，来电转备用名单，请用纸笔记录",
              "NOT RECORDED: nothing can be saved and calls follow the hunt list; write down by hand what matters"};
  }
  return {name, {}, {}};
}

}  // namespace kapok::service
