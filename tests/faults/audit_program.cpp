// A graph whose output can be checked row by row, run by the fault tests: every number once in
// `rows`, and what has been counted and summed of each key in `sums`, whenever that changes.

#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include "sluice/sluice.hpp"

namespace {

struct numbered {
  std::uint64_t row;
  std::uint64_t key;
  std::uint64_t value;
};
SLUICE_RECORD(numbered, row, key, value);

struct key_sum {
  std::uint64_t key;
  std::uint64_t count;
  std::uint64_t sum;
};
SLUICE_RECORD(key_sum, key, count, sum);

// A sink that takes so long for each row.
class slow_writer final : public sluice::sink_writer {
 public:
  slow_writer(std::unique_ptr<sluice::sink_writer> to, std::chrono::microseconds row)
      : to_(std::move(to)), row_(row) {}

  sluice::result<void> write(const sluice::column_batch& rows) override {
    std::promise<void> answer;  // of an outside that takes its time
    answer.get_future().wait_for(row_ * rows.size());
    return to_->write(rows);
  }
  sluice::result<void> flush(sluice::epoch_id epoch) override { return to_->flush(epoch); }
  sluice::result<void> close() override { return to_->close(); }
  bool commits() const override { return to_->commits(); }
  sluice::prepare_work prepare(sluice::generation_id generation, sluice::epoch_id epoch) override {
    return to_->prepare(generation, epoch);
  }
  sluice::commit_work commit(sluice::generation_id generation, sluice::epoch_id epoch) override {
    return to_->commit(generation, epoch);
  }
  sluice::result<void> resolve(const sluice::resolution& how) override { return to_->resolve(how); }

 private:
  std::unique_ptr<sluice::sink_writer> to_;
  std::chrono::microseconds row_;
};

class slow_csv {
 public:
  slow_csv(const std::string& folder, std::chrono::microseconds row) : to_(folder), row_(row) {}

  sluice::result<std::unique_ptr<sluice::sink_writer>> open(const sluice::sink_context& at) const {
    auto writer = to_.open(at);
    if (!writer || row_.count() == 0) return writer;
    return std::unique_ptr<sluice::sink_writer>{
        std::make_unique<slow_writer>(std::move(writer).value(), row_)};
  }
  sluice::result<void> try_open(const sluice::sink_context& at) const { return to_.try_open(at); }
  std::string describe() const { return to_.describe(); }

 private:
  sluice::to::csv to_;
  std::chrono::microseconds row_;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  std::string folder, totals = "totals";
  std::uint64_t rows = 100'000, rate = 0, parallelism = 1, slow = 0;
  command_line flags{"Counts numbers so that every one of them can be found again."};
  flags.option("out DIR", folder, "writes DIR/rows and DIR/sums")
      .option("rows N", rows, "numbers to make")
      .option("rate N", rate, "numbers a second; 0: as fast as they are taken")
      .option("parallelism N", parallelism, "instances of the sums and of every sink")
      .option("slow N", slow, "microseconds the sink of the rows takes for each")
      .option("totals NAME", totals, "name of the stage of sums");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;

  graph g{"audit"};
  auto numbers = g.source(
      "numbers", from::generate<numbered>{[](std::uint64_t row, numbered& n) {
                                            n = {row, hash_key(row) % 97, row * 3};
                                          },
                                          {.count = rows, .rate = static_cast<double>(rate)}});
  numbers.sink("rows", slow_csv{folder + "/rows", std::chrono::microseconds{slow}})
      .parallelism(parallelism);
  numbers.key_by(&numbered::key)
      .aggregate<key_sum>(totals, count(), sum(&numbered::value), emit::updates)
      .parallelism(parallelism)
      .sink("sums", to::csv{folder + "/sums"})
      .parallelism(parallelism);
  return run(g, flags);
}
