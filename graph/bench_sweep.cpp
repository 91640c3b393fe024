#include "sluice/graph/bench_sweep.hpp"

#include <numeric>
#include <optional>
#include <utility>

#include "sluice/graph/settings_keys.hpp"
#include "sluice/graph/settings_value.hpp"
#include "sluice/records/hash.hpp"

namespace sluice {

namespace {

constexpr std::string_view interval_key = "microBatch.allowLatencyMs";
constexpr std::string_view usual_interval = "10ms..10s";

error wrong(std::string_view text, const std::string& why) {
  return {error_code::refused, "wrong value: --sweep " + std::string{text} + " (" + why + ")"};
}

// 1, 2 and 5 times every power of ten that lie between the two.
std::vector<std::int64_t> steps_between(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> steps{first};
  for (std::int64_t ten = 1; ten < last; ten *= 10) {
    for (const std::int64_t step : {ten, 2 * ten, 5 * ten})
      if (step > first && step < last) steps.push_back(step);
    if (ten > last / 10) break;
  }
  if (last > first) steps.push_back(last);
  return steps;
}

}  // namespace

result<bench_sweep> read_bench_sweep(std::string_view text) {
  const std::size_t equals = text.find('=');
  bench_sweep made;
  made.name = text.substr(0, equals);
  made.key = made.name == "interval" ? std::string{interval_key} : made.name;
  const setting_description* const setting = find_graph_key(made.key);
  if (!setting) return wrong(text, "KEY=A..B; " + unknown_key_hint(made.key, key_scope::graph));
  if (setting->kind != setting_kind::time && setting->kind != setting_kind::size &&
      setting->kind != setting_kind::number)
    return wrong(text, made.name + " is no number, time or size");
  std::string_view range = usual_interval;
  if (equals != text.npos)
    range = text.substr(equals + 1);
  else if (made.key != interval_key)
    return wrong(text, made.name + "=A..B");
  const std::size_t dots = range.find("..");
  if (dots == range.npos) return wrong(text, made.name + "=A..B");

  std::int64_t ends[2] = {0, 0};
  for (const std::size_t i : {0u, 1u}) {
    const std::string given{i == 0 ? range.substr(0, dots) : range.substr(dots + 2)};
    const auto understood =
        understand(*setting, {.text = given, .shown = given}, [](auto) { return std::nullopt; });
    if (!understood.value)
      return wrong(text, understood.wrong + ": " + given + "; " + allowed_values(*setting));
    ends[i] = *understood.value;
  }
  if (ends[0] > ends[1]) return wrong(text, "the smaller end first");
  for (const std::int64_t number : steps_between(ends[0], ends[1]))
    made.values.push_back({number, format_value(*setting, number, {})});
  return made;
}

bench_sweep no_sweep() { return {.name = {}, .key = {}, .values = {{0, "as set"}}}; }

std::vector<std::size_t> drawn_order(std::size_t n, std::uint64_t seed) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = n; left > 1; --left)
    std::swap(order[left - 1], order[hash_key(seed + left) % left]);
  return order;
}

}  // namespace sluice
