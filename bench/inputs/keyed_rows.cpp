#include "sluice/bench/inputs/keyed_rows.hpp"

#include "sluice/bench/inputs/random.hpp"
#include "sluice/bench/inputs/zipf.hpp"
#include "sluice/records/assert.hpp"

namespace sluice::bench {
namespace {

constexpr std::uint64_t seed = 42;

// One loop a kind of key: the generator is inside the timed loop of most benchmarks.
template <class IdOf>
void fill_columns(std::uint64_t first, std::span<std::uint64_t> keys,
                  std::span<std::int64_t> values, key_kind kind, IdOf&& id_of) {
  const auto fill = [&](auto&& key_of) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::uint64_t x = mix(seed + first + i);
      keys[i] = key_of(id_of(x));
      values[i] = static_cast<std::int64_t>(x & 0xffff);
    }
  };
  if (kind == key_kind::opaque) {
    fill([](std::uint64_t id) { return mix(id); });
  } else {
    fill([](std::uint64_t id) { return id; });
  }
}

std::string short_number(std::uint64_t n) {
  if (n >= 1'000'000 && n % 1'000'000 == 0) return std::to_string(n / 1'000'000) + "M";
  if (n >= 1'000 && n % 1'000 == 0) return std::to_string(n / 1'000) + "k";
  return std::to_string(n);
}

}  // namespace

std::string to_string(const keyed_input& input) {
  const char* const spread = input.spread == distribution::uniform ? "uniform"
                             : input.spread == distribution::zipf  ? "zipf"
                                                                   : "hot";
  return std::string{spread} + '/' + short_number(input.keys) + '/' +
         (input.kind == key_kind::dense ? "dense" : "opaque");
}

keyed_rows::keyed_rows(const keyed_input& input) : input_{input} {
  SLUICE_ASSERT(input.keys > 0 && input.keys < std::uint64_t{1} << 32, "1 to 2^32 - 1 keys");
  if (input.spread == distribution::zipf) ranks_ = std::make_unique<zipf>(input.keys);
}

keyed_rows::~keyed_rows() = default;

void keyed_rows::fill(std::uint64_t first, std::span<std::uint64_t> keys,
                      std::span<std::int64_t> values) const {
  const std::uint64_t end = input_.keys;
  switch (input_.spread) {
    case distribution::uniform:
      return fill_columns(first, keys, values, input_.kind,
                          [end](std::uint64_t x) { return scaled(x, end); });
    case distribution::zipf:
      return fill_columns(first, keys, values, input_.kind,
                          [end, this](std::uint64_t x) { return scatter(ranks_->rank(x), end); });
    case distribution::hot:
      return fill_columns(first, keys, values, input_.kind, [end](std::uint64_t x) {
        return scaled(mix(x), 10) != 0 ? end / 2 : scaled(x, end);
      });
  }
}

std::uint64_t keyed_rows::key_of(std::uint64_t id) const {
  return input_.kind == key_kind::opaque ? mix(id) : id;
}

}  // namespace sluice::bench
