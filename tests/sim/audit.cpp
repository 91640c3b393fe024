#include "sluice/tests/sim/audit.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "sluice/connectors/committed_files.hpp"
#include "sluice/connectors/epoch_rejects.hpp"
#include "sluice/connectors/generator.hpp"
#include "sluice/connectors/rejects.hpp"
#include "sluice/connectors/value_text.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/operators/aggregates.hpp"
#include "sluice/records/hash.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/tests/sim/audit_graph.hpp"

namespace sluice::sim {

namespace {

constexpr std::uint64_t numbers = 400, keys = 7;

struct numbered {
  std::uint64_t row;
  std::uint64_t key;
  instant at;
};
SLUICE_RECORD(numbered, row, key, at);
struct key_sum {
  std::uint64_t key;
  std::uint64_t count;
  std::uint64_t sum;
};
SLUICE_RECORD(key_sum, key, count, sum);
struct ordered {
  std::uint64_t row;
  std::uint64_t of_key;  // rows of its key before it
};
SLUICE_RECORD(ordered, row, of_key);

std::uint64_t key_of(std::uint64_t row) { return hash_key(row) % keys; }

void append_row(std::string& out, const column_batch& rows, std::size_t row) {
  for (std::size_t c = 0; c < rows.fields().fields.size(); ++c) {
    append_value(out, rows, c, row);
    out += ' ';
  }
  out += '\n';
}

// Committed files on the disk that forgets. Of several sinks, each has an extension of its own.
struct disk_files {
  sim_disk* disk;
  std::string_view extension;

  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const {
    return std::make_unique<committed_files>(disk->open(), at,
                                             row_format{.extension = extension, .row = append_row});
  }
  std::string describe() const { return "files that may be lost"; }
};

// A log that shows what is rejected by epoch, on the same disk.
class disk_rejects final : public reject_log {
 public:
  explicit disk_rejects(sim_disk& disk)
      : file_(std::make_shared<epoch_file>(disk.open(), "rejected")) {}
  result<void> reject(std::string_view, std::uint64_t, std::uint64_t, std::string_view,
                      std::string_view) override {
    return error{error_code::failed, "rejected before the first epoch"};
  }
  std::uint64_t count() const override { return *total_; }
  result<std::shared_ptr<epoch_rejects>> by_epoch(std::size_t i, std::size_t n) override {
    return std::make_shared<epoch_rejects>(file_, "numbers", i, n, total_);
  }

 private:
  std::shared_ptr<epoch_file> file_;
  std::shared_ptr<std::atomic<std::uint64_t>> total_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

constexpr std::uint64_t rejected_every = 10;

// Numbers, and a rejected piece before every tenth.
class picky_reader final : public source_reader {
 public:
  picky_reader(std::unique_ptr<source_reader> from, sim_disk& disk)
      : from_(std::move(from)), rejects_(std::make_shared<disk_rejects>(disk)) {}

  result<read_batch> read() override {
    auto got = from_->read();
    if (!got || !got.value().rows) return got;
    const batch<numbered> rows{*got.value().rows};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].row % rejected_every != 0) continue;
      if (auto told = rejects_.reject("in", rows[i].row, 0, "tenth", ""); !told)
        return told.failure();
    }
    return got;
  }
  std::string position() const override { return from_->position(); }
  std::uint64_t rejected() const override { return rejects_.count(); }
  result<std::shared_ptr<epoch_output>> by_epoch(std::size_t i, std::size_t n) override {
    return rejects_.by_epoch(i, n);
  }

 private:
  std::unique_ptr<source_reader> from_;
  rejects rejects_;
};

struct picky_numbers {
  using record_type = numbered;
  sim_disk* disk;
  from::generate<numbered> numbers;

  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    auto reader = numbers.open(at);
    if (!reader) return reader.failure();
    return std::make_unique<picky_reader>(std::move(reader).value(), *disk);
  }
  std::string describe() const { return "numbers, every tenth rejected"; }
};

// The rejected pieces that can be seen, by place in the input. The last line may be cut.
std::vector<std::uint64_t> rejected_on(sim_disk& disk) {
  std::vector<std::uint64_t> all;
  const auto text = disk.open()->read("rejected");
  if (!text) return all;
  std::istringstream lines{text.value().substr(0, text.value().rfind('\n') + 1)};
  const std::string before = "\"offset\":";
  for (std::string line; std::getline(lines, line);)
    all.push_back(std::stoull(line.substr(line.find(before) + before.size())));
  return all;
}

using table = std::vector<std::vector<std::uint64_t>>;

struct visible {
  std::map<std::string, table> by_extension;  // in the order of epochs
  std::uint64_t newest = 0;                   // epoch
  std::string staged;                         // a file nobody should have left
};

// What is committed of epochs up to `last`.
visible visible_on(sim_disk& disk, std::uint64_t last) {
  visible found;
  const auto files = disk.open();
  const auto names = files->list();
  if (!names) return found;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> order;
  for (const auto& name : names.value()) {
    if (name.ends_with(".staged") || name.ends_with(".writing")) found.staged = name;
    if (!name.starts_with("part-")) continue;
    order[name.substr(name.rfind('.'))].push_back({name.substr(name.find('.')), name});
  }
  for (auto& [extension, named] : order) {
    std::sort(named.begin(), named.end());  // by epoch, then by instance
    for (const auto& [epoch, name] : named) {
      const std::uint64_t number = std::stoull(epoch.substr(1));
      found.newest = std::max(found.newest, number);
      if (number > last) continue;
      std::istringstream lines{files->read(name).value()};
      for (std::string line; std::getline(lines, line);) {
        std::istringstream values{line};
        auto& row = found.by_extension[extension].emplace_back();
        for (std::uint64_t value; values >> value;) row.push_back(value);
      }
    }
  }
  return found;
}

// How many numbers the sums have been made of, if they are those of a beginning of the numbers.
std::optional<std::uint64_t> numbers_in(const table& sums) {
  std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> last, truth;
  for (const auto& row : sums) {
    auto& [count, sum] = last[row[0]];
    if (row[1] < count) continue;  // updates of one key may be spread over the instances of a sink
    count = row[1];
    sum = row[2];
  }
  std::uint64_t n = 0;
  for (const auto& [key, of] : last) n += of.first;
  for (std::uint64_t row = 0; row < n; ++row) {
    ++truth[key_of(row)].first;
    truth[key_of(row)].second += row;
  }
  return last == truth ? std::optional{n} : std::nullopt;
}

// Sink instances commit one after the other: what all of them show of epochs up to `closed` must be
// one cut of the numbers, and nothing may be shown that was not decided (I1, I2).
std::string look(sim_disk& disk, std::uint64_t closed, bool finished, bool drained) {
  const visible seen = visible_on(disk, finished ? ~std::uint64_t{0} : closed);
  const auto at = [&](const char* extension) {
    const auto found = seen.by_extension.find(extension);
    return found == seen.by_extension.end() ? table{} : found->second;
  };
  const auto truth = file_meta_store{disk.open()}.load();
  if (!truth) return truth.failure().message;
  const manifest* const sealed = truth.value() ? truth.value()->last() : nullptr;
  if (seen.newest > (sealed ? sealed->epoch.value : 0))
    return "epoch " + std::to_string(seen.newest) + " is visible and was not decided";
  std::set<std::uint64_t> rows;
  for (const auto& row : at(".rows"))
    if (!rows.insert(row[0]).second) return "number " + std::to_string(row[0]) + " is there twice";
  if (!rows.empty() && *rows.rbegin() != rows.size() - 1) return "a number is missing among others";
  if (!numbers_in(at(".sums"))) return "the sums are not those of a beginning of the numbers";
  std::map<std::uint64_t, std::uint64_t> of_key;
  std::set<std::uint64_t> in_time;
  for (const auto& row : at(".times")) {
    if (!in_time.insert(row[0]).second)
      return "number " + std::to_string(row[0]) + " is there twice in event time";
    of_key[key_of(row[0])] = std::max(of_key[key_of(row[0])], row[1] + 1);
  }
  for (const auto& [key, n] : of_key) {
    std::uint64_t there = 0;
    for (const std::uint64_t row : in_time) there += key_of(row) == key ? 1 : 0;
    if (there != n) return "rows of key " + std::to_string(key) + " were counted wrongly";
  }
  const auto rejected = rejected_on(disk);
  for (std::size_t i = 0; i < rejected.size(); ++i)
    if (rejected[i] != i * rejected_every) return "rejected pieces are missing or there twice";
  // What is given only at the end must not be there before, nor a second time.
  if (!at(".ends").empty() && !sealed->end) return "results of the end are there before it";
  if (!finished) return {};
  const std::uint64_t all = drained ? rows.size() : numbers;
  if (rows.size() != all) return "only " + std::to_string(rows.size()) + " numbers at the end";
  if (rejected.size() != (all + rejected_every - 1) / rejected_every)
    return "rejected pieces are missing at the end";
  if (*numbers_in(at(".sums")) != all) return "sums are missing at the end";
  if (in_time.size() != all) return "rows in event time are missing at the end";
  std::set<std::uint64_t> ended;
  for (const auto& row : at(".ends"))
    if (!ended.insert(row[0]).second) return "a result of the end is there twice";
  if (numbers_in(at(".ends")) != all) return "results of the end are wrong";
  return seen.staged.empty() ? std::string{} : "left behind: " + seen.staged;
}

}  // namespace

namespace {

crashed_run audit(std::uint64_t seed, bool drained, crash_options options) {
  sim_disk disk{seed * 2 + 1};
  graph g{"audit"};
  auto made =
      g.source(
           "numbers",
           picky_numbers{&disk,
                         from::generate<numbered>{
                             [](std::uint64_t row, numbered& n) {
                               n = {row, key_of(row), instant{static_cast<std::int64_t>(row * 10)}};
                             },
                             {.count = numbers}}})
          .event_time(&numbered::at);
  made.sink("rows", disk_files{&disk, ".rows"});
  made.key_by(&numbered::key)
      .aggregate<key_sum>("totals", count(), sum(&numbered::row), emit::updates)
      .sink("sums", disk_files{&disk, ".sums"});
  made.key_by(&numbered::key)
      .in_event_time_order(&numbered::at)
      .scan<std::uint64_t>("in time",
                           [](std::uint64_t& seen, const numbered& n, rows<ordered> out) {
                             out.push({n.row, seen++});
                           })
      .sink("times", disk_files{&disk, ".times"});

  made.key_by(&numbered::key)
      .aggregate<key_sum>("finals", count(), sum(&numbered::row), emit::final)
      .sink("ends", disk_files{&disk, ".ends"});

  options.run.shrink.kept_parallel = {"numbers"};
  options.run.most_steps = 400'000;
  std::uint64_t closed = 0;
  options.run.on_epoch = [&](epoch_id epoch, std::uint64_t) { closed = epoch.value; };
  options.look = [&](bool finished) { return look(disk, closed, finished, drained); };
  return run_with_crashes(g, disk, seed, options);
}

}  // namespace

crashed_run audit_with_crashes(std::uint64_t seed) {
  crash_options options;
  options.run.scenario = "audit with crashes";
  return audit(seed, /*drained=*/false, options);
}

crashed_run audit_with_stop(std::uint64_t seed, const asked_stop& stop) {
  crash_options options;
  options.run.scenario = "audit with a stop";
  options.most_crashes = stop.most_crashes;
  std::uint64_t happened = 0;
  options.run.on_event = [&](std::uint64_t, const std::string&, traced kind, std::uint64_t) {
    happened += kind == stop.at ? 1 : 0;
  };
  bool asked = false;
  options.stop = [&] {
    if (asked || happened < stop.nth) return crash_options::wish::go_on;
    asked = true;
    return stop.how;
  };
  return audit(seed, stop.how == crash_options::wish::drain, options);
}

}  // namespace sluice::sim
