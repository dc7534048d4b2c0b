#pragma once

#include <string>
#include <string_view>

namespace kapok::load {

/// `what ██████░░░░  42 %  beside`.
std::string bar_text(std::string_view what, double share, std::string_view beside);

/// One line on standard error that fills up, on a terminal only; elsewhere nothing is written.
class ProgressBar {
 public:
  explicit ProgressBar(std::string what);
  ~ProgressBar() { finish(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  [[nodiscard]] bool is_on_terminal() const { return on_terminal_; }
  void show(double share, std::string_view beside = {});
  /// Takes the line away.
  void finish();

 private:
  std::string what_;
  bool on_terminal_;
  bool shown_ = false;
};

}  // namespace kapok::load
