#include "connection/outbound_queue.h"

#include <utility>

#include "core/check.h"

namespace kapok::connection {

OutboundQueue::OutboundQueue(std::size_t messages_max, std::size_t bytes_max, std::string resync_frame)
    : messages_max_(messages_max), bytes_max_(bytes_max), resync_frame_(std::move(resync_frame)) {
  KAPOK_CHECK(messages_max_ > 0 && bytes_max_ > resync_frame_.size());
}

OutboundQueue::Pushed OutboundQueue::push(std::string frame, const std::string& key) {
  if (!key.empty() && behind_) return Pushed::kDropped;

  if (const auto found = by_key_.find(key); !key.empty() && found != by_key_.end()) {
    Waiting& older = *found->second;
    if (bytes_ - older.frame.size() + frame.size() <= bytes_max_) {
      bytes_ = bytes_ - older.frame.size() + frame.size();
      older.frame = std::move(frame);
      return Pushed::kReplaced;
    }
  } else if (fits(1, frame.size())) {
    append(std::move(frame), key);
    return Pushed::kQueued;
  }

  const bool was_behind = behind_;
  fall_behind();
  if (!key.empty()) return Pushed::kBehind;
  if (!fits(1, frame.size())) return Pushed::kFull;
  append(std::move(frame), key);
  return was_behind ? Pushed::kQueued : Pushed::kBehind;
}

OutboundQueue::Batch OutboundQueue::take(std::size_t bytes_wanted) {
  Batch batch;
  while (!waiting_.empty() && (batch.bytes.empty() || batch.bytes.size() < bytes_wanted)) {
    Waiting& first = waiting_.front();
    if (!first.key.empty()) by_key_.erase(first.key);
    if (first.resync) {
      batch.fell_behind = true;
      behind_ = false;
    } else {
      KAPOK_CHECK(bytes_ >= first.frame.size());
      bytes_ -= first.frame.size();
    }
    batch.bytes += first.frame;
    waiting_.pop_front();
  }
  return batch;
}

bool OutboundQueue::fits(std::size_t more_messages, std::size_t more_bytes) const {
  return waiting_.size() + more_messages <= messages_max_ && bytes_ + more_bytes <= bytes_max_;
}

void OutboundQueue::append(std::string frame, const std::string& key) {
  bytes_ += frame.size();
  waiting_.push_back({std::move(frame), key, false});
  if (!key.empty()) by_key_.emplace(key, std::prev(waiting_.end()));
}

// The Resync itself stands outside the byte bound; there is at most one.
void OutboundQueue::fall_behind() {
  if (behind_) return;
  for (auto& [key, place] : by_key_) {
    bytes_ -= place->frame.size();
    waiting_.erase(place);
  }
  by_key_.clear();
  waiting_.push_back({resync_frame_, {}, true});
  behind_ = true;
}

}  // namespace kapok::connection
