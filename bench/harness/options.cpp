#include "sluice/bench/harness/options.hpp"

#include <fnmatch.h>

#include <charconv>

namespace sluice::bench {
namespace {

constexpr std::string_view summary =
    " [--size smoke|gate|full] [--variant GLOB] [--reps N] [--gate]\n"
    "  --size     smoke: results only; gate: ratios are judged (default); full: published tables\n"
    "  --variant  only the variants whose name matches, as in 'uniform/1k/*'\n"
    "  --reps     repetitions that count, odd (default 9, in a smoke run 1)\n"
    "  --gate     exit with 1 if a verdict is fail\n";

[[noreturn]] void reject(std::string_view program, const std::string& what) {
  throw usage{what + "\nusage: " + std::string{program} + std::string{summary}};
}

size read_size(std::string_view program, std::string_view text) {
  for (const size s : {size::smoke, size::gate, size::full}) {
    if (text == to_string(s)) return s;
  }
  reject(program, "no such size: " + std::string{text});
}

std::size_t read_repetitions(std::string_view program, std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count % 2 == 0) {
    reject(program, "repetitions are an odd number: " + std::string{text});
  }
  return count;
}

}  // namespace

const char* to_string(size s) {
  switch (s) {
    case size::smoke:
      return "smoke";
    case size::gate:
      return "gate";
    case size::full:
      return "full";
  }
  return "";
}

bool options::wants(const std::string& variant) const {
  return fnmatch(variants.c_str(), variant.c_str(), 0) == 0;
}

options parse_options(std::string_view program, std::span<const char* const> arguments) {
  options out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--help") throw usage{"usage: " + std::string{program} + std::string{summary}, 0};
    if (name == "--gate") {
      out.gate = true;
      continue;
    }
    if (name != "--size" && name != "--variant" && name != "--reps") {
      reject(program, "no such option: " + std::string{name});
    }
    if (i + 1 == arguments.size()) reject(program, "no value after " + std::string{name});
    const std::string_view value = arguments[++i];
    if (name == "--size") out.size = read_size(program, value);
    if (name == "--variant") out.variants = value;
    if (name == "--reps") out.repetitions = read_repetitions(program, value);
  }
  return out;
}

}  // namespace sluice::bench
