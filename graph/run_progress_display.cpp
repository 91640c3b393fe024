#include "sluice/graph/run_progress_display.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/run_progress.hpp"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds between_reports{200};
constexpr std::string_view clear_line = "\r\x1b[K";

}  // namespace

progress_display::progress_display(progress_form form, stage_windows windows, std::FILE* to)
    : form_(form), windows_(std::move(windows)), to_(to) {}

std::chrono::milliseconds progress_display::report_every() const {
  return form_ == progress_form::none ? std::chrono::milliseconds{0} : between_reports;
}

void progress_display::take(const run_status& status) {
  const std::lock_guard lock(mutex_);
  latest_ = status;
}

void progress_display::take(epoch_id epoch, std::uint64_t elapsed_ms) {
  if (form_ != progress_form::json) return;
  const std::lock_guard lock(mutex_);
  epochs_.push_back({epoch, elapsed_ms});
}

void progress_display::draw() {
  std::optional<run_status> status;
  {
    const std::lock_guard lock(mutex_);
    status.swap(latest_);
  }
  if (!status || form_ == progress_form::none) return;
  const run_position at = position_of(*status, windows_);
  rate_.see(at.elapsed_ms, at.rows);
  if (form_ == progress_form::json)
    print_epochs(at);
  else
    print_line(at);
}

void progress_display::print_line(const run_position& at) {
  if (form_ == progress_form::bar) {
    bar_there_ = true;
    // The last column stays free: a terminal may wrap behind it.
    return print(std::string{clear_line} +
                 progress_line(at, rate_.rows_per_second(), true, terminal_width(to_) - 1));
  }
  if (at.elapsed_ms < next_line_ms_) return;
  const auto step = static_cast<std::uint64_t>(between_lines.count());
  next_line_ms_ = (at.elapsed_ms / step + 1) * step;
  print(progress_line(at, rate_.rows_per_second(), false, std::string::npos) + "\n");
}

// An epoch is printed with the first status taken after it: its rows are counted in.
void progress_display::print_epochs(const run_position& at) {
  std::vector<finished_epoch> due;
  {
    const std::lock_guard lock(mutex_);
    const auto first_left = std::find_if(epochs_.begin(), epochs_.end(),
                                         [&](const auto& one) { return one.epoch > at.done; });
    due.assign(epochs_.begin(), first_left);
    epochs_.erase(epochs_.begin(), first_left);
  }
  for (const auto& one : due)
    print(progress_json(one.epoch, one.elapsed_ms, at, rate_.rows_per_second()) + "\n");
}

void progress_display::clear() {
  if (std::exchange(bar_there_, false)) print(clear_line);
}

void progress_display::finish(const run_status& last) {
  clear();
  take(last);
  if (form_ == progress_form::json) draw();
}

void progress_display::print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), to_);
  std::fflush(to_);
}

progress_form chosen_form(progress_form asked, bool terminal, bool rows_there) {
  if (asked != progress_form::automatic) return asked;
  if (!terminal) return progress_form::plain;
  return rows_there ? progress_form::none : progress_form::bar;
}

}  // namespace sluice
