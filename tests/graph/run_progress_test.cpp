#include "sluice/graph/run_progress.hpp"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "sluice/graph/run_number_text.hpp"
#include "sluice/graph/run_progress_display.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

instance_status source_status(const char* name, std::uint64_t rows, read_progress progress) {
  instance_status one;
  one.stage = name;
  one.role = "source";
  one.source.rows = rows;
  one.source.progress = progress;
  return one;
}

run_status two_sources() {
  run_status status;
  status.elapsed_ms = 10'000;
  status.done = {9};
  status.instances = {source_status("payments", 1000, {10, 40}),
                      source_status("payments", 2000, {30, 40}),
                      source_status("labels", 500, {90, 100})};
  status.instances[0].source.rejected = 2;
  status.instances[2].source.rejected = 3;
  instance_status count;
  count.stage = "count";
  count.role = "aggregator";
  count.work.operation.keys = 7;
  count.work.operation.state_bytes = 4096;
  count.queued_rows = 12;
  count.most_queued = {{100, 1}, {300, 1}};
  status.instances.push_back(count);
  count.work.operation.keys = 5;
  count.work.operation.state_bytes = 1024;
  count.queued_rows = 1;
  count.most_queued = {{200, 1}};
  status.instances.push_back(count);
  return status;
}

TEST_CASE("a position adds up the instances and follows the source that is behind", "[progress]") {
  const run_position at = position_of(two_sources(), {{"count", {1000, 1 << 20}}});
  run_position expected;
  expected.elapsed_ms = 10'000;
  expected.rows = 3500;
  expected.rejected = 5;
  expected.part = 0.5;
  expected.done = {9};
  expected.queued_rows = 13;
  expected.keys = 12;
  expected.state_bytes = 5120;
  expected.lowest_credit_rows = 700;
  CHECK(at == expected);
}

TEST_CASE("nobody says how much is left of an input without an end", "[progress]") {
  run_status status = two_sources();
  status.instances.push_back(source_status("socket", 10, {1'000'000, 0}));
  CHECK(position_of(status, {}).part == std::nullopt);
  CHECK(position_of(status, {}).lowest_credit_rows == std::nullopt);
}

TEST_CASE("the watermark is the smallest of those sources that have one", "[progress]") {
  run_status status = two_sources();
  CHECK(position_of(status, {}).watermark == std::nullopt);
  status.instances[0].source.watermark = instant::from_seconds(20);
  status.instances[2].source.watermark = instant::from_seconds(50);
  CHECK(position_of(status, {}).watermark == instant::from_seconds(20));
  status.instances[0].source.watermark = instant::highest();  // all is read
  status.instances[0].source.watermark_of_rows = instant::from_seconds(30);
  CHECK(position_of(status, {}).watermark == instant::from_seconds(50));
  status.instances[2].source.watermark = instant::highest();
  status.instances[2].source.watermark_of_rows = instant::from_seconds(60);
  CHECK(position_of(status, {}).watermark == instant::from_seconds(30));
}

TEST_CASE("a stream without event time has no watermark, not at its end either", "[progress]") {
  run_status status = two_sources();
  for (auto& one : status.instances) one.source.watermark = instant::highest();
  CHECK(position_of(status, {}).watermark == std::nullopt);
}

TEST_CASE("the rate follows what comes now", "[progress]") {
  row_rate rate;
  rate.see(1000, 5000);
  CHECK(rate.rows_per_second() == Approx(5000));
  rate.see(3000, 5000);  // one half-life without rows
  CHECK(rate.rows_per_second() == Approx(2500));
  rate.see(3000, 5000);
  CHECK(rate.rows_per_second() == Approx(2500));
  for (std::uint64_t ms = 4000; ms <= 40'000; ms += 1000) rate.see(ms, 5000 + (ms - 3000) * 2);
  CHECK(rate.rows_per_second() == Approx(2000).epsilon(0.01));
}

TEST_CASE("a progress line has rows, rate, percent, time left and epochs", "[progress]") {
  run_position at;
  at.elapsed_ms = 30'000;
  at.rows = 1'234'567;
  at.part = 0.25;
  at.done = {30};
  CHECK(progress_line(at, 1'234'000, true, 100) ==
        " 25 % ▇▇▇▇▇▇▇▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  1,234,567 rows  1.23 M rows/s  1:30 left  epoch 30");
  const std::string plain = " 25 %  1,234,567 rows  1.23 M rows/s  1:30 left  epoch 30";
  CHECK(progress_line(at, 1'234'000, false, 100) == plain);
  CHECK(progress_line(at, 1'234'000, true, plain.size() + 9).starts_with(" 25 % ▇▇▁▁▁▁▁▁  1,"));
  CHECK(progress_line(at, 1'234'000, true, plain.size() + 8) == plain);  // no room for a bar
  CHECK(progress_line(at, 1'234'000, true, 40) == " 25 %  1,234,567 rows  1.23 M rows/s  1:");
  at.part = 0.009;
  CHECK(progress_line(at, 950, false, 100) == "  0 %  1,234,567 rows  950 rows/s  epoch 30");
  at.part.reset();
  CHECK(progress_line(at, 950, true, 9) == "1,234,567");
  at.rejected = 3;
  CHECK(progress_line(at, 950, true, 100) == "1,234,567 rows, 3 bad  950 rows/s  0:30  epoch 30");
}

TEST_CASE("a progress line of JSON is JSON", "[progress]") {
  run_position at;
  at.rows = 12;
  at.queued_rows = 3;
  at.keys = 2;
  at.state_bytes = 64;
  auto line = nlohmann::json::parse(progress_json({4}, 4001, at, 5.6));
  CHECK(line == nlohmann::json{{"epoch", 4},
                               {"elapsed_ms", 4001},
                               {"rows", 12},
                               {"rejected_rows", 0},
                               {"rows_per_second", 6},
                               {"part_read", nullptr},
                               {"queued_rows", 3},
                               {"lowest_credit_rows", nullptr},
                               {"watermark", nullptr},
                               {"state_keys", 2},
                               {"state_bytes", 64}});
  at.part = 0.5;
  at.rejected = 1;
  at.watermark = instant::from_seconds(0);
  at.lowest_credit_rows = 8;
  line = nlohmann::json::parse(progress_json({4}, 4001, at, 5.6));
  CHECK(line["part_read"] == 0.5);
  CHECK(line["rejected_rows"] == 1);
  CHECK(line["watermark"] == "1970-01-01T00:00:00Z");
  CHECK(line["lowest_credit_rows"] == 8);
}

// What a display prints, read back.
struct printed {
  printed() : file(std::tmpfile()) {}
  ~printed() { std::fclose(file); }
  std::string text() const {
    std::rewind(file);
    std::string all(1 << 16, '\0');
    all.resize(std::fread(all.data(), 1, all.size(), file));
    return all;
  }
  std::FILE* file;
};

run_status status_at(std::uint64_t elapsed_ms, std::uint64_t rows, std::uint64_t done) {
  run_status status;
  status.elapsed_ms = elapsed_ms;
  status.done = {done};
  status.instances = {source_status("numbers", rows, {rows, 1000})};
  return status;
}

TEST_CASE("a bar is drawn over itself and gone at the end", "[progress]") {
  printed terminal;
  progress_display shown{progress_form::bar, {}, terminal.file};
  shown.draw();
  shown.take(status_at(1000, 100, 1));
  shown.draw();
  shown.draw();  // nothing new
  shown.take(status_at(2000, 500, 2));
  shown.draw();
  shown.finish(status_at(2500, 1000, 3));
  const std::string text = terminal.text();
  CHECK(text.find("\n") == text.npos);
  CHECK(text.starts_with("\r\x1b[K 10 % "));
  CHECK(text.find("\r\x1b[K 50 % ") != text.npos);
  CHECK(text.ends_with("epoch 2\r\x1b[K"));
  CHECK(std::count(text.begin(), text.end(), '\r') == 3);  // two positions and the end
  CHECK(shown.report_every().count() > 0);
}

TEST_CASE("plain lines come every five seconds", "[progress]") {
  printed log;
  progress_display shown{progress_form::plain, {}, log.file};
  for (std::uint64_t ms = 700; ms <= 12'000; ms += 700) {
    shown.take(status_at(ms, ms / 20, ms / 1000));
    shown.draw();
  }
  shown.finish(status_at(12'100, 1000, 13));
  CHECK(log.text() ==
        " 28 %  280 rows  50 rows/s  0:15 left  epoch 5\n"
        " 52 %  525 rows  50 rows/s  0:10 left  epoch 10\n");  // not 5 s after the one before
}

TEST_CASE("json has one line for every epoch, with counts not older than it", "[progress]") {
  printed log;
  progress_display shown{progress_form::json, {}, log.file};
  shown.take(status_at(900, 90, 0));
  shown.take(epoch_id{1}, 1000);
  shown.draw();
  CHECK(log.text() == "");  // the status is from before the epoch's end
  shown.take(epoch_id{2}, 2000);
  shown.take(status_at(2100, 210, 2));
  shown.draw();
  shown.take(epoch_id{3}, 2500);
  shown.finish(status_at(2501, 250, 3));
  std::vector<std::array<std::uint64_t, 3>> lines;
  std::istringstream text(log.text());
  for (std::string line; std::getline(text, line);) {
    const auto read = nlohmann::json::parse(line);
    lines.push_back({read["epoch"], read["elapsed_ms"], read["rows"]});
  }
  CHECK(lines ==
        std::vector<std::array<std::uint64_t, 3>>{{1, 1000, 210}, {2, 2000, 210}, {3, 2500, 250}});
}

TEST_CASE("none says nothing and asks for no reports", "[progress]") {
  printed log;
  progress_display shown{progress_form::none, {}, log.file};
  shown.take(status_at(9000, 90, 1));
  shown.draw();
  shown.finish(status_at(10'000, 100, 1));
  CHECK(log.text() == "");
  CHECK(shown.report_every().count() == 0);
}

TEST_CASE("a bar is for a terminal on which no rows are printed", "[progress]") {
  CHECK(chosen_form(progress_form::automatic, true, false) == progress_form::bar);
  CHECK(chosen_form(progress_form::automatic, true, true) == progress_form::none);
  CHECK(chosen_form(progress_form::automatic, false, true) == progress_form::plain);
  CHECK(chosen_form(progress_form::bar, false, true) == progress_form::bar);
}

TEST_CASE("numbers are written for people", "[progress]") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(rounded(0) == "0");
  CHECK(rounded(999.4) == "999");
  CHECK(rounded(999.6) == "1.00 k");
  CHECK(rounded(12'345) == "12.3 k");
  CHECK(rounded(99'960) == "100 k");
  CHECK(rounded(999'600) == "1.00 M");
  CHECK(rounded(1.5e9) == "1.50 G");
  CHECK(bytes_text(1023) == "1023 B");
  CHECK(bytes_text(64 << 10) == "64.0 KiB");
  CHECK(bytes_text(2 << 20) == "2.00 MiB");
  CHECK(clock_text(12) == "0:12");
  CHECK(clock_text(3723) == "1:02:03");
  CHECK(counted(0, "epoch") == "0 epochs");
  CHECK(counted(1, "epoch") == "1 epoch");
  CHECK(counted(2000, "epoch") == "2,000 epochs");
}

}  // namespace
}  // namespace sluice
