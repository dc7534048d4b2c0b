#include <cxxabi.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <typeinfo>
#include <utility>
#include <variant>

#include "kapok/v1/frame.pb.h"
#include "protocol/codec.h"
#include "protocol/frame.h"
#include "protocol/mirror.h"

namespace kapok::protocol {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

/// `kapok::api::TakeDuty` → `TakeDuty`.
template <class T>
std::string short_name() {
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(typeid(T).name(), nullptr, nullptr, nullptr),
                                                    std::free);
  const std::string full = name.get();
  return full.substr(full.rfind(':') + 1);
}

std::string name_of_alternative(const auto& variant) {
  return std::visit([](const auto& held) { return short_name<std::decay_t<decltype(held)>>(); }, variant);
}

const OneofDescriptor& request_bodies() { return *v1::ClientFrame::descriptor()->FindOneofByName("body"); }

/// The message that stands in the oneof `body`.
const Message& body_of(const Message& holder) {
  const auto* field =
      holder.GetReflection()->GetOneofFieldDescriptor(holder, holder.GetDescriptor()->FindOneofByName("body"));
  return holder.GetReflection()->GetMessage(holder, field);
}

void expect_request_arrives_whole(const FieldDescriptor& kind, int round) {
  v1::ClientFrame frame;
  frame.set_request_id(7);
  Message& sent = *frame.GetReflection()->MutableMessage(&frame, &kind);
  mirror::Counter counter{round};
  mirror::fill(sent, counter);
  const Decoded decoded = decode_request(frame.SerializeAsString());
  ASSERT_TRUE(decoded.request.ok()) << kind.name() << ": " << decoded.request.error().detail;
  EXPECT_EQ(decoded.id, 7u);
  EXPECT_EQ(decoded.request->id, 7u);
  EXPECT_EQ(name_of_alternative(decoded.request->body), kind.message_type()->name());
  const auto leaves = std::visit([](const auto& body) { return mirror::leaves_of(body); }, decoded.request->body);
  EXPECT_EQ(leaves, mirror::leaves_of(sent)) << kind.name() << " round " << round;
}

TEST(Codec, EveryRequestArrivesWhole) {
  for (int i = 0; i < request_bodies().field_count(); ++i)
    for (int round = 0; round < mirror::kRounds; ++round)
      expect_request_arrives_whole(*request_bodies().field(i), round);
}

template <std::size_t... I>
std::set<std::string> names_of(std::index_sequence<I...>, const auto& type) {
  return {short_name<std::variant_alternative_t<I, std::decay_t<decltype(type)>>>()...};
}

template <class Variant>
std::set<std::string> alternatives() {
  return names_of(std::make_index_sequence<std::variant_size_v<Variant>>{}, Variant{});
}

std::set<std::string> messages_of(const OneofDescriptor& bodies) {
  std::set<std::string> names;
  for (int i = 0; i < bodies.field_count(); ++i) names.insert(bodies.field(i)->message_type()->name());
  return names;
}

TEST(Codec, ProtoAndPlainDataNameTheSameThings) {
  EXPECT_EQ(messages_of(request_bodies()), alternatives<api::RequestBody>());
  auto replies = messages_of(*v1::Reply::descriptor()->FindOneofByName("body"));
  EXPECT_EQ(replies.erase("Error"), 1u);
  replies.insert("Stored");  // bytes of any of the others
  EXPECT_EQ(replies, alternatives<api::ReplyBody>());
  EXPECT_EQ(messages_of(*v1::Push::descriptor()->FindOneofByName("body")), alternatives<api::Push>());
}

template <class T>
void expect_reply_leaves_whole(int round) {
  if constexpr (!std::is_same_v<T, api::Stored>) {
    T body;
    mirror::Counter counter{round};
    mirror::fill(body, counter);
    v1::ServerFrame frame;
    ASSERT_TRUE(frame.ParseFromString(encode_reply({9, api::ReplyBody(body), api::Saved::kStore, false})));
    EXPECT_EQ(frame.reply().request_id(), 9u);
    EXPECT_EQ(frame.reply().saved(), v1::SAVED_STORE);
    EXPECT_EQ(body_of(frame.reply()).GetDescriptor()->name(), short_name<T>());
    EXPECT_EQ(mirror::leaves_of(body_of(frame.reply())), mirror::leaves_of(body)) << short_name<T>();
  }
}

template <std::size_t... I>
void expect_replies_leave_whole(std::index_sequence<I...>, int round) {
  (expect_reply_leaves_whole<std::variant_alternative_t<I, api::ReplyBody>>(round), ...);
}

TEST(Codec, EveryReplyLeavesWhole) {
  for (int round = 0; round < mirror::kRounds; ++round)
    expect_replies_leave_whole(std::make_index_sequence<std::variant_size_v<api::ReplyBody>>{}, round);
}

template <class T>
void expect_push_leaves_whole(int round) {
  T body;
  mirror::Counter counter{round};
  mirror::fill(body, counter);
  const auto bytes = encode_push(body);
  ASSERT_TRUE(bytes.ok());
  v1::ServerFrame frame;
  ASSERT_TRUE(frame.ParseFromString(*bytes));
  EXPECT_EQ(body_of(frame.push()).GetDescriptor()->name(), short_name<T>());
  EXPECT_EQ(mirror::leaves_of(body_of(frame.push())), mirror::leaves_of(body)) << short_name<T>();
}

template <std::size_t... I>
void expect_pushes_leave_whole(std::index_sequence<I...>, int round) {
  (expect_push_leaves_whole<std::variant_alternative_t<I, api::Push>>(round), ...);
}

TEST(Codec, EveryPushLeavesWhole) {
  for (int round = 0; round < mirror::kRounds; ++round)
    expect_pushes_leave_whole(std::make_index_sequence<std::variant_size_v<api::Push>>{}, round);
}

}  // namespace
}  // namespace kapok::protocol
