#include <fstream>

#include "sluice/graph/run_flags.hpp"
#include "sluice/graph/run_generation.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct number {
  std::uint64_t value;
};
SLUICE_RECORD(number, value);

// Shows rows by epoch, and cannot say which.
struct mute_sink {
  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return error{error_code::failed, "never opened"};
  }
  std::string describe() const { return "mute"; }
};

graph_description numbers_into(graph& g, const std::string& folder, bool mute = false) {
  auto all = g.source(
      "numbers", from::generate<number>{[](std::uint64_t row, number& n) { n.value = row; }, {}});
  if (mute)
    all.sink("out", mute_sink{});
  else
    all.sink("out", to::csv{folder});
  return g.description();
}

meta_truth two_epochs(bool end = false) {
  meta_truth truth;
  for (const std::uint64_t epoch : {41, 42}) {
    instance_snapshot out;
    out.stage = "out";
    out.state = "8 123";
    out.epoch = {epoch};
    truth.sealed.push_back({{7}, {epoch}, end && epoch == 42, {out}});
  }
  return truth;
}

constexpr auto behind = [](std::uint64_t epoch) {
  return run_beginning{run_beginning::kind::epoch, {epoch}};
};
const run_beginning from_last{};
const run_beginning from_none{run_beginning::kind::none, {}};

}  // namespace

TEST_CASE("run --from understands last, none and the number of an epoch", "[run_beginning][U10]") {
  run_beginning read;
  CHECK(take_beginning({"none"}, read) == "");
  CHECK(read == from_none);
  CHECK(take_beginning({"42"}, read) == "");
  CHECK(read == behind(42));
  CHECK(take_beginning({"last"}, read) == "");
  CHECK(read == from_last);
  for (const char* wrong : {"0", "-1", "42x", "", "first"})
    CHECK(take_beginning({wrong}, read) == "last, none or the number of an epoch");
}

TEST_CASE("a run begins behind the last epoch unless it is told otherwise",
          "[run_beginning][U10]") {
  graph g{"numbers"};
  const auto description = numbers_into(g, "out");
  CHECK(find_start(description, two_epochs(), from_last).value() == generation_start::behind_last);
  CHECK(find_start(description, std::nullopt, from_last).value() == generation_start::behind_last);
  CHECK(find_start(description, two_epochs(), behind(42)).value() == generation_start::behind_last);
  const auto none = find_start(description, two_epochs(), behind(40));
  REQUIRE_FALSE(none);
  CHECK(none.failure() == error{error_code::refused, "epoch 40 is not kept; kept is 41 and 42"});
  CHECK(find_start(description, std::nullopt, behind(1)).failure().message ==
        "no epoch is kept yet");
}

TEST_CASE("the older epoch is refused once a sink has shown the newer",
          "[run_beginning][U10][D8]") {
  const test::temporary_folder folder;
  graph g{"numbers"};
  const auto description = numbers_into(g, folder.path("out"));
  std::filesystem::create_directories(folder.path("out"));
  const auto shown = find_start(description, two_epochs(), behind(41));
  REQUIRE_FALSE(shown);
  CHECK(shown.failure().code == error_code::needs_decision);
  CHECK(shown.failure().message.starts_with("sink out has shown rows of epoch 42"));

  std::ofstream{folder.path("out/.part-00000.7.00000000000000000042.csv.staged")} << "rows";
  CHECK(find_start(description, two_epochs(), behind(41)).value() ==
        generation_start::behind_older);

  auto empty = two_epochs();
  empty.sealed[1].instances[0].state.clear();  // it had no rows of that epoch
  std::filesystem::remove_all(folder.path("out"));
  CHECK(find_start(description, empty, behind(41)).value() == generation_start::behind_older);
}

TEST_CASE("the older epoch is refused if a sink cannot say what it has shown",
          "[run_beginning][U10][D8]") {
  graph g{"numbers"};
  const auto unknown = find_start(numbers_into(g, "", /*mute=*/true), two_epochs(), behind(41));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.failure().message.starts_with("nobody can tell whether sink out"));
}

TEST_CASE("beginning again gives up no run that has not ended", "[run_beginning][U10]") {
  graph g{"numbers"};
  const auto description = numbers_into(g, "out");
  const auto refused = find_start(description, two_epochs(), from_none);
  REQUIRE_FALSE(refused);
  CHECK(refused.failure().code == error_code::needs_decision);
  CHECK(refused.failure().message.find("has not ended: epoch 42") != std::string::npos);
  CHECK(find_start(description, two_epochs(/*end=*/true), from_none).value() ==
        generation_start::anew);
  CHECK(find_start(description, meta_truth{}, from_none).value() == generation_start::anew);
  CHECK(find_start(description, std::nullopt, from_none).value() == generation_start::behind_last);
}

}  // namespace sluice
