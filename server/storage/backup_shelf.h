#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/instant.h"
#include "core/result.h"
#include "storage/sealed_file.h"

namespace kapok::storage {

struct ShelfFile {
  std::filesystem::path path;
  SealedHeader header;
  std::uint64_t bytes = 0;
};

/// Something that is not as it should be; one English sentence beginning with what the file does or lacks.
struct ShelfFault {
  std::filesystem::path path;
  std::string what;
};

/// What lies in a backup directory. Names are for people; only headers count.
///
///     20261121T143000Z-base-000001234-3f2a9c1b.kapok                a whole copy after batch 1234
///     20261121T143050Z-changes-000001234-000001301-3f2a9c1b.kapok   batches 1235 … 1301, made to follow 1234
struct Shelf {
  std::vector<ShelfFile> bases;     ///< by time of making
  std::vector<ShelfFile> segments;  ///< by history, then by place in it
  std::vector<ShelfFault> faults;   ///< files that cannot be used
};

enum class ShelfLook { kHeaders, kWholeFiles };

/// Reads every file whose name ends in ".kapok"; with kWholeFiles each is read to its end and its digest checked.
/// kStoreUnavailable when the directory cannot be read. `reached` hears of each file done.
Result<Shelf> read_shelf(const std::filesystem::path& directory, ShelfLook look,
                         const std::function<void(std::size_t done, std::size_t of)>& reached = {});

std::string shelf_name(const SealedHeader& header);

/// The segments that carry a base on, in order, as far as nothing is missing between them.
std::vector<const ShelfFile*> segments_after(const Shelf& shelf, const ShelfFile& base);

/// Where the stream of changes is broken: missing or overlapping batches, files of another city. A place where the
/// server itself said that changes were not kept, with a base after it, is no fault.
std::vector<ShelfFault> continuity_faults(const Shelf& shelf);

/// What may go: made before `before`, but never the newest base (of `history`, or of all while that has none) and what
/// follows it.
std::vector<std::filesystem::path> expired_files(const Shelf& shelf, const std::string& history, Instant before);

}  // namespace kapok::storage
