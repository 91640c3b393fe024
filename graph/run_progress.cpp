#include "sluice/graph/run_progress.hpp"

#include <algorithm>
#include <cmath>

#include "sluice/graph/run_number_text.hpp"

namespace sluice {

namespace {

constexpr std::size_t smallest_bar = 8;
constexpr std::size_t largest_bar = 30;

std::string bar_of(double part, std::size_t width) {
  const auto full = static_cast<std::size_t>(std::floor(part * static_cast<double>(width)));
  std::string bar;
  for (std::size_t i = 0; i < width; ++i) bar += i < full ? "▇" : "▁";
  return bar;
}

std::string optional_number(const std::optional<std::uint64_t>& number) {
  return number ? std::to_string(*number) : "null";
}

}  // namespace

std::string progress_line(const run_position& at, double rows_per_second, bool with_bar,
                          std::size_t width) {
  std::string text = grouped(at.rows) + " rows";
  if (at.rejected > 0) text += ", " + grouped(at.rejected) + " bad";
  text += "  " + rounded(rows_per_second) + " rows/s";
  std::string percent;
  if (at.part) {
    percent = decimal(std::floor(*at.part * 100), 0) + " %";
    percent.insert(0, 5 - std::min<std::size_t>(5, percent.size()), ' ');
    // One percent in, the rest takes what the average says; before that nobody knows.
    if (*at.part >= 0.01)
      text += "  " +
              clock_text(static_cast<std::uint64_t>(std::ceil(static_cast<double>(at.elapsed_ms) /
                                                              1000 * (1 - *at.part) / *at.part))) +
              " left";
  } else {
    text += "  " + clock_text(at.elapsed_ms / 1000);
  }
  text += "  epoch " + grouped(at.done.value);
  if (!at.part) return text.substr(0, width);
  const std::size_t taken = percent.size() + 3 + text.size();
  if (with_bar && taken + smallest_bar <= width)
    return percent + " " + bar_of(*at.part, std::min(largest_bar, width - taken)) + "  " + text;
  return (percent + "  " + text).substr(0, width);
}

std::string progress_json(epoch_id epoch, std::uint64_t elapsed_ms, const run_position& at,
                          double rows_per_second) {
  std::string line = "{\"epoch\":" + std::to_string(epoch.value);
  line += ",\"elapsed_ms\":" + std::to_string(elapsed_ms);
  line += ",\"rows\":" + std::to_string(at.rows);
  line += ",\"rejected_rows\":" + std::to_string(at.rejected);
  line += ",\"rows_per_second\":" + decimal(rows_per_second, 0);
  line += ",\"part_read\":" + (at.part ? decimal(*at.part, 4) : "null");
  line += ",\"queued_rows\":" + std::to_string(at.queued_rows);
  line += ",\"lowest_credit_rows\":" + optional_number(at.lowest_credit_rows);
  line += ",\"watermark\":" + (at.watermark ? '"' + to_string(*at.watermark) + '"' : "null");
  line += ",\"state_keys\":" + std::to_string(at.keys);
  return line + ",\"state_bytes\":" + std::to_string(at.state_bytes) + "}";
}

}  // namespace sluice
