#include "sluice/graph/run_summary.hpp"

#include <algorithm>

#include "sluice/graph/run_number_text.hpp"

namespace sluice {

namespace {

std::vector<rows_read> read_by_source(const run_status& status) {
  std::vector<rows_read> all;
  for (const auto& one : status.instances) {
    if (one.role != "source") continue;
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const auto& read) { return read.source == one.stage; });
    if (found == all.end()) found = all.insert(all.end(), {one.stage, 0, 0});
    found->good += one.source.rows;
    found->bad += one.source.rejected;
  }
  return all;
}

}  // namespace

std::vector<rows_read> rejected_rows(const run_status& status) {
  auto all = read_by_source(status);
  std::erase_if(all, [](const auto& read) { return read.bad == 0; });
  return all;
}

std::string rejects_line(const rows_read& read, const std::string& path) {
  return read.source + ": read " + grouped(read.good + read.bad) + "  good " + grouped(read.good) +
         "  bad " + grouped(read.bad) + " → " +
         (path.empty() ? "the reject file of its connector" : path);
}

std::string done_line(const run_status& status, bool drained) {
  std::uint64_t rows = 0;
  for (const auto& read : read_by_source(status)) rows += read.good;
  return std::string{drained ? "stopped" : "done"} + ": " + counted(rows, "row") + " in " +
         decimal(static_cast<double>(status.elapsed_ms) / 1000, 2) + " s, " +
         counted(status.epochs, "epoch");
}

}  // namespace sluice
