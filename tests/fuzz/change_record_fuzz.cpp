#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.h"
#include "storage/change_record.h"

/// Whatever is accepted means exactly its own bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto record = kapok::storage::decode_change_record(bytes))
    KAPOK_CHECK(kapok::storage::encode_change_record(*record) == bytes);
  return 0;
}
