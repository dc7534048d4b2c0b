#include "net/web_request.h"

#include <gtest/gtest.h>

namespace kapok::net {
namespace {

const WebOrigins kOrigins = WebOrigins::parse({"https://kapok.example:8443"}).value();

WebRequest reading(const std::string& target) {
  WebRequest request;
  request.method = "GET";
  request.target = target;
  return request;
}

WebRequest upgrading() {
  WebRequest request = reading("/ws");
  request.origin = "https://kapok.example:8443";
  request.upgrade = true;
  request.socket_version = "13";
  request.socket_key = "dGhlIHNhbXBsZSBub25jZQ==";
  request.subprotocols = "kapok.v1";
  return request;
}

WebRequest posting() {
  WebRequest request = reading("/session");
  request.method = "POST";
  request.origin = "https://kapok.example:8443";
  request.content_type = "application/x-protobuf";
  request.has_body = true;
  return request;
}

unsigned refusal(const WebRequest& request) {
  const WebJudgement judged = judge(request, kOrigins);
  return judged.refused ? judged.refused->status : 0;
}

template <class Change>
unsigned refusal_after(WebRequest request, Change change) {
  change(request);
  return refusal(request);
}

TEST(WebRequest, GoesWhereItsPathSays) {
  EXPECT_EQ(judge(upgrading(), kOrigins).route, WebRoute::kSocket);
  EXPECT_EQ(judge(posting(), kOrigins).route, WebRoute::kSession);
  EXPECT_EQ(judge(reading("/health"), kOrigins).route, WebRoute::kHealth);
  EXPECT_EQ(judge(reading("/health?why"), kOrigins).route, WebRoute::kHealth);
  EXPECT_EQ(judge(reading("/"), kOrigins).route, WebRoute::kFile);
  EXPECT_EQ(judge(reading("/wsx"), kOrigins).route, WebRoute::kFile);
  for (const WebRequest& request : {upgrading(), posting(), reading("/"), reading("/health")})
    EXPECT_EQ(refusal(request), 0U) << request.target;
}

TEST(WebRequest, OtherVersionsThanHttp11AreRefused) {
  for (const WebRequest& request : {upgrading(), posting(), reading("/")})
    EXPECT_EQ(refusal_after(request, [](WebRequest& r) { r.http_1_1 = false; }), 505U);
}

TEST(WebRequest, ATargetIsAPathOfVisibleSigns) {
  for (const char* target : {"", "*", "https://kapok.example/", "kapok.example:443", "/a b", "/\x01", "/\x80"})
    EXPECT_EQ(refusal(reading(target)), 400U) << target;
}

TEST(WebRequest, WhatIsMalformedOrExpectsSomethingIsRefused) {
  EXPECT_EQ(refusal_after(reading("/"), [](WebRequest& r) { r.malformed = true; }), 400U);
  EXPECT_EQ(refusal_after(reading("/"), [](WebRequest& r) { r.has_body = true; }), 400U);
  EXPECT_EQ(refusal_after(posting(), [](WebRequest& r) { r.expects = true; }), 417U);
}

TEST(WebRequest, OtherMethodsAreToldWhichAreAllowed) {
  for (const char* method : {"POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "get"}) {
    EXPECT_EQ(refusal_after(reading("/"), [&](WebRequest& r) { r.method = method; }), 405U) << method;
    EXPECT_EQ(refusal_after(upgrading(), [&](WebRequest& r) { r.method = method; }), 405U) << method;
  }
  EXPECT_EQ(refusal_after(posting(), [](WebRequest& r) { r.method = "GET"; }), 405U);
  EXPECT_EQ(judge(posting(), kOrigins).refused, std::nullopt);
  WebRequest request = posting();
  request.method = "PUT";
  const WebHeaders allowed = {{"Allow", "POST"}};
  EXPECT_EQ(judge(request, kOrigins).refused->headers, allowed);
}

TEST(WebRequest, AnUpgradeIsGrantedToTheWholeHandshakeOnly) {
  EXPECT_EQ(refusal_after(upgrading(), [](WebRequest& r) { r.upgrade = false; }), 426U);
  EXPECT_EQ(refusal_after(upgrading(), [](WebRequest& r) { r.socket_version = "8"; }), 426U);
  EXPECT_EQ(refusal_after(upgrading(), [](WebRequest& r) { r.socket_version = ""; }), 426U);
  EXPECT_EQ(refusal_after(upgrading(), [](WebRequest& r) { r.has_body = true; }), 400U);
  for (const char* key :
       {"", "short", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZ$==", "dGhlIHNhbXBsZSBub25jZQAA"})
    EXPECT_EQ(refusal_after(upgrading(), [&](WebRequest& r) { r.socket_key = key; }), 400U) << key;
}

TEST(WebRequest, ASubprotocolWithOurVersionHasToBeAmongThoseNamed) {
  for (const char* named : {"kapok.v1", "chat, kapok.v1", "kapok.v1 ,x"})
    EXPECT_EQ(refusal_after(upgrading(), [&](WebRequest& r) { r.subprotocols = named; }), 0U) << named;
  for (const char* named : {"", "kapok", "kapok.v2", "kapok.v11", "xkapok.v1"})
    EXPECT_EQ(refusal_after(upgrading(), [&](WebRequest& r) { r.subprotocols = named; }), 400U) << named;
}

TEST(WebRequest, OnlyAnAllowedOriginOpensASocketOrASession) {
  for (const char* origin :
       {"", "null", "https://kapok.example", "https://kapok.example:8444", "http://kapok.example:8443",
        "https://KAPOK.example:8443", "https://kapok.example:8443/", "https://kapok.example:8443.evil",
        "https://kapok.example.:8443", "https://evil.example:8443"}) {
    EXPECT_EQ(refusal_after(upgrading(), [&](WebRequest& r) { r.origin = origin; }), 403U) << origin;
    EXPECT_EQ(refusal_after(posting(), [&](WebRequest& r) { r.origin = origin; }), 403U) << origin;
  }
}

TEST(WebRequest, ASessionIsAskedForWithAFrameOnly) {
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/x-protobuf; x"})
    EXPECT_EQ(refusal_after(posting(), [&](WebRequest& r) { r.content_type = type; }), 415U) << type;
}

TEST(WebCookie, IsFoundAmongOthersByItsWholeName) {
  EXPECT_EQ(cookie_value("a=1; __Host-kapok=xyz; b=2", "__Host-kapok"), "xyz");
  EXPECT_EQ(cookie_value("__Host-kapok=", "__Host-kapok"), "");
  EXPECT_EQ(cookie_value("__Host-kapok=a=b", "__Host-kapok"), "a=b");
  for (const char* none : {"", "x__Host-kapok=1", "__Host-kapok-csrf=1", "__Host-kapok", ";;;"})
    EXPECT_EQ(cookie_value(none, "__Host-kapok"), std::nullopt) << none;
}

TEST(WebCookie, ThatStandsTwiceIsNoCookie) { EXPECT_EQ(cookie_value("k=1; k=2", "k"), std::nullopt); }

TEST(WebHeaders, ControlCharactersAreSeenInWhatComesIn) {
  EXPECT_TRUE(is_header_value("text/html; q=0.5\t 社工"));
  for (const char* value : {"a\rb", "a\nb", "a\r\nSet-Cookie: x", "\x01", "\x7f"}) EXPECT_FALSE(is_header_value(value));
  EXPECT_FALSE(is_header_value(std::string("a\0b", 3)));
}

TEST(WebHeadersDeathTest, ControlCharactersInAHeaderOfOursEndTheProcess) {
  EXPECT_DEATH(header_value("a\r\nSet-Cookie: x"), "");
}

TEST(WebHeaders, DatesAreThoseOfHttp) { EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT"); }

}  // namespace
}  // namespace kapok::net
