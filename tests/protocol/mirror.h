#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <google/protobuf/message.h>
#include <boost/pfr.hpp>

#include "core/id.h"
#include "core/instant.h"
#include "core/local_time.h"
#include "protocol/wire_enum.h"

/// Compares plain structs with their messages without naming a field: both are filled with values that tell
/// positions apart and both are written down leaf by leaf. A field that is forgotten, doubled or swapped shows.
/// It works because messages keep their fields in the order of the structs (proto/kapok/v1/common.proto).
namespace kapok::protocol::mirror {

/// Gives every leaf its own value. Flags have only two, so tests go through several rounds: flag n is bit
/// `round` of n.
struct Counter {
  int round = 0;
  int last = 0;
  int next() { return ++last + round; }
  bool flag() { return ((++last >> round) & 1) != 0; }
};
inline constexpr int kRounds = 7;
inline constexpr int kElements = 2;

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
void fill(T& out, Counter& counter) {
  if constexpr (std::is_same_v<T, bool>) {
    out = counter.flag();
  } else if constexpr (std::is_enum_v<T>) {
    out = static_cast<T>(counter.next() % kWireValues<T>);
  } else if constexpr (std::is_arithmetic_v<T>) {
    out = static_cast<T>(counter.next());
  } else if constexpr (std::is_same_v<T, std::string>) {
    out = "t" + std::to_string(counter.next());
  } else if constexpr (is_id<T>) {
    out.value = counter.next();
  } else if constexpr (std::is_same_v<T, Instant>) {
    out.us = counter.next();
  } else if constexpr (std::is_same_v<T, Duration>) {
    out = Duration{counter.next()};
  } else if constexpr (std::is_same_v<T, CivilDay>) {
    const int year = counter.next();
    const int month = counter.next();
    out = {std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
           std::chrono::day(static_cast<unsigned>(counter.next()))};
  } else if constexpr (is_optional<T>) {
    fill(out.emplace(), counter);
  } else if constexpr (is_list<T>) {
    out.resize(kElements);
    for (auto& element : out) fill(element, counter);
  } else {
    boost::pfr::for_each_field(out, [&counter](auto& field) { fill(field, counter); });
  }
}

using Leaves = std::vector<std::string>;

template <class T>
void list_leaves(const T& in, Leaves& out) {
  if constexpr (std::is_enum_v<T>) {
    out.push_back(std::to_string(static_cast<int>(in)));
  } else if constexpr (std::is_arithmetic_v<T>) {
    out.push_back(std::to_string(in));
  } else if constexpr (std::is_same_v<T, std::string>) {
    out.push_back(in);
  } else if constexpr (is_id<T>) {
    out.push_back(std::to_string(in.value));
  } else if constexpr (std::is_same_v<T, Instant>) {
    out.push_back(std::to_string(in.us));
  } else if constexpr (std::is_same_v<T, Duration>) {
    out.push_back(std::to_string(in.count()));
  } else if constexpr (std::is_same_v<T, CivilDay>) {
    out.push_back(std::to_string(static_cast<int>(in.year())));
    out.push_back(std::to_string(static_cast<unsigned>(in.month())));
    out.push_back(std::to_string(static_cast<unsigned>(in.day())));
  } else if constexpr (is_optional<T>) {
    if (in) return list_leaves(*in, out);
    out.push_back("-");
  } else if constexpr (is_list<T>) {
    out.push_back("[" + std::to_string(in.size()));
    for (const auto& element : in) list_leaves(element, out);
  } else {
    boost::pfr::for_each_field(in, [&out](const auto& field) { list_leaves(field, out); });
  }
}

/// Fills every field of a message, nested ones too.
void fill(google::protobuf::Message& out, Counter& counter);
/// Its leaves in the order of field numbers, enumerations as ours.
void list_leaves(const google::protobuf::Message& in, Leaves& out);

template <class T>
Leaves leaves_of(const T& in) {
  Leaves out;
  if constexpr (std::is_base_of_v<google::protobuf::Message, T>)
    list_leaves(static_cast<const google::protobuf::Message&>(in), out);
  else
    list_leaves(in, out);
  return out;
}

}  // namespace kapok::protocol::mirror
