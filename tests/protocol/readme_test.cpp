#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "core/error_code.h"
#include "kapok/v1/frame.pb.h"

namespace kapok {
namespace {

std::string readme() {
  std::ifstream file(KAPOK_PROTO_README);
  EXPECT_TRUE(file) << KAPOK_PROTO_README;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ProtoReadme, ExplainsEveryErrorCode) {
  const std::string text = readme();
  for (const auto& row : kEnumNames<ErrorCode>)
    EXPECT_THAT(text, testing::HasSubstr("`" + std::string(row.name) + "`"));
}

TEST(ProtoReadme, NamesEveryPush) {
  const std::string text = readme();
  const auto& pushes = *v1::Push::descriptor()->FindOneofByName("body");
  for (int i = 0; i < pushes.field_count(); ++i)
    EXPECT_THAT(text, testing::HasSubstr(pushes.field(i)->message_type()->name()));
}

}  // namespace
}  // namespace kapok
