#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "core/check.h"
#include "storage/sealed_file.h"

namespace {

/// A key of the target's own; only its structure matters, no sealed file can be guessed.
const kapok::storage::BackupPrivateKey& some_key() {
  static const kapok::storage::BackupPrivateKey key;
  return key;
}

}  // namespace

/// Whatever claims to be a sealed backup file is refused in a sentence or has a header that makes sense; what the
/// check without a key refuses, the reader refuses too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  std::istringstream whole(bytes);
  const auto checked = kapok::storage::check_sealed(whole);
  if (checked) {
    KAPOK_CHECK(checked->to_seq >= checked->after_seq && checked->city >= 1);
  } else {
    KAPOK_CHECK(!checked.error().detail.empty());
  }
  std::istringstream again(bytes);
  auto reader = kapok::storage::SealedFileReader::open(again, some_key());
  if (!reader) return 0;
  std::string plain;
  for (;;) {
    const auto more = (*reader)->next(plain);
    if (!more || !*more) {
      KAPOK_CHECK(!more || checked.ok());
      return 0;
    }
  }
}
