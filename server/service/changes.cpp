#include "service/changes.h"

#include <memory>
#include <utility>

#include <boost/asio/post.hpp>

#include "core/planted_fault.h"
#include "storage/keyed_digest.h"
#include "storage/reply_table.h"

namespace kapok::service {
namespace {

api::Saved saved_in(storage::SavedIn where) {
  switch (where) {
    case storage::SavedIn::kStore:
      return api::Saved::kStore;
    case storage::SavedIn::kSpool:
      return api::Saved::kSpool;
    case storage::SavedIn::kNowhere:
      break;
  }
  return api::Saved::kNothingToSave;
}

}  // namespace

Changes::Changes(boost::asio::any_io_executor strand, storage::Writer& writer, const Clock& clock, CityId city,
                 EncodeReply encode_reply)
    : strand_(std::move(strand)), writer_(writer), clock_(clock), city_(city), encode_reply_(std::move(encode_reply)) {}

Result<> Changes::keep_reply(storage::Transaction& tx, const Question& asked, const api::ReplyBody& body) const {
  if (!asked.request.key || !asked.session) return Done{};
  const storage::RequestKey key{asked.session->id.value, static_cast<std::int64_t>(*asked.request.key)};
  return storage::ReplyTable::keep(
      tx, key, asked.request.body_bytes,
      rights_mark(tx.keys(), asked.rights) + encode_reply_({0, body, api::Saved::kStore, true}));
}

std::string Changes::rights_mark(const storage::KeyRing& keys, const std::string& rights) {
  return storage::request_digest(keys, rights);
}

void Changes::save(Asked asked, Change change) {
  // What `apply` made, carried from the writer thread to the strand; the COMMIT lies between the two.
  auto made = std::make_shared<api::ReplyBody>();
  auto apply = [this, asked, made, apply_change = std::move(change.apply)](storage::Transaction& tx) -> Result<> {
    auto body = apply_change(tx);
    if (!body) return body.error();
    *made = std::move(*body);
    if (KAPOK_IS_PLANTED(reply_before_commit))
      boost::asio::post(strand_, [asked, made] { asked->answer(*made, api::Saved::kStore); });
    return keep_reply(tx, *asked, *made);
  };
  auto done = [asked, made, deliver = std::move(change.deliver)](const storage::WriteOutcome& outcome) {
    if (KAPOK_IS_PLANTED(reply_before_commit) && !asked->reply) return;
    if (!outcome.result) return asked->refuse(outcome.result.error());
    if (deliver) deliver(*made);
    asked->answer(std::move(*made), saved_in(outcome.saved));
  };
  save(change.write_class, std::move(apply), std::move(done), change.degraded);
}

void Changes::save(storage::WriteClass write_class, std::function<Result<>(storage::Transaction&)> apply,
                   std::function<void(const storage::WriteOutcome&)> done, storage::Degraded degraded,
                   std::function<void(const storage::WriteOutcome&)> first) {
  auto finish = [strand = strand_, done = std::move(done), first = std::move(first)](storage::WriteOutcome outcome) {
    if (first) first(outcome);
    boost::asio::post(strand, [done, outcome = std::move(outcome)] { done(outcome); });
  };
  if (around_ && degraded == storage::Degraded::kAllowed)
    apply = [around = around_, once = std::move(apply)](storage::Transaction& tx) { return around(tx, once); };
  const auto taken = writer_.submit({.cls = write_class,
                                     .degraded = degraded,
                                     .city = city_,
                                     .at = clock_.now(),
                                     .apply = std::move(apply),
                                     .done = finish});
  if (!taken) finish({taken.error(), storage::SavedIn::kNowhere});
}

}  // namespace kapok::service
