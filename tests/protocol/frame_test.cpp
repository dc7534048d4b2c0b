#include "protocol/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kapok::protocol {
namespace {

using testing::ElementsAre;

constexpr std::size_t kLimit = 1000;

std::vector<std::string> drain(FrameReader& reader) {
  std::vector<std::string> frames;
  while (auto frame = reader.next()) frames.push_back(*frame);
  return frames;
}

std::string header(std::uint32_t length) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(length >> shift));
  return bytes;
}

TEST(Frame, LengthIsFourBytesBigEndian) {
  EXPECT_EQ(encode_frame("kapok"), std::string("\0\0\0\5kapok", 9));
  EXPECT_EQ(encode_frame(std::string(0x10203, 'x')).substr(0, 4), std::string("\0\1\2\3", 4));
}

TEST(Frame, LargestOutboundFrameIsEncoded) {
  const std::string largest(kOutboundFrameBytesMax, 'x');
  EXPECT_EQ(encode_frame(largest).size(), kFrameHeaderBytes + kOutboundFrameBytesMax);
  EXPECT_DEATH(encode_frame(largest + 'x'), "");
  EXPECT_DEATH(encode_frame(""), "");
}

TEST(FrameReader, SeveralFramesOfOneReadComeInOrder) {
  FrameReader reader(kLimit);
  reader.take(encode_frame("one") + encode_frame("two") + encode_frame("three"));
  EXPECT_THAT(drain(reader), ElementsAre("one", "two", "three"));
  EXPECT_EQ(reader.close(), std::nullopt);
}

TEST(FrameReader, ByteByByteGivesTheSameAsWhole) {
  const std::string stream = encode_frame(std::string(300, 'a')) + encode_frame("b") + encode_frame("红棉");
  FrameReader whole(kLimit);
  whole.take(stream);
  const auto expected = drain(whole);

  FrameReader reader(kLimit);
  std::vector<std::string> frames;
  for (const char byte : stream) {
    reader.take(std::string_view(&byte, 1));
    for (auto& frame : drain(reader)) frames.push_back(frame);
  }
  EXPECT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames, expected);
}

TEST(FrameReader, FrameOfExactlyTheLimitIsAcceptedAndOneByteMoreRefused) {
  FrameReader reader(kLimit);
  reader.take(encode_frame(std::string(kLimit, 'x')));
  EXPECT_THAT(drain(reader), ElementsAre(std::string(kLimit, 'x')));
  EXPECT_EQ(reader.error(), std::nullopt);
  reader.take(encode_frame(std::string(kLimit + 1, 'x')));
  EXPECT_TRUE(drain(reader).empty());
  EXPECT_EQ(reader.error(), FrameError::kTooLarge);
}

TEST(FrameReader, TooLargeIsSeenFromTheHeaderAlone) {
  FrameReader reader(kInboundFrameBytesMax);
  reader.take(header(0xFFFFFFFF));
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.error(), FrameError::kTooLarge);
}

TEST(FrameReader, ZeroLengthIsRefused) {
  FrameReader reader(kLimit);
  reader.take(header(0) + encode_frame("after"));
  EXPECT_TRUE(drain(reader).empty());
  EXPECT_EQ(reader.error(), FrameError::kZeroLength);
}

TEST(FrameReader, NothingComesAfterAnErrorWhateverIsSent) {
  FrameReader reader(kLimit);
  reader.take(encode_frame("good") + header(kLimit + 1));
  EXPECT_THAT(drain(reader), ElementsAre("good"));
  reader.take(encode_frame("late"));
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.close(), FrameError::kTooLarge);
}

TEST(FrameReader, ClosingInsideAFrameOrItsHeaderIsTruncation) {
  const std::string frame = encode_frame("kapok");
  for (std::size_t cut = 1; cut < frame.size(); ++cut) {
    FrameReader reader(kLimit);
    reader.take(frame.substr(0, cut));
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.error(), std::nullopt) << cut;
    EXPECT_EQ(reader.close(), FrameError::kTruncated) << cut;
  }
}

TEST(FrameReader, RaisingTheLimitJudgesTheNextFrame) {
  FrameReader reader(kSignInFrameBytesMax);
  const std::string large(kSignInFrameBytesMax + 1, 'x');
  reader.take(encode_frame("sign in"));
  EXPECT_THAT(drain(reader), ElementsAre("sign in"));
  reader.set_frame_bytes_max(kInboundFrameBytesMax);
  reader.take(encode_frame(large));
  EXPECT_THAT(drain(reader), ElementsAre(large));
}

}  // namespace
}  // namespace kapok::protocol
