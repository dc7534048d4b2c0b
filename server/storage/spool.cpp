#include "storage/spool.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "core/check.h"
#include "storage/durable_file.h"
#include "storage/field_cipher.h"
#include "storage/spool_format.h"

namespace kapok::storage {
namespace {

constexpr off_t kFirst = static_cast<off_t>(kSpoolFirstRecord);
constexpr std::size_t kScanChunk = 1 << 20;

bool write_all(int fd, std::string_view bytes, off_t at) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
    at += n;
  }
  return true;
}

/// As much as is there, up to `size`.
std::string read_some(int fd, off_t at, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t n = ::pread(fd, bytes.data() + got, size - got, at + static_cast<off_t>(got));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  bytes.resize(got);
  return bytes;
}

bool all_zero(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

}  // namespace

/// A sound record of this generation, or nothing.
struct Spool::Found {
  std::optional<SpoolHead> head;
  std::string plain;
  std::string tag;
};

Spool::Spool(std::filesystem::path directory, const KeyRing& keys, std::size_t bytes, FaultHook faults)
    : directory_(std::move(directory)),
      keys_(keys),
      bytes_(bytes),
      faults_(std::move(faults)),
      last_tag_(kSpoolTag, '\0'),
      end_(kFirst) {}

Spool::~Spool() {
  if (fd_ >= 0) ::close(fd_);
}

Error Spool::failure(const std::string& what) const {
  return {ErrorCode::kStoreUnavailable, "the spool " + file().string() + " " + what};
}

Result<std::unique_ptr<Spool>> Spool::open(const std::filesystem::path& directory, const KeyRing& keys,
                                           std::size_t bytes, FaultHook faults) {
  KAPOK_CHECK(bytes >= kSpoolFirstRecord + kSpoolBlock);
  std::unique_ptr<Spool> spool(new Spool(directory, keys, bytes, std::move(faults)));
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return spool->failure(std::string("has no directory and it cannot be made: ") + std::strerror(errno));
  struct stat facts{};
  if (::stat(directory.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    return spool->failure("has no directory: " + directory.string());
  if ((facts.st_mode & 077) != 0)
    return spool->failure("lies in a directory that is open to others: run chmod 700 on it");
  if (auto opened = spool->open_file(); !opened) return opened.error();
  if (auto read = spool->read_header(); !read) return read.error();
  if (auto read = spool->read_records(); !read) return read.error();
  spool->trusted_ = true;
  return spool;
}

Result<> Spool::open_file() {
  if (fails(FaultPoint::kSpoolOpen)) return failure("cannot be opened: fault of a test");
  fd_ = ::open(file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd_ < 0) return failure(std::string("cannot be opened: ") + std::strerror(errno));
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) return failure("is in use by another process: stop it first");
  struct stat facts{};
  if (::fstat(fd_, &facts) != 0) return failure(std::string("cannot be read: ") + std::strerror(errno));
  return reserve(facts.st_size);
}

/// Never sparse: what is reserved cannot be refused later by a full disk.
Result<> Spool::reserve(off_t size_now) {
  if (size_now >= static_cast<off_t>(bytes_)) return Done{};
  const int refused = ::posix_fallocate(fd_, 0, static_cast<off_t>(bytes_));
  if (refused != 0)
    return failure("needs " + std::to_string(bytes_ >> 20) + " MiB on its disk: " + std::strerror(refused));
  if (::fsync(fd_) != 0) return failure(std::string("cannot be made durable: ") + std::strerror(errno));
  return sync_directory(directory_);
}

Result<> Spool::read_header() {
  const std::string a = read_some(fd_, 0, kSpoolBlock);
  const std::string b = read_some(fd_, static_cast<off_t>(kSpoolSlotB), kSpoolBlock);
  const auto from_a = read_spool_header(keys_, a);
  const auto from_b = read_spool_header(keys_, b);
  if (from_a || from_b) {
    generation_ = std::max(from_a.value_or(0), from_b.value_or(0));
    return Done{};
  }
  if (all_zero(a) && all_zero(b)) return write_header(1);
  return failure(
      "does not open with these keys. It may hold calls that the store does not have: bring its keys back, or put "
      "the file aside by hand");
}

Result<> Spool::write_header(std::uint64_t generation) {
  const off_t slot = generation % 2 == 1 ? 0 : static_cast<off_t>(kSpoolSlotB);
  if (fails(FaultPoint::kSpoolWrite) || fails(FaultPoint::kSpoolSync) ||
      !write_all(fd_, spool_header(keys_, generation), slot) || ::fdatasync(fd_) != 0) {
    const Error error = failure(std::string("cannot be written: ") + std::strerror(errno));
    return distrust(), error;
  }
  generation_ = generation;
  index_ = 0;
  last_tag_.assign(kSpoolTag, '\0');
  end_ = kFirst;
  return Done{};
}

Spool::Found Spool::read_record(off_t at) const {
  const auto head = read_spool_head(read_some(fd_, at, kSpoolHead));
  if (!head || head->generation != generation_) return {};
  const std::size_t size = kSpoolHead + head->length + kSpoolTag;
  if (static_cast<std::size_t>(at) + size > bytes_) return {};
  Found found;
  auto plain = open_spool_record(keys_, read_some(fd_, at, size), found.tag);
  if (!plain) return {};
  found.head = head;
  found.plain = std::move(*plain);
  return found;
}

/// The chain from the first record to its end. Behind a torn tail nothing sound can stand; if something does, the
/// disk lost what was before it: the rest is still taken, and the file kept for whoever looks into it.
Result<> Spool::read_records() {
  for (off_t at = kFirst; at >= 0;) {
    Found found = read_record(at);
    const bool follows = found.head && found.head->index == index_ + 1 && found.head->tag_before == last_tag_;
    if (!follows && !(found.head && !damaged_copy_.empty() && found.head->index > index_)) {
      at = next_sound_after(at, index_);
      if (at >= 0 && damaged_copy_.empty())
        if (auto kept = keep_damaged(); !kept) return kept;
      continue;
    }
    index_ = found.head->index;
    last_tag_ = found.tag;
    at += static_cast<off_t>(spool_record_bytes(found.head->length));
    end_ = at;
    waiting_.push_back({found.head->seq, std::move(found.plain)});
  }
  return Done{};
}

/// Place of the next sound record of this generation with a higher index; -1: none.
off_t Spool::next_sound_after(off_t at, std::uint64_t index) const {
  for (off_t from = at + static_cast<off_t>(kSpoolBlock); static_cast<std::size_t>(from) < bytes_;
       from += static_cast<off_t>(kScanChunk)) {
    // What was reserved and never written need not be read: a start has little time.
    const off_t written = ::lseek(fd_, from, SEEK_DATA);
    if (written < 0 && errno == ENXIO) return -1;
    if (written > from) from = written / static_cast<off_t>(kSpoolBlock) * static_cast<off_t>(kSpoolBlock);
    const std::string chunk = read_some(fd_, from, kScanChunk);
    for (std::size_t i = 0; i + kSpoolHead <= chunk.size(); i += kSpoolBlock) {
      const auto head = read_spool_head(std::string_view(chunk).substr(i, kSpoolHead));
      if (!head || head->generation != generation_ || head->index <= index) continue;
      const off_t place = from + static_cast<off_t>(i);
      if (read_record(place).head) return place;
    }
  }
  return -1;
}

Result<> Spool::keep_damaged() {
  const auto copy = directory_ / ("spool-damaged-" + std::to_string(generation_));
  auto out = DurableFile::create(copy);
  if (!out) return out.error();
  for (std::size_t at = 0; at < bytes_; at += kScanChunk)
    if (auto done = out->write(read_some(fd_, static_cast<off_t>(at), std::min(kScanChunk, bytes_ - at))); !done)
      return done;
  if (auto done = out->finish(); !done) return done;
  damaged_copy_ = copy;
  return Done{};
}

Result<> Spool::append(std::int64_t seq, std::string_view record) {
  if (!usable()) return failure("is not usable");
  const std::size_t size = spool_record_bytes(record.size());
  if (static_cast<std::size_t>(end_) + size > bytes_) return failure("is full");
  const SpoolHead head{
      static_cast<std::uint32_t>(record.size()), generation_, index_ + 1, seq, keys_.current_key_id(), last_tag_};
  const std::string sealed = seal_spool_record(keys_, head, record);
  const bool cut = fails(FaultPoint::kSpoolWrite);
  const bool written = write_all(fd_, std::string_view(sealed).substr(0, cut ? size / 2 : size), end_) && !cut;
  if (!written || fails(FaultPoint::kSpoolSync) || ::fdatasync(fd_) != 0) {
    const Error error = failure(std::string("cannot be written: ") + std::strerror(errno));
    return distrust(), error;
  }
  ++index_;
  last_tag_ = sealed.substr(kSpoolHead + record.size(), kSpoolTag);
  end_ += static_cast<off_t>(size);
  waiting_.push_back({seq, std::string(record)});
  return Done{};
}

void Spool::distrust() { trusted_ = false; }

void Spool::taken_in() {
  KAPOK_CHECK(!waiting_.empty());
  waiting_.pop_front();
}

Result<> Spool::empty() {
  KAPOK_CHECK(waiting_.empty());
  if (!usable()) return failure("is not usable");
  if (index_ == 0) return Done{};
  return write_header(generation_ + 1);
}

Result<> Spool::reopen() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  trusted_ = false;
  if (auto opened = open_file(); !opened) return opened;
  if (waiting_.empty()) {
    // Nothing in the file is needed any more, whatever it holds.
    if (auto fresh = write_header(generation_ + 1); !fresh) return fresh;
  } else if (auto wiped = wipe_tail(); !wiped) {
    return wiped;
  }
  trusted_ = true;
  return Done{};
}

/// A record that was written but not acknowledged must not come back as one that was.
Result<> Spool::wipe_tail() {
  const std::string last(kSpoolBlock, '\0');
  if (static_cast<std::size_t>(end_) + kSpoolBlock > bytes_) return Done{};
  if (fails(FaultPoint::kSpoolWrite) || fails(FaultPoint::kSpoolSync) || !write_all(fd_, last, end_) ||
      ::fdatasync(fd_) != 0)
    return failure(std::string("cannot be written: ") + std::strerror(errno));
  return Done{};
}

Result<std::filesystem::path> Spool::put_aside(const SpooledBatch& batch) {
  const auto path = directory_ / ("spool-conflict-" + std::to_string(batch.seq));
  auto out = DurableFile::create(path);
  if (!out) return out.error();
  const std::string sealed = FieldCipher(keys_).seal({"spool", "record", batch.seq}, batch.record);
  if (auto done = out->write(sealed); !done) return done.error();
  if (auto done = out->finish(); !done) return done.error();
  return path;
}

bool Spool::same_disk_as(const std::filesystem::path& other) const {
  struct stat mine{};
  struct stat theirs{};
  if (::stat(directory_.c_str(), &mine) != 0 || ::stat(other.c_str(), &theirs) != 0) return true;
  return mine.st_dev == theirs.st_dev;
}

}  // namespace kapok::storage
