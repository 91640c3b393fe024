#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/apps/fraud/row_text_files.hpp"
#include "sluice/apps/fraud/settings_sweep.hpp"
#include "sluice/apps/fraud/sha256.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/settings.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

using namespace sluice;
using namespace sluice::fraud;
using namespace std::chrono_literals;

namespace {

// `cat` of the parts of `folder` without their head lines, sorted by tx_id, below one head line.
std::string text_of_parts(const std::string& folder) {
  std::vector<std::pair<std::uint64_t, std::string>> rows;
  for (const auto& part : std::filesystem::directory_iterator(folder)) {
    std::ifstream file{part.path()};
    std::string line;
    std::getline(file, line);
    REQUIRE(line + "\n" == feature_text_head);
    while (std::getline(file, line)) rows.emplace_back(std::stoull(line), line);
  }
  std::sort(rows.begin(), rows.end());
  std::string all{feature_text_head};
  for (const auto& [tx_id, row] : rows) all += row + "\n";
  return all;
}

}  // namespace

TEST_CASE("72 settings write the same features", "[fraud_graph][V3][V6][actors]") {
  const auto world = std::make_shared<const handbook_world>(
      generate_world({.customers = 200, .terminals = 400, .days = 60, .radius = 12}));
  const fraud_steps usual{.models = {logistic_model(), nullptr}, .limits = {}, .period = {}};
  std::size_t runs = 0;
  for (const auto& setting : all_settings(
           {10ms, 1s}, {1, 64, 8'192}, {1, 2, 4},
           {batch_policy::off, batch_policy::micro, batch_policy::mini, batch_policy::both})) {
    CAPTURE(text_of(setting));
    const scratch_folder folder;
    fraud_steps steps = usual;
    steps.parallelism = setting.parallelism;
    graph g{"fraud"};
    g.batch({.rows = setting.rows, .every = setting.every}).policy(setting.policy);
    fraud_sinks sinks;
    sinks.features = feature_files(folder.path());
    compose(g, world_feed{payments_of(world)}, steps, sinks);
    const auto ran = run_graph(g, settings_in_code(g));
    REQUIRE(ran);
    REQUIRE(ran.value().finished);
    CHECK(sha256_hex(text_of_parts(folder.path())) ==
          "1a29dd3fc82ca130c55ba3873c3be4aa676b644a611c301751376ecdf73ff575");
    ++runs;
  }
  CHECK(runs == 72);
}
