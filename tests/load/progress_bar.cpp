#include "load/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/core.h>

namespace kapok::load {
namespace {

constexpr int kColumns = 30;

}  // namespace

std::string bar_text(std::string_view what, double share, std::string_view beside) {
  const double part = std::clamp(share, 0.0, 1.0);
  const int filled = static_cast<int>(part * kColumns);
  std::string bar;
  for (int at = 0; at < kColumns; ++at) bar += at < filled ? "█" : "░";
  return fmt::format("{} {} {:>3} %{}{}", what, bar, static_cast<int>(part * 100), beside.empty() ? "" : "  ", beside);
}

ProgressBar::ProgressBar(std::string what) : what_(std::move(what)), on_terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressBar::show(double share, std::string_view beside) {
  if (!on_terminal_) return;
  std::fprintf(stderr, "\r%s\x1b[K", bar_text(what_, share, beside).c_str());
  std::fflush(stderr);
  shown_ = true;
}

void ProgressBar::finish() {
  if (std::exchange(shown_, false)) std::fputs("\r\x1b[K", stderr);
}

}  // namespace kapok::load
