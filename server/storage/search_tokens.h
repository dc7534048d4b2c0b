#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "storage/key_ring.h"

namespace kapok::storage {

/// Text as it is compared: NFKC and case-folded, so that full-width digits meet half-width ones and
/// composed characters their parts. Nothing for text that is not UTF-8.
Result<std::string> normalise_text(std::string_view utf8);

/// The pieces of a text that can be found: pairs of neighbouring CJK characters, a CJK character that
/// stands alone, and whole words of other letters and digits. Sorted, each once. Normalised input.
std::vector<std::string> pieces_of(std::string_view normalised);

/// What somebody searches for.
struct SearchQuery {
  std::vector<std::string> terms;   ///< normalised, as typed, separated by spaces
  std::vector<std::string> pieces;  ///< all of which a matching text has

  /// Whether a text really holds every term; the index only narrows down. The text as stored.
  [[nodiscard]] bool matches(std::string_view utf8) const;
};

/// kSearchTooShort for a term of fewer than two characters, kTextTooLong beyond 64 characters,
/// kTextNotUtf8.
Result<SearchQuery> parse_search(std::string_view utf8);

/// A piece as it stands in the index: SipHash-2-4 under a derived key, 40 bits as 8 characters a–z, 2–7.
/// Equal pieces give equal tokens, so how often they repeat stays visible (decision 28). Rare collisions
/// only cost an opened row.
class SearchTokens {
 public:
  explicit SearchTokens(const KeyRing& keys) : key_(keys.derive(keys.index_key_id(), KeyPurpose::kSearchTokens)) {}

  [[nodiscard]] std::string piece(std::string_view normalised_piece) const;
  /// A fact to narrow a search by, such as label("unit", "123") or label("month", "2026-11").
  [[nodiscard]] std::string label(std::string_view name, std::string_view value) const;
  /// Tokens of a whole text, sorted, each once.
  [[nodiscard]] Result<std::vector<std::string>> text(std::string_view utf8) const;

 private:
  SecretKey key_;
};

}  // namespace kapok::storage
