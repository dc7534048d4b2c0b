#include "storage/field_cipher.h"

#include <fstream>

#include "storage/base64.h"
#include "storage/blind_index.h"
#include "storage/store_fixture.h"

namespace kapok::storage {
namespace {

constexpr SealedPlace kPlace{"call", "caller_number", 7};
constexpr const char* kNumber = "+8613800138000";

class SealedTest : public testing::Test {
 protected:
  std::unique_ptr<const KeyRing> ring(const std::string& text) {
    const auto file = directory_.path() / std::to_string(++files_);
    std::ofstream(file) << "kapok-keys 1\n" << text;
    std::filesystem::permissions(file, std::filesystem::perms{0400});
    return KeyRing::load(file).value();
  }
  static constexpr const char* kKeyA = "key 1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";
  static constexpr const char* kKeyB = "key 2 HwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4\n";

  TempDirectory directory_;
  int files_ = 0;
  std::unique_ptr<const KeyRing> keys_ = ring(std::string(kKeyA) + "current 1\nindex 1\n");
  FieldCipher cipher_{*keys_};
};

using FieldCipherTest = SealedTest;

TEST_F(FieldCipherTest, SealedValueOpensWhereItWasSealed) {
  const std::string sealed = cipher_.seal(kPlace, kNumber);
  EXPECT_EQ(sealed.find("138"), std::string::npos);
  EXPECT_EQ(cipher_.open(kPlace, sealed).value(), kNumber);
}

TEST_F(FieldCipherTest, EqualValuesAreSealedDifferently) {
  EXPECT_NE(cipher_.seal(kPlace, kNumber), cipher_.seal(kPlace, kNumber));
}

TEST_F(FieldCipherTest, ValueMovedToAnotherPlaceDoesNotOpen) {
  const std::string sealed = cipher_.seal(kPlace, kNumber);
  for (const SealedPlace& place : {SealedPlace{"call", "caller_number", 8}, SealedPlace{"call", "other", 7},
                                   SealedPlace{"contact", "caller_number", 7}}) {
    const auto opened = cipher_.open(place, sealed);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kRowDamaged);
  }
}

TEST_F(FieldCipherTest, EveryChangedByteIsNoticed) {
  const std::string whole = from_base64(cipher_.seal(kPlace, kNumber)).value();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(cipher_.open(kPlace, to_base64(changed))) << i;
  }
  EXPECT_FALSE(cipher_.open(kPlace, to_base64(whole.substr(0, whole.size() - 1))));
  EXPECT_FALSE(cipher_.open(kPlace, "not base64!"));
  EXPECT_FALSE(cipher_.open(kPlace, "AQ"));
}

TEST_F(FieldCipherTest, OldKeyStaysReadableAfterRotation) {
  const std::string old = cipher_.seal(kPlace, kNumber);
  const auto rotated = ring(std::string(kKeyA) + kKeyB + "current 2\nindex 1\n");
  const FieldCipher cipher(*rotated);
  EXPECT_EQ(cipher.open(kPlace, old).value(), kNumber);
  EXPECT_FALSE(cipher_.open(kPlace, cipher.seal(kPlace, kNumber)));
}

TEST_F(FieldCipherTest, EmptyTextStaysEmpty) {
  EXPECT_EQ(cipher_.seal(kPlace, ""), "");
  EXPECT_EQ(cipher_.open(kPlace, "").value(), "");
}

using BlindIndexTest = SealedTest;

TEST_F(BlindIndexTest, EqualValuesMeetAndNobodySeesThem) {
  const std::string index = blind_index(*keys_, BlindKind::kNumber, kNumber);
  EXPECT_EQ(index, blind_index(*keys_, BlindKind::kNumber, kNumber));
  EXPECT_NE(index, blind_index(*keys_, BlindKind::kNumber, "+8613800138001"));
  EXPECT_EQ(index.size(), 22u);
}

TEST_F(BlindIndexTest, KindsAndKeysDoNotMix) {
  EXPECT_NE(blind_index(*keys_, BlindKind::kNumber, "8000"), blind_index(*keys_, BlindKind::kName, "8000"));
  const auto others = ring(std::string(kKeyB) + "current 2\nindex 2\n");
  EXPECT_NE(blind_index(*keys_, BlindKind::kNumber, kNumber), blind_index(*others, BlindKind::kNumber, kNumber));
}

TEST_F(BlindIndexTest, LastFourDigitsFindTheWholeNumber) {
  EXPECT_EQ(blind_index(*keys_, BlindKind::kLastFour, kNumber), blind_index(*keys_, BlindKind::kLastFour, "8000"));
  EXPECT_EQ(blind_index(*keys_, BlindKind::kLastFour, "110"), "");
  EXPECT_EQ(blind_index(*keys_, BlindKind::kLastFour, "80a0"), "");
  EXPECT_EQ(blind_index(*keys_, BlindKind::kNumber, ""), "");
}

TEST_F(BlindIndexTest, RotationOfSealingKeysLeavesIndicesAlone) {
  const auto rotated = ring(std::string(kKeyA) + kKeyB + "current 2\nindex 1\n");
  EXPECT_EQ(blind_index(*keys_, BlindKind::kNumber, kNumber), blind_index(*rotated, BlindKind::kNumber, kNumber));
}

}  // namespace
}  // namespace kapok::storage
