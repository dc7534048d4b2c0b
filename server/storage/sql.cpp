#include "storage/sql.h"

#include <deque>
#include <mutex>
#include <unordered_map>

namespace kapok::storage {
namespace {

struct Register {
  std::mutex mutex;
  std::deque<RegisteredSql> statements;  // a deque: addresses of the texts stay valid
  std::unordered_map<std::string, std::size_t> number_of;
};

Register& sql_register() {
  static Register* const instance = new Register;  // never destroyed: statements outlive static destruction
  return *instance;
}

}  // namespace

Sql::Sql(std::string text, SqlFor stores) {
  Register& all = sql_register();
  const std::lock_guard lock(all.mutex);
  const auto [place, is_new] = all.number_of.try_emplace(text, all.statements.size());
  if (is_new) all.statements.push_back({std::move(text), stores});
  number_ = place->second;
  text_ = &all.statements[number_].text;
}

std::optional<Sql> Sql::known(const std::string& text) {
  Register& all = sql_register();
  const std::lock_guard lock(all.mutex);
  const auto found = all.number_of.find(text);
  if (found == all.number_of.end()) return std::nullopt;
  return Sql(&all.statements[found->second].text, found->second);
}

std::vector<RegisteredSql> registered_sql() {
  Register& all = sql_register();
  const std::lock_guard lock(all.mutex);
  return {all.statements.begin(), all.statements.end()};
}

}  // namespace kapok::storage
