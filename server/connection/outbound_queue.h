#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

/// What waits to be written to one client. Not thread-safe: it lives on the connection's strand.
namespace kapok::connection {

/// Bounded in messages and bytes. A message with a key replaces the waiting message of that key and keeps its
/// place, so a client that reads slowly hears the latest state and never a backlog of old ones.
///
/// When a message does not fit, everything that has a key is dropped and one Resync takes its place: the queue
/// is then *behind*, refuses further keyed messages, and says so when the client has come to read the Resync
/// (`take` sets `fell_behind`). Only then is a new snapshot worth making. Messages without a key (replies,
/// offers) are never dropped; one that still does not fit means the client must be disconnected.
class OutboundQueue {
 public:
  /// `resync_frame` is the encoded Resync push.
  OutboundQueue(std::size_t messages_max, std::size_t bytes_max, std::string resync_frame);

  enum class Pushed {
    kQueued,
    kReplaced,
    kDropped,  ///< keyed, and the client is behind: the snapshot will hold it
    kBehind,   ///< this push overflowed the queue; a Resync now waits
    kFull,     ///< no room for a message that may not be dropped: disconnect
  };
  Pushed push(std::string frame, const std::string& key);

  /// New bounds; what waits already stays.
  void set_bounds(std::size_t messages_max, std::size_t bytes_max) {
    messages_max_ = messages_max;
    bytes_max_ = bytes_max;
  }

  /// A push was lost before it came here: the client must start from a new snapshot.
  void resync() { fall_behind(); }

  struct Batch {
    std::string bytes;         ///< whole frames, one after the other
    bool fell_behind = false;  ///< contains the Resync: ask the service for a new snapshot
  };
  /// Takes frames from the front until `bytes_wanted` is reached; at least one unless the queue is empty.
  Batch take(std::size_t bytes_wanted);

  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] std::size_t messages() const { return waiting_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] bool is_behind() const { return behind_; }

 private:
  struct Waiting {
    std::string frame;
    std::string key;
    bool resync = false;
  };
  using Place = std::list<Waiting>::iterator;

  [[nodiscard]] bool fits(std::size_t more_messages, std::size_t more_bytes) const;
  void append(std::string frame, const std::string& key);
  void fall_behind();

  std::size_t messages_max_;
  std::size_t bytes_max_;
  std::string resync_frame_;
  std::list<Waiting> waiting_;
  std::unordered_map<std::string, Place> by_key_;
  std::size_t bytes_ = 0;
  bool behind_ = false;
};

}  // namespace kapok::connection
