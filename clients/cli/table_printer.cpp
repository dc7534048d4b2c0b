#include "cli/table_printer.h"

#include <algorithm>
#include <numeric>

#include "cli/text_width.h"

namespace kapok::cli {
namespace {

constexpr std::size_t kBetween = 2;
constexpr std::size_t kNarrowest = 6;

}  // namespace

void TablePrinter::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) std::ranges::replace(cell, '\n', ' ');
  rows_.push_back(std::move(cells));
}

void TablePrinter::print(Terminal& terminal) const {
  if (rows_.empty()) return;
  const auto sizes = widths(terminal.columns);
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  terminal.out << terminal.paint(Colour::kBold, line(titles, sizes)) << '\n';
  const std::size_t whole = std::accumulate(sizes.begin(), sizes.end(), (sizes.size() - 1) * kBetween);
  std::string rule;
  for (std::size_t at = 0; at < whole; ++at) rule += "─";
  terminal.out << terminal.paint(Colour::kDim, rule) << '\n';
  for (const auto& row : rows_) terminal.out << line(row, sizes) << '\n';
}

std::vector<std::size_t> TablePrinter::widths(std::size_t columns_max) const {
  std::vector<std::size_t> sizes;
  for (std::size_t at = 0; at < columns_.size(); ++at) {
    std::size_t widest = width_of(columns_[at].title);
    for (const auto& row : rows_) widest = std::max(widest, width_of(row[at]));
    sizes.push_back(widest);
  }
  const std::size_t between = (sizes.size() - 1) * kBetween;
  while (columns_max > 0 && std::accumulate(sizes.begin(), sizes.end(), between) > columns_max) {
    const auto widest = std::ranges::max_element(sizes);
    if (*widest <= kNarrowest) break;
    --*widest;
  }
  return sizes;
}

std::string TablePrinter::line(const std::vector<std::string>& cells, const std::vector<std::size_t>& sizes) const {
  std::string text;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (at > 0) text.append(kBetween, ' ');
    text += columns_[at].align == Align::kRight ? fit_right(cells[at], sizes[at]) : fit(cells[at], sizes[at]);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace kapok::cli
