// Adds up numbers by key and prints the sums.
#include <sluice/sluice.hpp>

#include <cstdint>

struct number {
  std::uint64_t key;
  std::int64_t value;
};
SLUICE_RECORD(number, key, value);

int main(int argc, char** argv) {
  using namespace sluice;
  graph g{"consumer"};
  g.source("numbers", from::rows<number>{{{1, 10}, {2, 20}, {1, 30}, {2, 40}, {3, 50}}})
      .map([](const number& n) { return number{.key = n.key, .value = 2 * n.value}; })
      .key_by(&number::key)
      .aggregate("sums", sum(&number::value), emit::final)
      .sink("out", to::console{{.heads = to::epoch_heads::hidden}});
  return run(g, argc, argv);
}
