#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/enum_names.h"

/// Short lists kept in one text column: stable names or numbers, comma between.
namespace kapok::storage {

inline std::string join_list(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += ',';
    text += item;
  }
  return text;
}

inline std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    items.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return items;
}

template <class E>
std::string join_names(const std::vector<E>& values) {
  std::vector<std::string> names;
  for (const E value : values) names.emplace_back(name_of(value));
  return join_list(names);
}

/// Names that no longer exist are left out.
template <class E>
std::vector<E> split_names(std::string_view text) {
  std::vector<E> values;
  for (const std::string& name : split_list(text))
    if (const auto value = from_name<E>(name)) values.push_back(*value);
  return values;
}

}  // namespace kapok::storage
