#include "sluice/tests/sim/audit_graph.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "sluice/connectors/committed_files.hpp"
#include "sluice/connectors/generator.hpp"
#include "sluice/connectors/value_text.hpp"
#include "sluice/operators/aggregates.hpp"
#include "sluice/tests/sim/audit_records.hpp"
#include "sluice/tests/sim/picky_numbers.hpp"

namespace sluice::sim {

namespace {

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

using table = std::vector<std::vector<std::uint64_t>>;

struct visible {
  std::map<std::string, table> by_extension;  // in the order of epochs
  std::uint64_t newest = 0;                   // epoch
  std::vector<std::string> hidden;            // names of files that are not visible
};

// What is committed of epochs up to `last`.
visible visible_on(sim_disk& disk, std::uint64_t last) {
  visible found;
  const auto files = disk.open();
  const auto names = files->list();
  if (!names) return found;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> order;
  for (const auto& name : names.value()) {
    if (name.ends_with(".staged") || name.ends_with(".writing")) found.hidden.push_back(name);
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

// Whether `sums` are those of `rows`.
bool sums_of(const table& sums, const std::set<std::uint64_t>& rows) {
  std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> last, truth;
  for (const auto& row : sums) {
    auto& [count, sum] = last[row[0]];
    if (row[1] < count) continue;  // updates of one key may be spread over the instances of a sink
    count = row[1];
    sum = row[2];
  }
  for (const std::uint64_t row : rows) {
    ++truth[key_of(row)].first;
    truth[key_of(row)].second += row;
  }
  return last == truth;
}

// Generation in `.part-00003.7.…` and in `.rejected.3.7.…`.
std::uint64_t generation_in(const std::string& hidden) {
  std::size_t before = hidden.find('.', 1);
  if (hidden.starts_with(".rejected.")) before = hidden.find('.', before + 1);
  return std::stoull(hidden.substr(before + 1));
}

}  // namespace

audit_graph::audit_graph(sim_disk& disk, const audit_options& options)
    : disk_(&disk), options_(options) {
  const from::generate<audited_number> numbers{
      [](std::uint64_t row, audited_number& n) {
        n = {row, key_of(row), instant{static_cast<std::int64_t>(row * 10)}};
      },
      {.count = options.numbers}};
  auto made = options.rejects ? graph_.source("numbers", picky_numbers{numbers})
                              : graph_.source("numbers", numbers);
  made.parallelism(options.readers).event_time(&audited_number::at);
  made.sink("rows", disk_files{&disk, ".rows"});
  const auto sums = [&](const char* stage, emit how) {
    return made.key_by(&audited_number::key)
        .aggregate<key_sum>(stage, count(), sum(&audited_number::row), how);
  };
  sums("totals", emit::updates).sink("sums", disk_files{&disk, ".sums"});
  sums("finals", emit::final).sink("ends", disk_files{&disk, ".ends"});
  made.key_by(&audited_number::key)
      .in_event_time_order(&audited_number::at)
      .scan<std::uint64_t>("in time",
                           [](std::uint64_t& seen, const audited_number& n, rows<ordered> out) {
                             out.push({n.row, seen++});
                           })
      .sink("times", disk_files{&disk, ".times"});
}

std::string audit_graph::look(const meta_truth& truth, epoch_id closed,
                              const audit_moment& now) const {
  const visible seen = visible_on(*disk_, now.finished ? ~std::uint64_t{0} : closed.value);
  const auto at = [&](const char* extension) {
    const auto found = seen.by_extension.find(extension);
    return found == seen.by_extension.end() ? table{} : found->second;
  };
  const manifest* const sealed = truth.last();
  if (seen.newest > (sealed ? sealed->epoch.value : 0))
    return "I1: epoch " + std::to_string(seen.newest) + " is visible and was not decided";
  std::set<std::uint64_t> rows;
  std::vector<std::uint64_t> next(options_.readers);  // number of each reader
  for (std::size_t i = 0; i < options_.readers; ++i) next[i] = i;
  for (const auto& row : at(".rows"))
    if (!rows.insert(row[0]).second)
      return "O2: number " + std::to_string(row[0]) + " is there twice";
  for (const std::uint64_t row : rows) {
    std::uint64_t& expected = next[row % options_.readers];
    if (row != expected) return "O2: number " + std::to_string(expected) + " is missing";
    expected += options_.readers;
  }
  if (!sums_of(at(".sums"), rows)) return "O4: the sums are not those of the rows";
  std::map<std::uint64_t, std::uint64_t> of_key;
  std::set<std::uint64_t> in_time;
  for (const auto& row : at(".times")) {
    if (!in_time.insert(row[0]).second)
      return "O2: number " + std::to_string(row[0]) + " is there twice in event time";
    of_key[key_of(row[0])] = std::max(of_key[key_of(row[0])], row[1] + 1);
  }
  for (const auto& [key, n] : of_key) {
    std::uint64_t there = 0;
    for (const std::uint64_t row : in_time) there += key_of(row) == key ? 1 : 0;
    if (there != n) return "O1: rows of key " + std::to_string(key) + " were counted wrongly";
  }
  if (!std::includes(rows.begin(), rows.end(), in_time.begin(), in_time.end()))
    return "O4: event time has rows that the cut has not";
  const auto rejected = options_.rejects ? rejected_on(*disk_) : std::vector<std::uint64_t>{};
  std::vector<std::uint64_t> next_rejected(options_.readers);
  for (std::size_t i = 0; i < options_.readers; ++i) next_rejected[i] = rejected_from(i);
  for (const std::uint64_t row : rejected) {
    std::uint64_t& expected = next_rejected[row % options_.readers];
    if (row != expected)
      return "O2: rejected piece " + std::to_string(expected) + " is missing or there twice";
    expected = rejected_from(row + options_.readers);
  }
  // What is given only at the end must not be there before, nor a second time.
  if (!at(".ends").empty() && !sealed->end) return "I1: results of the end are there before it";
  if (!now.finished) return {};
  const std::uint64_t all = now.drained ? rows.size() : options_.numbers;
  if (rows.size() != all) return "only " + std::to_string(rows.size()) + " numbers at the end";
  if (in_time.size() != all) return "rows in event time are missing at the end";
  const std::uint64_t every = picky_numbers::rejected_every;
  if (options_.rejects && rejected.size() != (all + every - 1) / every)
    return "rejected pieces are missing at the end";
  std::set<std::uint64_t> ended;
  for (const auto& row : at(".ends"))
    if (!ended.insert(row[0]).second) return "O2: a result of the end is there twice";
  if (!sums_of(at(".ends"), rows)) return "O1: results of the end are wrong";
  for (const std::string& name : seen.hidden)
    if (!now.left_over || generation_in(name) >= truth.generation.value)
      return "left behind: " + name;
  return {};
}

std::uint64_t audit_graph::rejected_from(std::uint64_t row) const {
  while (row % picky_numbers::rejected_every != 0 && row < options_.numbers)
    row += options_.readers;
  return row;
}

std::string audit_graph::prepared(const manifest& decided) const {
  const auto files = disk_->open();
  const auto names = files->list();
  if (!names) return {};
  for (const auto& one : decided.instances) {
    const std::string_view extension = one.stage == "rows"    ? ".rows"
                                       : one.stage == "sums"  ? ".sums"
                                       : one.stage == "times" ? ".times"
                                       : one.stage == "ends"  ? ".ends"
                                                              : "";
    // Whoever ended earlier has been committed since.
    if (extension.empty() || one.state.empty() || one.epoch != decided.epoch) continue;
    char name[96];
    std::snprintf(name, sizeof name, ".part-%05u.%llu.%020llu%s.staged", unsigned{one.instance},
                  static_cast<unsigned long long>(decided.generation.value),
                  static_cast<unsigned long long>(decided.epoch.value),
                  std::string(extension).c_str());
    if (std::find(names.value().begin(), names.value().end(), name) == names.value().end())
      return std::string("sealed, and not staged: ") + name;
  }
  return {};
}

}  // namespace sluice::sim
