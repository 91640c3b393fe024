#include <algorithm>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <numeric>

#include "sluice/graph/settings_of_graph.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"
#include "sluice/tests/support/listening_socket.hpp"

namespace sluice {
namespace {

struct word {
  std::string_view text;
};
SLUICE_RECORD(word, text);

struct word_count {
  std::string_view text;
  std::uint64_t count;
};
SLUICE_RECORD(word_count, text, count);

using tallies = std::map<std::string, std::uint64_t>;

// The logic, once: what it is given is a file or a stream.
template <class Sink>
void count_words(const stream<line>& lines, Sink sink, emit when) {
  lines
      .flat_map([](const line& in, rows<word> out) {
        for (const auto text : words_in(in.text)) out.push({text});
      })
      .key_by(&word::text)
      .template aggregate<word_count>("count", count(), when)
      .sink("tallies", sink);
}

settings settings_with(const graph& g, std::initializer_list<const char*> assignments) {
  settings_reader reader = reader_for(g.description());
  for (const char* assignment : assignments) reader.set(assignment);
  return reader.read().checked();
}

using tally_rows = collected<word_count>;

tallies tallies_in(const tally_rows& rows) {
  tallies all;
  for (const auto& row : rows.rows()) {
    CHECK(all.emplace(std::string{row.text}, row.count).second);
  }
  return all;
}

// 50,000 lines of few and many words, some of them new, always the same.
std::string many_lines() {
  std::string text;
  std::uint64_t state = 7;
  for (int i = 0; i < 50'000; ++i) {
    for (std::uint64_t w = 0; w <= state % 5; ++w) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      text += "w" + std::to_string((state >> 40) % 5000) + (w % 2 == 0 ? " " : "  ");
    }
    text += "\n";
  }
  return text;
}

tallies plain_loop(const std::string& text) {
  tallies all;
  for (const auto& each : lines_of(text))
    for (const auto found : words_in(each)) ++all[std::string{found}];
  return all;
}

TEST_CASE("the same logic over a file and over a stream gives the same output",
          "[run][actors][S15][S26]") {
  const std::string text = many_lines();
  const tallies expected = plain_loop(text);

  scratch_folder folder;
  const auto of_file = std::make_shared<tally_rows>();
  graph batch{"words"};
  count_words(batch.source("lines", from::text_file{folder.write("lines.txt", text)}),
              to::collect{of_file}, emit::final);
  // A minute between markers: END alone brings the file through.
  const auto from_file =
      run_graph(batch, settings_with(batch, {"microBatch.allowLatencyMs=60000"}));
  REQUIRE(from_file);
  CHECK(from_file.value().finished);
  CHECK(from_file.value().elapsed_ms < 50'000);
  CHECK(tallies_in(*of_file) == expected);

  listening_socket server;
  const auto of_stream = std::make_shared<tally_rows>();
  graph live{"words"};
  count_words(live.source("lines", from::text_socket{"127.0.0.1", server.port()}),
              to::collect{of_stream}, emit::final);
  auto feeding = std::async(std::launch::async, [&] {
    server.accept();
    server.send(text);
    server.finish();
  });
  const auto from_stream = run_graph(live, settings_with(live, {"microBatch.allowLatencyMs=20"}));
  feeding.get();
  REQUIRE(from_stream);
  CHECK(from_stream.value().finished);
  CHECK(tallies_in(*of_stream) == expected);
}

TEST_CASE("one graph object runs again, and per epoch or at the end the counts add up",
          "[run][actors][S15]") {
  const std::string text = many_lines();
  scratch_folder folder;
  for (const emit when : {emit::per_epoch, emit::final}) {
    const auto seen = std::make_shared<tally_rows>();
    graph g{"words"};
    count_words(g.source("lines", from::text_file{folder.write("lines.txt", text)}),
                to::collect{seen}, when);
    for (int run = 1; run <= 2; ++run) {
      REQUIRE(run_graph(g, settings_with(g, {"microBatch.allowLatencyMs=10", "batch.rows=64",
                                             "stage.count.parallelism=2"})));
      tallies sums;
      for (const auto& row : seen->rows()) sums[std::string{row.text}] += row.count;
      tallies expected = plain_loop(text);
      for (auto& [key, value] : expected) value *= static_cast<std::uint64_t>(run);
      CHECK(sums == expected);
    }
  }
}

// Keeps what is written to it and lets others wait for it.
class watched_rows {
 public:
  void add(std::uint64_t rows) {
    const std::lock_guard lock(mutex_);
    rows_ += rows;
    changed_.notify_all();
  }
  bool reaches(std::uint64_t rows, std::chrono::seconds within) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, within, [&] { return rows_ >= rows; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t rows_ = 0;
};

class to_watched {
 public:
  explicit to_watched(std::shared_ptr<watched_rows> rows) : rows_(std::move(rows)) {}
  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return std::unique_ptr<sink_writer>{std::make_unique<writer>(rows_)};
  }
  std::string describe() const { return "watched"; }

 private:
  class writer final : public sink_writer {
   public:
    explicit writer(std::shared_ptr<watched_rows> rows) : rows_(std::move(rows)) {}
    result<void> write(const column_batch& rows) override {
      rows_->add(rows.size());
      return {};
    }
    result<void> flush(epoch_id) override { return {}; }

   private:
    std::shared_ptr<watched_rows> rows_;
  };
  std::shared_ptr<watched_rows> rows_;
};

TEST_CASE("with a minute between markers the size bounds what a stage holds",
          "[run][actors][S23][S10][S6]") {
  listening_socket server;
  const auto seen = std::make_shared<watched_rows>();
  graph g{"words"};
  count_words(g.source("lines", from::text_socket{"127.0.0.1", server.port()}), to_watched{seen},
              emit::updates);
  // Every row a key of its own would be bypassed as not worth gathering: 100 keys are.
  std::string thousand;
  for (int i = 0; i < 1000; ++i) thousand += "w" + std::to_string(i % 100) + "\n";
  bool flushed_at_size = false;
  auto feeding = std::async(std::launch::async, [&] {
    server.accept();
    for (int i = 0; i < 20; ++i) server.send(thousand);
    // Nothing comes behind the 20,000th row, and the marker is a minute away.
    flushed_at_size = seen->reaches(100, std::chrono::seconds(30));
    server.send(thousand);
    server.finish();
  });
  const auto ran =
      run_graph(g, settings_with(g, {"microBatch.allowLatencyMs=60000", "miniBatch.size=20000"}));
  feeding.get();
  REQUIRE(ran);
  CHECK(flushed_at_size);
  CHECK(ran.value().elapsed_ms < 50'000);
  for (const auto& one : ran.value().instances) {
    if (one.stage != "count") continue;
    CHECK(one.work.rows_in == 21'000);
    CHECK(one.work.rows_out == 200);
    CHECK(one.work.flushes[static_cast<std::size_t>(flush_cause::size)] == 1);
    CHECK(one.work.flushes[static_cast<std::size_t>(flush_cause::end)] == 1);
  }
}

}  // namespace
}  // namespace sluice
