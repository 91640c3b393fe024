#include "sluice/bench/graphs/keyed_files.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <vector>

#include "sluice/bench/bounds/count_sum.hpp"

namespace sluice::bench {
namespace {

// Numbers of a line `KEY,COUNT,SUM\n`, from `at` on, which moves behind it.
template <class N>
N take_number(const char*& at, const char* end, char behind) {
  N number{};
  const auto [stopped, wrong] = std::from_chars(at, end, number);
  if (wrong != std::errc{} || stopped == end || *stopped != behind)
    throw std::runtime_error("a line of the output is no total");
  at = stopped + 1;
  return number;
}

void fold(keyed_table<count_sum>& last, const std::string& text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  at = std::find(at, end, '\n') + 1;  // the head
  while (at < end) {
    const auto key = take_number<std::uint64_t>(at, end, ',');
    const auto count = take_number<std::uint64_t>(at, end, ',');
    const auto sum = take_number<std::int64_t>(at, end, '\n');
    last.update(std::span{&key, 1}, [&](count_sum& state, std::size_t) {
      if (count <= state.count)
        throw std::runtime_error("the output has a count of " + std::to_string(count) +
                                 " behind one of " + std::to_string(state.count));
      state = {count, sum};
    });
  }
}

}  // namespace

answer folded_totals(const std::string& folder, bool warm) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("part-")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());  // the order of epochs
  keyed_table<count_sum> last(changes::ignored);
  for (const std::string& file : files) {
    std::ifstream in{file, std::ios::binary};
    fold(last, {std::istreambuf_iterator<char>{in}, {}});
  }
  keyed_sums sums;
  last.for_each([&](std::uint64_t key, const count_sum& total) {
    sums.add(key, total.count - (warm ? 1 : 0), total.sum);
  });
  return sums.result();
}

answer times(const answer& one, std::uint64_t passes) {
  answer all = one;
  for (auto& sum : all.sums) sum.second *= passes;
  return all;
}

}  // namespace sluice::bench
