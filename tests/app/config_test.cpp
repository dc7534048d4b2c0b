#include "config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace kapok {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string refusal_of(const std::string& text) {
  const auto parsed = parse_config(text, "kapokd.toml");
  return parsed.ok() ? "" : parsed.error().detail;
}

TEST(Config, AnEmptyFileIsTheDefaultsAndNamesWhatIsMissing) {
  const auto parsed = parse_config("", "kapokd.toml");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value().listen_port, 4433);
  EXPECT_EQ(parsed.value().utc_offset_min, 480);
  const auto checked = check_config(parsed.value());
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().detail, "data_dir is missing");
}

TEST(Config, ValuesOfTheFileReplaceDefaults) {
  const auto parsed = parse_config(
      "data_dir = '/data'\n[listen]\nport = 9443\n[limits]\ntrusted_networks = ['10.0.0.0/8', '::1']\n", "kapokd.toml");
  ASSERT_TRUE(parsed.ok()) << parsed.error().detail;
  EXPECT_EQ(parsed.value().data_dir, "/data");
  EXPECT_EQ(parsed.value().listen_port, 9443);
  EXPECT_EQ(parsed.value().trusted_networks, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
}

TEST(Config, AnUnknownKeyIsRefusedWithItsLine) {
  EXPECT_EQ(refusal_of("\n[listen]\nprot = 1\n"), "kapokd.toml:3: unknown key listen.prot");
  EXPECT_EQ(refusal_of("[lissten]\nport = 1\n"), "kapokd.toml:1: unknown key lissten");
  EXPECT_EQ(refusal_of("port = 1\n"), "kapokd.toml:1: unknown key port");
}

TEST(Config, AWrongTypeIsRefusedWithItsLine) {
  EXPECT_EQ(refusal_of("[listen]\nport = '1'\n"), "kapokd.toml:2: listen.port must be a whole number");
  EXPECT_EQ(refusal_of("data_dir = 1\n"), "kapokd.toml:1: data_dir must be a text in quotes");
  EXPECT_EQ(refusal_of("[limits]\ntrusted_networks = [1]\n"),
            "kapokd.toml:2: limits.trusted_networks must be a list of texts");
  EXPECT_EQ(refusal_of("listen = 1\n"), "kapokd.toml:1: unknown key listen");
}

TEST(Config, ANumberBeyondItsLimitIsRefusedWithTheLimit) {
  EXPECT_EQ(refusal_of("[listen]\nport = 65535\n"), "");
  EXPECT_EQ(refusal_of("[listen]\nport = 65536\n"), "kapokd.toml:2: listen.port must be 0 to 65535");
  EXPECT_EQ(refusal_of("[city]\nnumber = 0\n"), "kapokd.toml:2: city.number must be 1 to 1023");
}

TEST(Config, WhatIsNoTomlIsRefusedWithItsLine) {
  EXPECT_THAT(refusal_of("data_dir = '/data'\n[listen\n"), StartsWith("kapokd.toml:2: "));
  EXPECT_THAT(refusal_of("data_dir = '/a'\ndata_dir = '/b'\n"), StartsWith("kapokd.toml:2: "));
}

TEST(Config, AnUnknownLogLevelIsRefused) {
  Config config = parse_config("data_dir = 'd'\n[listen]\ncertificate = 'c'\nkey = 'k'\n", "f").value();
  EXPECT_TRUE(check_config(config).ok());
  config.log_level = "loud";
  EXPECT_EQ(check_config(config).error().detail, "log.level must be info, warning or error");
}

TEST(Config, AFileThatIsNotThereIsNamed) {
  const auto loaded = load_config("/nowhere/kapokd.toml");
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(loaded.error().detail, HasSubstr("/nowhere/kapokd.toml"));
}

TEST(Config, OnlyTwoVersionsOfTlsCanBeTheOldest) {
  const auto with = [](const std::string& version) {
    return check_config(
        parse_config("data_dir = 'x'\n[listen]\ncertificate = 'x'\nkey = 'x'\ntls_least = '" + version + "'\n", "file")
            .value());
  };
  EXPECT_TRUE(with("1.2").ok());
  EXPECT_TRUE(with("1.3").ok());
  for (const char* version : {"1.1", "1", "TLSv1.2", "2"}) EXPECT_FALSE(with(version).ok()) << version;
}

TEST(Config, TheExampleFileIsTheProgramsOwn) {
  std::ifstream file(KAPOK_SOURCE_DIR "/deploy/kapokd.example.toml");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), example_config()) << "kapokd --example-config > deploy/kapokd.example.toml";
}

TEST(Config, TheExampleIsAcceptedAndIsTheDefaults) {
  const auto parsed = parse_config(example_config(), "example");
  ASSERT_TRUE(parsed.ok()) << parsed.error().detail;
  EXPECT_TRUE(check_config(parsed.value()).ok());
  EXPECT_EQ(parsed.value().connections_max, default_config().connections_max);
}

}  // namespace
}  // namespace kapok
