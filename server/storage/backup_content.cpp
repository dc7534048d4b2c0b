#include "storage/backup_content.h"

#include <fstream>

#include "core/check.h"
#include "storage/bytes.h"
#include "storage/durable_file.h"
#include "storage/keyed_digest.h"
#include "storage/policy.h"
#include "storage/running_digest.h"

namespace kapok::storage {
namespace {

enum class Block : std::uint8_t { kFacts = 1, kDatabase = 2, kChange = 3, kSeal = 4 };

constexpr std::size_t kDatabasePiece = 256 * 1024;
constexpr std::size_t kBlockBytesMax = kChangeRecordBytesMax + 64;
constexpr std::string_view kSealPart = "backup file";

Error damaged(const char* why) { return {ErrorCode::kRowDamaged, why}; }

/// What the seal says of the header, so that content cannot be moved to another place of the stream.
std::string bound_text(const SealedHeader& header) {
  std::string bytes(kSealPart);
  put_number(bytes, static_cast<std::uint8_t>(header.kind));
  for (const std::int64_t number :
       {header.city, header.after_seq, header.to_seq, header.schema, header.reaches_to.us, header.made_at.us})
    put_number(bytes, number);
  return bytes + header.history;
}

class BlockWriter {
 public:
  BlockWriter(SealedFileWriter& file, const SealedHeader& header) : file_(file) { digest_.add(bound_text(header)); }

  Result<> put(Block kind, std::string_view bytes) {
    std::string head;
    put_number(head, static_cast<std::uint8_t>(kind));
    put_number(head, static_cast<std::uint32_t>(bytes.size()));
    digest_.add(head);
    digest_.add(bytes);
    if (auto put = file_.append(head); !put) return put;
    return file_.append(bytes);
  }

  Result<> seal(const KeyRing& keys) {
    return put(Block::kSeal, stored_digest(keys, KeyPurpose::kBackupSeal, digest_.value()));
  }

 private:
  SealedFileWriter& file_;
  RunningDigest digest_;
};

struct ReadBlock {
  Block kind = Block::kSeal;
  std::string bytes;
};

class BlockReader {
 public:
  BlockReader(SealedFileReader& file, const KeyRing& keys) : file_(file), keys_(keys) {
    digest_.add(bound_text(file.header()));
  }

  /// The next block; nothing after a seal that held and ended the file.
  Result<std::optional<ReadBlock>> next() {
    const std::string before = digest_.value();
    auto head = take(5);
    if (!head) return head.error();
    ByteTaker facts{*head};
    ReadBlock block;
    block.kind = static_cast<Block>(facts.number<std::uint8_t>());
    const auto length = facts.number<std::uint32_t>();
    if (length > kBlockBytesMax) return damaged("holds a block beyond its limit");
    auto bytes = take(length);
    if (!bytes) return bytes.error();
    block.bytes = std::move(bytes).value();
    if (block.kind != Block::kSeal) return std::optional(std::move(block));
    if (!stored_digest_holds(keys_, KeyPurpose::kBackupSeal, before, block.bytes))
      return Error{ErrorCode::kForbidden,
                   "was not made by the store these data keys belong to, or a key of that time is missing"};
    if (auto ended = expect_end(); !ended) return ended.error();
    return std::optional<ReadBlock>{};
  }

 private:
  Result<std::string> take(std::size_t count) {
    while (held_.size() - at_ < count) {
      if (at_ > kDatabasePiece) held_.erase(0, std::exchange(at_, 0));
      const auto more = file_.next(held_);
      if (!more) return more.error();
      if (!*more) return damaged("ends too early");
    }
    std::string taken = held_.substr(at_, count);
    at_ += count;
    digest_.add(taken);
    return taken;
  }

  Result<> expect_end() {
    if (at_ < held_.size()) return damaged("goes on after its seal");
    const auto more = file_.next(held_);
    if (!more) return more.error();
    return *more ? Result<>(damaged("goes on after its seal")) : Result<>(Done{});
  }

  SealedFileReader& file_;
  const KeyRing& keys_;
  RunningDigest digest_;
  std::string held_;
  std::size_t at_ = 0;
};

Result<> put_database(BlockWriter& blocks, const std::filesystem::path& copy, const std::function<bool()>& go_on) {
  std::ifstream in(copy, std::ios::binary);
  std::string piece;
  while (in) {
    if (!go_on()) return {ErrorCode::kShuttingDown, "the copy was stopped"};
    piece.resize(kDatabasePiece);
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(in.gcount()));
    if (piece.empty()) break;
    if (auto put = blocks.put(Block::kDatabase, piece); !put) return put;
  }
  if (!in.eof()) return {ErrorCode::kStoreUnavailable, copy.string() + " cannot be read"};
  return Done{};
}

Result<KeptChange> change_from(std::string_view bytes) {
  ByteTaker take{bytes};
  KeptChange change;
  change.seq = take.number<std::int64_t>();
  change.at = Instant{take.number<std::int64_t>()};
  change.record = take.rest;
  if (!take.sound) return damaged("holds a change that is too short");
  return change;
}

}  // namespace

Result<std::uint64_t> write_base(const std::filesystem::path& file, const SealedHeader& header,
                                 const BackupPublicKey& to, const KeyRing& keys, const StoreFacts& facts,
                                 const std::filesystem::path& copy, const std::function<bool()>& go_on) {
  auto out = SealedFileWriter::create(file, header, to);
  if (!out) return out.error();
  BlockWriter blocks(**out, header);
  if (auto put = blocks.put(Block::kFacts, facts_text(facts)); !put) return put.error();
  if (auto put = put_database(blocks, copy, go_on); !put) return put.error();
  if (auto put = blocks.seal(keys); !put) return put.error();
  if (auto finished = (*out)->finish(); !finished) return finished.error();
  return (*out)->bytes_written();
}

Result<std::uint64_t> write_segment(const std::filesystem::path& file, const SealedHeader& header,
                                    const BackupPublicKey& to, const KeyRing& keys,
                                    const std::optional<StoreFacts>& facts, const std::vector<KeptChange>& changes) {
  KAPOK_CHECK(!changes.empty() && changes.back().seq == header.to_seq);
  auto out = SealedFileWriter::create(file, header, to);
  if (!out) return out.error();
  BlockWriter blocks(**out, header);
  if (facts)
    if (auto put = blocks.put(Block::kFacts, facts_text(*facts)); !put) return put.error();
  for (const KeptChange& change : changes) {
    std::string bytes;
    put_number(bytes, change.seq);
    put_number(bytes, change.at.us);
    bytes += change.record;
    if (auto put = blocks.put(Block::kChange, bytes); !put) return put.error();
  }
  if (auto put = blocks.seal(keys); !put) return put.error();
  if (auto finished = (*out)->finish(); !finished) return finished.error();
  return (*out)->bytes_written();
}

Result<StoreFacts> read_base(std::istream& in, const BackupPrivateKey& key, const KeyRing& keys,
                             const std::filesystem::path& into) {
  auto file = SealedFileReader::open(in, key);
  if (!file) return file.error();
  if ((*file)->header().kind != SealedKind::kBase) return damaged("is not a whole copy");
  auto out = DurableFile::create(into);
  if (!out) return out.error();
  BlockReader blocks(**file, keys);
  std::optional<StoreFacts> facts;
  for (;;) {
    auto block = blocks.next();
    if (!block) return block.error();
    if (!block->has_value()) break;
    if ((*block)->kind == Block::kFacts) {
      auto read = facts_from((*block)->bytes);
      if (!read) return read.error();
      facts = std::move(read).value();
    } else if ((*block)->kind != Block::kDatabase) {
      return damaged("holds what a whole copy does not hold");
    } else if (auto put = out->write((*block)->bytes); !put) {
      return put.error();
    }
  }
  if (!facts) return damaged("says nothing about its store");
  if (auto finished = out->finish(); !finished) return finished.error();
  return *facts;
}

Result<SegmentContent> read_segment(std::istream& in, const BackupPrivateKey& key, const KeyRing& keys) {
  auto file = SealedFileReader::open(in, key);
  if (!file) return file.error();
  SegmentContent content{.header = (*file)->header(), .facts = {}, .changes = {}};
  if (content.header.kind != SealedKind::kSegment) return damaged("holds no changes");
  BlockReader blocks(**file, keys);
  std::int64_t last = content.header.after_seq;
  for (;;) {
    auto block = blocks.next();
    if (!block) return block.error();
    if (!block->has_value()) break;
    if ((*block)->kind == Block::kFacts) {
      auto read = facts_from((*block)->bytes);
      if (!read) return read.error();
      content.facts = std::move(read).value();
    } else if ((*block)->kind == Block::kChange) {
      auto change = change_from((*block)->bytes);
      if (!change) return change.error();
      if (change->seq <= last) return damaged("holds changes out of order");
      last = change->seq;
      content.changes.push_back(std::move(change).value());
    } else {
      return damaged("holds what a file of changes does not hold");
    }
  }
  if (last != content.header.to_seq) return damaged("does not hold the changes its header names");
  return content;
}

}  // namespace kapok::storage
