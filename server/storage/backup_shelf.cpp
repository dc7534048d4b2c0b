#include "storage/backup_shelf.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <tuple>

#include "core/local_time.h"

namespace kapok::storage {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSuffix = ".kapok";

std::string number_text(std::int64_t number) { return std::to_string(number); }

/// Files of one second still stand in order.
std::string name_number(std::int64_t number) {
  const std::string text = number_text(number);
  return std::string(text.size() < 9 ? 9 - text.size() : 0, '0') + text;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(byte));
    text += digits;
  }
  return text;
}

void take_in(Shelf& shelf, const fs::path& path, ShelfLook look) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return shelf.faults.push_back({path, "cannot be opened"});
  auto header = look == ShelfLook::kWholeFiles ? check_sealed(in) : read_sealed_header(in);
  if (!header) return shelf.faults.push_back({path, header.error().detail});
  std::error_code ignored;
  ShelfFile file{path, std::move(header).value(), fs::file_size(path, ignored)};
  (file.header.kind == SealedKind::kBase ? shelf.bases : shelf.segments).push_back(std::move(file));
}

/// A base after which the stream begins anew at `after`, with what was before it left out knowingly.
bool bridged(const Shelf& shelf, const std::string& history, std::int64_t after, std::int64_t next) {
  return std::any_of(shelf.bases.begin(), shelf.bases.end(), [&](const ShelfFile& base) {
    return base.header.history == history && base.header.after_seq <= after && base.header.to_seq >= next;
  });
}

std::int64_t oldest_base(const Shelf& shelf, const std::string& history) {
  std::int64_t oldest = INT64_MAX;
  for (const ShelfFile& base : shelf.bases)
    if (base.header.history == history) oldest = std::min(oldest, base.header.to_seq);
  return oldest;
}

}  // namespace

Result<Shelf> read_shelf(const fs::path& directory, ShelfLook look,
                         const std::function<void(std::size_t, std::size_t)>& reached) {
  std::vector<fs::path> paths;
  std::error_code failed;
  for (fs::directory_iterator at(directory, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == kSuffix) paths.push_back(at->path());
  if (failed) return Error{ErrorCode::kStoreUnavailable, directory.string() + " cannot be read: " + failed.message()};
  std::sort(paths.begin(), paths.end());
  Shelf shelf;
  for (std::size_t at = 0; at < paths.size(); ++at) {
    take_in(shelf, paths[at], look);
    if (reached) reached(at + 1, paths.size());
  }
  std::sort(shelf.bases.begin(), shelf.bases.end(), [](const ShelfFile& a, const ShelfFile& b) {
    return std::tie(a.header.made_at, a.header.to_seq) < std::tie(b.header.made_at, b.header.to_seq);
  });
  std::sort(shelf.segments.begin(), shelf.segments.end(), [](const ShelfFile& a, const ShelfFile& b) {
    return std::tie(a.header.history, a.header.after_seq, a.header.to_seq) <
           std::tie(b.header.history, b.header.after_seq, b.header.to_seq);
  });
  return shelf;
}

std::string shelf_name(const SealedHeader& header) {
  std::string stamp = format_local(header.made_at, UtcOffset{0}).substr(0, 19);  // 2026-11-21T14:30:00
  std::erase_if(stamp, [](char letter) { return letter == '-' || letter == ':'; });
  const bool base = header.kind == SealedKind::kBase;
  return stamp + (base ? "Z-base-" : "Z-changes-" + name_number(header.after_seq) + "-") + name_number(header.to_seq) +
         "-" + hex(header.history.substr(0, 4)) + kSuffix;
}

std::vector<const ShelfFile*> segments_after(const Shelf& shelf, const ShelfFile& base) {
  std::vector<const ShelfFile*> chain;
  std::int64_t reached = base.header.to_seq;
  for (const ShelfFile& segment : shelf.segments) {
    const SealedHeader& header = segment.header;
    if (header.history != base.header.history || header.to_seq <= reached) continue;
    if (header.after_seq > reached || header.schema != base.header.schema || header.city != base.header.city) break;
    if (!chain.empty() && header.after_seq != reached) break;
    chain.push_back(&segment);
    reached = header.to_seq;
  }
  return chain;
}

std::vector<ShelfFault> continuity_faults(const Shelf& shelf) {
  std::vector<ShelfFault> faults;
  const ShelfFile* before = nullptr;
  for (const ShelfFile& segment : shelf.segments) {
    const SealedHeader& header = segment.header;
    const bool first = before == nullptr || before->header.history != header.history;
    // What lies before the oldest base is of no use to anybody any more; the next expiry takes it.
    const std::int64_t reached = first ? header.after_seq : before->header.to_seq;
    const std::int64_t oldest = oldest_base(shelf, header.history);
    if (first && header.after_seq > oldest && !bridged(shelf, header.history, oldest, header.after_seq)) {
      faults.push_back({segment.path, "follows batch " + number_text(header.after_seq) +
                                          ", but the changes between the oldest whole copy and it are missing"});
    } else if (header.after_seq < reached) {
      faults.push_back({segment.path, "overlaps " + before->path.filename().string()});
    } else if (header.after_seq > reached && !bridged(shelf, header.history, reached, header.after_seq)) {
      faults.push_back({segment.path, "follows batch " + number_text(header.after_seq) +
                                          ", but the changes after batch " + number_text(reached) + " are missing"});
    }
    if (before != nullptr && before->header.city != header.city)
      faults.push_back({segment.path, "is of another city than " + before->path.filename().string()});
    before = &segment;
  }
  return faults;
}

std::vector<fs::path> expired_files(const Shelf& shelf, const std::string& history, Instant before) {
  const ShelfFile* newest = nullptr;
  bool of_history = false;
  for (const ShelfFile& base : shelf.bases) {
    const bool ours = base.header.history == history;
    if (of_history && !ours) continue;
    newest = &base;  // they stand by time of making
    of_history = ours;
  }
  std::vector<fs::path> expired;
  for (const ShelfFile& base : shelf.bases)
    if (&base != newest && base.header.made_at < before) expired.push_back(base.path);
  for (const ShelfFile& segment : shelf.segments) {
    const bool follows = newest != nullptr && segment.header.history == newest->header.history &&
                         segment.header.to_seq > newest->header.to_seq;
    if (!follows && newest != nullptr && segment.header.made_at < before) expired.push_back(segment.path);
  }
  return expired;
}

}  // namespace kapok::storage
