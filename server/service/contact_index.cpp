#include "service/contact_index.h"

#include "core/check.h"

namespace kapok::service {

std::string searchable_text(const casework::Contact& contact) {
  const casework::ContactFields& fields = contact.fields;
  std::string text = fields.person_name;
  text.append("\n").append(fields.address).append("\n").append(fields.summary);
  for (const casework::Need& need : fields.needs) text.append("\n").append(need.detail);
  return text;
}

std::string unit_token(const storage::SearchTokens& tokens, UnitId unit) {
  return tokens.label("unit", std::to_string(unit.value));
}

std::string worker_token(const storage::SearchTokens& tokens, WorkerId worker) {
  return tokens.label("worker", std::to_string(worker.value));
}

Result<> index_contact(storage::Transaction& tx, storage::SearchIndex& index, const Directory& directory,
                       const casework::Contact& contact) {
  KAPOK_CHECK(contact.state == casework::ContactState::kFinalised);
  const storage::SearchTokens tokens(tx.keys());
  auto text = tokens.text(searchable_text(contact));
  if (!text) return text.error();
  storage::SearchDocument document{contact.id.value, contact.started_at, std::move(text).value()};
  for (const UnitId unit : directory.tree().path_up(contact.unit)) document.tokens.push_back(unit_token(tokens, unit));
  for (const WorkerId worker : {contact.fields.answered_by, contact.written_by})
    if (worker.is_set()) document.tokens.push_back(worker_token(tokens, worker));
  index.put(tx, document);
  return Done{};
}

}  // namespace kapok::service
