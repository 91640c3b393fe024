#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/apps/fraud/handbook_world.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

using namespace sluice;
using namespace sluice::fraud;

namespace {

constexpr std::size_t published_rows = 1'754'155, judged_rows = 58'264;

finished_child run_fraud(std::vector<std::string> arguments, const std::string& folder) {
  arguments.insert(arguments.begin(), SLUICE_FRAUD);
  return run_child(std::move(arguments), {.folder = folder, .deadline = std::chrono::minutes{15}});
}

template <class V>
V number(std::string_view text) {
  V value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) FAIL("no number: " << text);
  return value;
}

// The tx_id a row begins with, and what follows its comma.
std::pair<std::uint64_t, std::string_view> parts_of(std::string_view row) {
  const auto comma = row.find(',');
  if (comma == row.npos) FAIL("no comma: " << row);
  const auto tx_id = number<std::uint64_t>(row.substr(0, comma));
  if (tx_id >= published_rows) FAIL("no payment of the stream: " << row);
  return {tx_id, row.substr(comma + 1)};
}

// The rows of a file of parts; every part has the head `head`.
std::vector<std::string> rows_of_parts(const scratch_folder& folder, const std::string& name,
                                       std::size_t parts, std::string_view head) {
  std::vector<std::string> rows;
  for (std::size_t part = 0; part < parts; ++part) {
    auto lines = lines_of(folder.read(name + "/part-0000" + std::to_string(part) + ".csv"));
    REQUIRE_FALSE(lines.empty());
    CHECK(lines.front() + "\n" == head);
    rows.insert(rows.end(), std::next(lines.begin()), lines.end());
  }
  CHECK_FALSE(folder.has(name + "/part-0000" + std::to_string(parts) + ".csv"));
  return rows;
}

}  // namespace

TEST_CASE("run writes the scores of the test week and the features of every payment",
          "[sluice-fraud][V1][V4][actors][slow]") {
  const scratch_folder folder;
  const auto done =
      run_fraud({"run", "--scores", "s", "--features", "f", "--parallelism", "2"}, folder.path());
  REQUIRE(done.exit_code == 0);

  const auto world = generate_world({});
  std::set<std::uint64_t> scored;
  bool in_week = true, shares = true;
  const auto score_rows = rows_of_parts(folder, "s", 2, "tx_id,score\n");
  for (const auto& row : score_rows) {
    const auto [tx_id, rest] = parts_of(row);
    const auto score = number<double>(rest);
    scored.insert(tx_id);
    in_week = in_week && world.rows[tx_id].day() >= 129 && world.rows[tx_id].day() <= 135;
    shares = shares && score > 0 && score < 1;
  }
  CHECK(score_rows.size() == judged_rows);
  CHECK(scored.size() == judged_rows);
  CHECK(in_week);
  CHECK(shares);

  std::vector<bool> examined(published_rows);
  const auto feature_rows = rows_of_parts(folder, "f", 2, feature_text_head);
  for (const auto& row : feature_rows) examined[parts_of(row).first] = true;
  CHECK(feature_rows.size() == published_rows);
  CHECK(std::count(examined.begin(), examined.end(), true) == published_rows);
}

TEST_CASE("the demo prints a verdict whose every line is right",
          "[sluice-fraud][V1][V2][V4][V5][V8][V10][actors][slow]") {
  const scratch_folder folder;
  const auto done = run_fraud({"demo", "--seconds", "0", "--progress", "none"}, folder.path());
  CHECK(done.exit_code == 0);
  std::vector<std::string> ids;
  for (const auto& line : lines_of(done.out)) {
    if (!line.starts_with("  V")) continue;
    ids.push_back(line.substr(2, line.find(' ', 2) - 2));
    CAPTURE(line);
    CHECK((line.ends_with("  ok") || line.ends_with("  both measured here")));
  }
  CHECK(ids == std::vector<std::string>{"V1", "V2", "V4", "V4", "V5", "V5", "V8", "V10"});
}
