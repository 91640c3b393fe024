// A graph whose output can be checked row by row, run by the fault tests: every number once in
// `rows`, what has been counted and summed of each key in `sums`, whenever that changes, and how
// many numbers each key had in `ends`, once.

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

struct key_count {
  std::uint64_t key;
  std::uint64_t count;
};
SLUICE_RECORD(key_count, key, count);

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
  bool commits() const { return to_.commits(); }
  sluice::result<bool> shows(const sluice::sink_context& at,
                             const sluice::decided_epoch& of) const {
    return to_.shows(at, of);
  }

 private:
  sluice::to::csv to_;
  std::chrono::microseconds row_;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  std::string folder, csv, log, sqlite, postgres, totals = "totals";
  std::uint64_t rows = 100'000, rate = 0, work_us = 0, parallelism = 1, slow = 0;
  std::uint16_t port = 0;
  command_line flags{"Counts numbers so that every one of them can be found again."};
  flags.option("out DIR", folder, "writes DIR/rows, DIR/sums and DIR/ends")
      .option("sqlite FILE", sqlite, "writes tables of this database instead")
      .option("postgres CONNECTION", postgres, "the same of this one")
      .option("csv FILE", csv, "reads the numbers from this file, instead of making them")
      .option("port N", port, "copies the lines that come from this port to DIR/lines, that is all")
      .option("log DIR", log, "logs them there")
      .option("work-us N", work_us, "works so long on each")
      .option("rows N", rows, "numbers to make")
      .option("rate N", rate, "numbers a second; 0: as fast as they are taken")
      .option("parallelism N", parallelism, "instances of the sums and of every sink")
      .option("slow N", slow, "microseconds the sink of the rows takes for each")
      .option("totals NAME", totals, "name of the stage of sums");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;

  graph g{"audit"};
  if (port != 0) {
    const from::text_socket lines{"127.0.0.1", port};
    g.source("lines", log.empty() ? lines : lines.logged(log))
        .sink("copies", to::json_lines{folder + "/lines"});
    return run(g, flags);
  }
  const from::generate<numbered> made{[](std::uint64_t row, numbered& n) {
                                        n = {row, hash_key(row) % 97, row * 3};
                                      },
                                      {.count = rows, .rate = static_cast<double>(rate)}};
  auto source =
      csv.empty() ? g.source("numbers", made) : g.source("numbers", from::csv<numbered>{csv});
  auto numbers = work_us == 0 ? source : source.map([work_us](const numbered& n) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(work_us);
    while (std::chrono::steady_clock::now() < end) {
    }
    return n;
  });
  const auto written = [&](const auto& stream, const char* name) {
    if (!sqlite.empty()) return stream.sink(name, to::sqlite_table{sqlite, name});
    if (!postgres.empty()) return stream.sink(name, to::postgres_table{postgres, name});
    const auto us = std::chrono::microseconds{std::string_view{name} == "rows" ? slow : 0};
    return stream.sink(name, slow_csv{folder + '/' + name, us});
  };
  written(numbers, "rows").parallelism(parallelism);
  written(numbers.key_by(&numbered::key)
              .aggregate<key_sum>(totals, count(), sum(&numbered::value), emit::updates)
              .parallelism(parallelism),
          "sums")
      .parallelism(parallelism);
  written(numbers.key_by(&numbered::key)
              .aggregate<key_count>("at the end", count(), emit::final)
              .parallelism(parallelism),
          "ends")
      .parallelism(parallelism);
  return run(g, flags);
}
