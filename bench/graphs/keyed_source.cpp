#include "sluice/bench/graphs/keyed_source.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>

namespace sluice::bench {
namespace {

using steady = std::chrono::steady_clock;

// Numbers of rows of one instance: warm-up rows first, timed ones behind them.
struct part {
  std::uint64_t first = 0, end = 0;
};

part part_of(std::uint64_t all, const source_context& at) {
  return {all * at.instance / at.instances, all * (at.instance + 1) / at.instances};
}

class keyed_reader final : public source_reader {
 public:
  keyed_reader(const keyed_source& made, const source_context& at)
      : of_(made.of),
        hooks_(made.hooks),
        source_(made.of.input),
        pool_(at.pool),
        batch_rows_(at.bounds.rows),
        warm_(part_of(made.of.warm_rows(), at)),
        timed_(part_of(made.of.all_rows(), at)),
        rate_(made.of.rate / static_cast<double>(at.instances)) {
    unsigned long long warm = 0, timed = 0;
    if (std::sscanf(at.position.c_str(), "%llu %llu", &warm, &timed) == 2) {
      warm_.first = warm;
      timed_.first = timed;
    }
  }

  result<read_batch> read() override {
    if (warm_.first == warm_.end && timed_.first % of_.rows == 0 && hooks_.over && hooks_.over())
      return read_batch{nullptr, read_state::end};
    auto made = std::make_shared<column_batch>(schema_of<keyed_row>(), pool_, batch_rows_);
    if (warm_.first < warm_.end) {
      fill_warm(*made);
    } else {
      if (!due()) return read_batch{nullptr, read_state::later};
      if (hooks_.timed_row) hooks_.timed_row();
      fill_timed(*made);
    }
    const bool ended = warm_.first == warm_.end && timed_.first == timed_.end;
    return read_batch{std::move(made), ended ? read_state::end : read_state::more};
  }
  std::string position() const override {
    if (hooks_.cut) hooks_.cut();
    return std::to_string(warm_.first) + ' ' + std::to_string(timed_.first);
  }

 private:
  void fill_warm(column_batch& into) {
    const auto count = std::min<std::uint64_t>(into.capacity(), warm_.end - warm_.first);
    const std::span keys{into.values<std::uint64_t>(0), count};
    for (std::uint64_t& key : keys) key = source_.key_of(warm_.first++);
    std::fill_n(into.values<std::int64_t>(1), count, 0);
    into.resize(count);
  }
  // Within one pass.
  void fill_timed(column_batch& into) {
    const std::uint64_t at = timed_.first % of_.rows;
    const auto count =
        std::min<std::uint64_t>({into.capacity(), timed_.end - timed_.first, of_.rows - at});
    source_.fill(at, {into.values<std::uint64_t>(0), count}, {into.values<std::int64_t>(1), count});
    timed_.first += count;
    into.resize(count);
  }
  // On schedule from the first timed row this reader makes.
  bool due() {
    if (rate_ == 0) return true;
    if (!started_) {
      started_ = steady::now();
      first_ = timed_.first;
    }
    const double passed = std::chrono::duration<double>(steady::now() - *started_).count();
    return static_cast<double>(timed_.first - first_) <= passed * rate_;
  }

  keyed_stretch of_;
  keyed_source_hooks hooks_;
  keyed_rows source_;
  buffer_pool pool_;
  std::size_t batch_rows_;
  part warm_, timed_;  // still to be made
  double rate_;
  std::optional<steady::time_point> started_;
  std::uint64_t first_ = 0;
};

}  // namespace

result<std::unique_ptr<source_reader>> keyed_source::open(const source_context& at) const {
  return std::make_unique<keyed_reader>(*this, at);
}

}  // namespace sluice::bench
