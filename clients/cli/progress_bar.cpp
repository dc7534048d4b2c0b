#include "cli/progress_bar.h"

#include <utility>

#include "cli/text_width.h"

namespace kapok::cli {
namespace {

constexpr std::size_t kWhatColumns = 28;
constexpr std::size_t kBarColumns = 30;

}  // namespace

ProgressBar::ProgressBar(Terminal& terminal, std::string what, std::size_t whole)
    : terminal_(terminal), what_(std::move(what)), whole_(whole == 0 ? 1 : whole) {}

void ProgressBar::reached(std::size_t part) {
  if (terminal_.columns == 0 || terminal_.json) return;
  const std::size_t filled = part * kBarColumns / whole_;
  std::string bar;
  for (std::size_t at = 0; at < kBarColumns; ++at) bar += at < filled ? "█" : "░";
  terminal_.err << '\r' << fit(what_, kWhatColumns) << ' ' << terminal_.paint(Colour::kGreen, bar) << ' '
                << fit_right(std::to_string(part * 100 / whole_), 3) << " %" << std::flush;
  shown_ = true;
}

void ProgressBar::finish() {
  if (std::exchange(shown_, false)) terminal_.err << "\r\x1b[K" << std::flush;
}

}  // namespace kapok::cli
