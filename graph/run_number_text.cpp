#include "sluice/graph/run_number_text.hpp"

#include <array>
#include <cstdio>
#include <span>

namespace sluice {

namespace {

// Three digits of `number` in the largest unit it reaches.
std::string in_units(double number, double step, std::span<const char* const> units) {
  std::size_t unit = 0;
  // From 999.5 on three digits would read 1000.
  for (; number >= step * 0.9995 && unit + 1 < units.size(); ++unit) number /= step;
  const int decimals = unit == 0 || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
  return decimal(number, decimals) + units[unit];
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string rounded(double number) {
  static constexpr std::array<const char*, 5> units{"", " k", " M", " G", " T"};
  return in_units(number, 1000, units);
}

std::string bytes_text(std::uint64_t bytes) {
  static constexpr std::array<const char*, 5> units{" B", " KiB", " MiB", " GiB", " TiB"};
  return in_units(static_cast<double>(bytes), 1024, units);
}

std::string clock_text(std::uint64_t seconds) {
  std::array<char, 48> text{};
  const auto hours = static_cast<unsigned long long>(seconds / 3600);
  const auto minutes = static_cast<unsigned>(seconds / 60 % 60);
  const auto rest = static_cast<unsigned>(seconds % 60);
  if (hours > 0)
    std::snprintf(text.data(), text.size(), "%llu:%02u:%02u", hours, minutes, rest);
  else
    std::snprintf(text.data(), text.size(), "%u:%02u", minutes, rest);
  return text.data();
}

std::string counted(std::uint64_t number, const char* what) {
  return grouped(number) + " " + what + (number == 1 ? "" : "s");
}

std::string decimal(double number, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
  return text.data();
}

}  // namespace sluice
