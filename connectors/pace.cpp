#include "sluice/connectors/pace.hpp"

#include <charconv>
#include <limits>

namespace sluice {

std::uint64_t pace::rows_due() {
  if (rate_ <= 0) return std::numeric_limits<std::uint64_t>::max();
  const time_point now = now_();
  if (!started_) {
    started_ = true;
    start_ = now;
  }
  const std::chrono::duration<double> passed = now - start_;
  return first_ + static_cast<std::uint64_t>(passed.count() * rate_) + 1;
}

std::string describe_generated(std::uint64_t count, double rate) {
  std::string text = "generator, ";
  text += count == 0 ? "rows without end" : std::to_string(count) + " rows";
  if (rate <= 0) return text;
  char number[32];
  const auto [end, error] = std::to_chars(number, number + sizeof number, rate);
  return text + ", " + std::string(number, end) + " rows/s";
}

}  // namespace sluice
