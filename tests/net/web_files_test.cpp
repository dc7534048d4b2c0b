#include "net/web_files.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kapok::net {
namespace {

const WebFile kFiles[] = {
    {"/", "text/html; charset=utf-8", "\"e1\"", "<html>", "packed html"},
    {"/assets/desk-3f2a.js", "text/javascript; charset=utf-8", "\"e2\"", "let x", {}},
};

WebRequest asking(const std::string& target) {
  WebRequest request;
  request.method = "GET";
  request.target = target;
  return request;
}

std::string header(const WebAnswer& answer, std::string_view name) {
  const auto found = std::ranges::find(answer.headers, name, &WebHeaders::value_type::first);
  return found == answer.headers.end() ? "" : found->second;
}

TEST(WebFiles, AFileComesWithItsTypeAndEtag) {
  const WebAnswer answer = answer_file(asking("/assets/desk-3f2a.js"), kFiles);
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body(), "let x");
  EXPECT_EQ(header(answer, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(answer, "ETag"), "\"e2\"");
}

TEST(WebFiles, ANameWithItsDigestIsKeptForEverAndThePageIsAskedForAnew) {
  EXPECT_EQ(header(answer_file(asking("/assets/desk-3f2a.js"), kFiles), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(header(answer_file(asking("/?x=1"), kFiles), "Cache-Control"), "no-cache");
}

TEST(WebFiles, WhatIsNotThereIsNotFoundWhateverItIsCalled) {
  for (const char* target :
       {"/index.html", "/x", "//", "/assets/", "/assets/../", "/..%2fetc/passwd", "/assets/desk-3f2a.js/"})
    EXPECT_EQ(answer_file(asking(target), kFiles).status, 404U) << target;
  EXPECT_EQ(answer_file(asking("/"), {}).status, 404U);
}

TEST(WebFiles, WhatTheBrowserHasIsNotSentAgain) {
  for (const char* known : {"\"e1\"", "W/\"e1\"", "\"x\", \"e1\"", "*"}) {
    WebRequest request = asking("/");
    request.if_none_match = known;
    const WebAnswer answer = answer_file(request, kFiles);
    EXPECT_EQ(answer.status, 304U) << known;
    EXPECT_EQ(answer.body(), "");
    EXPECT_EQ(header(answer, "ETag"), "\"e1\"");
  }
  for (const char* other : {"", "\"e2\"", "e1", "\"e1", "W/"}) {
    WebRequest request = asking("/");
    request.if_none_match = other;
    EXPECT_EQ(answer_file(request, kFiles).status, 200U) << other;
  }
}

TEST(WebFiles, PackedOnlyForThoseWhoUnpack) {
  WebRequest request = asking("/");
  EXPECT_EQ(answer_file(request, kFiles).body(), "<html>");
  request.accept_encoding = "gzip, deflate, br";
  EXPECT_EQ(answer_file(request, kFiles).body(), "packed html");
  EXPECT_EQ(header(answer_file(request, kFiles), "Content-Encoding"), "gzip");
  EXPECT_EQ(header(answer_file(request, kFiles), "Vary"), "Accept-Encoding");
  request.target = "/assets/desk-3f2a.js";
  EXPECT_EQ(header(answer_file(request, kFiles), "Content-Encoding"), "");
}

TEST(WebFiles, GzipIsTakenUnlessItIsRefused) {
  for (const char* yes : {"gzip", "br, gzip;q=0.5", "*", "*;q=0.1", "gzip;q=1.0", "deflate,gzip", "gzip;q=0.001"})
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  for (const char* no : {"", "identity", "gzip;q=0", "gzip; q=0.000", "*;q=0", "gzip;q=0, *", "xgzip", "br"})
    EXPECT_FALSE(accepts_gzip(no)) << no;
}

TEST(WebFiles, TheProgramHasAPageSortedByPath) {
  const auto files = embedded_files();
  ASSERT_FALSE(files.empty());
  EXPECT_TRUE(std::ranges::is_sorted(files, {}, &WebFile::path));
  EXPECT_EQ(files.front().path, "/");
  EXPECT_TRUE(files.front().raw.starts_with("<!")) << files.front().raw;
  for (const WebFile& file : files) {
    EXPECT_EQ(file.etag.size(), 66U) << file.path;
    EXPECT_FALSE(file.type.empty()) << file.path;
    EXPECT_TRUE(file.gzip.empty() || file.gzip.starts_with("\x1f\x8b")) << file.path;
  }
}

}  // namespace
}  // namespace kapok::net
