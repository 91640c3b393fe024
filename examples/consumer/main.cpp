// Adds up numbers by key and prints the sums; then counts them without a command line.
#include <sluice/sluice.hpp>

#include <cstdint>
#include <cstdio>

struct number {
  std::uint64_t key;
  std::int64_t value;
};
SLUICE_RECORD(number, key, value);

const sluice::from::rows<number> numbers{{{1, 10}, {2, 20}, {1, 30}, {2, 40}, {3, 50}}};

// Runs a graph from within a program and says what was counted.
bool count_numbers() {
  using namespace sluice;
  std::int64_t total = 0;
  graph g{"counting"};
  g.source("numbers", numbers).sink("total", to::each<number>{[&](const batch<number>& rows) {
                                      for (const auto value : rows.column(&number::value))
                                        total += value;
                                    }});
  const auto ran = run_graph(g, settings_in_code(g));
  if (!ran || !ran.value().finished) return false;
  for (const instance_status& one : ran.value().instances)
    if (one.role == "source")
      std::printf("%s: %lld in %llu rows\n", one.stage.c_str(), static_cast<long long>(total),
                  static_cast<unsigned long long>(one.source.rows));
  return true;
}

int main(int argc, char** argv) {
  using namespace sluice;
  graph g{"consumer"};
  g.source("numbers", numbers)
      .map([](const number& n) { return number{.key = n.key, .value = 2 * n.value}; })
      .key_by(&number::key)
      .aggregate("sums", sum(&number::value), emit::final)
      .sink("out", to::console{{.heads = to::epoch_heads::hidden}});
  const int code = run(g, argc, argv);
  return code == 0 && !count_numbers() ? 1 : code;
}
