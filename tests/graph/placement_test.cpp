#include "sluice/graph/placement.hpp"

#include <map>

#include "sluice/graph/run.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

struct number {
  std::uint64_t value;
};
SLUICE_RECORD(number, value);

from::generate<number> numbers() {
  return from::generate<number>{[](std::uint64_t row, number& n) { n.value = row; }, {.count = 1}};
}

struct placed {
  placed(graph& g, const std::vector<std::string>& nodes)
      : planned(make_plan(g.description(), settings_in_code(g))),
        places(place_evenly(g.description(), planned, nodes)) {}

  // Nodes of a stage's instances.
  std::vector<std::string> of(const std::string& stage) const {
    std::size_t first = 0;
    for (const auto& one : planned.stages) {
      if (one.name == stage)
        return {places.node_of.begin() + static_cast<std::ptrdiff_t>(first),
                places.node_of.begin() + static_cast<std::ptrdiff_t>(first + one.instances)};
      first += one.instances;
    }
    FAIL("no stage " << stage);
    return {};
  }

  plan planned;
  placement places;
};

using names = std::vector<std::string>;

void compose(graph& g, std::size_t sources, std::size_t counts) {
  g.source("in", numbers())
      .parallelism(sources)
      .key_by(&number::value)
      .aggregate("count", count())
      .parallelism(counts)
      .sink("out", to::nothing{});
}

}  // namespace

TEST_CASE("instances are spread in ranges where there are enough of them", "[placement]") {
  graph g{"g"};
  compose(g, 1, 6);
  const placed on{g, {"a", "b", "c"}};
  CHECK(on.of("count") == names{"a", "a", "b", "b", "c", "c"});
}

TEST_CASE("fewer instances than nodes go where least is", "[placement]") {
  graph g{"g"};
  compose(g, 1, 1);
  const placed on{g, {"a", "b", "c"}};
  CHECK(on.of("in") == names{"a"});
  CHECK(on.of("count") == names{"b"});
  CHECK(on.of("out") == names{"c"});
}

TEST_CASE("a batcher lies with its source", "[placement]") {
  graph g{"g"}, one{"g"};
  compose(g, 3, 3);
  compose(one, 1, 3);
  const placed on{g, {"a", "b"}}, on_three{one, {"a", "b", "c"}};
  CHECK(on.of("in") == names{"a", "a", "b"});
  CHECK(on.of("in/batcher") == on.of("in"));
  CHECK(on_three.of("in/batcher") == names{"a"});
}

TEST_CASE("a sink whose rows stay in the process lies where the coordinator is", "[placement]") {
  graph g{"g"};
  g.source("in", numbers()).sink("shown", to::each<number>{[](const batch<number>&) {}});
  const placed on{g, {"a", "b", "c"}};
  CHECK(on.of("shown") == names{"a"});
}

TEST_CASE("one node has everything", "[placement]") {
  graph g{"g"};
  compose(g, 2, 5);
  const placed on{g, {"a"}};
  for (const auto& node : on.places.node_of) CHECK(node == "a");
  CHECK(on.places.node_of.size() == 2 + 2 + 5 + 1);
}

TEST_CASE("a plan and its placement are read as they were written", "[placement][R4]") {
  graph g{"g"};
  compose(g, 2, 3);
  const placed on{g, {"a", "b"}};
  const auto got = read_plan_bytes(plan_bytes(on.planned, on.places), on.planned);
  REQUIRE(got);
  CHECK(got.value() == on.places);
}

TEST_CASE("a plan that differs is refused with the first line that does", "[placement][F21]") {
  graph g{"g"}, other{"g"};
  compose(g, 2, 3);
  compose(other, 2, 4);
  const placed on{g, {"a", "b"}}, there{other, {"a", "b"}};
  const auto got = read_plan_bytes(plan_bytes(there.planned, there.places), on.planned);
  REQUIRE_FALSE(got);
  CHECK(got.failure().code == error_code::refused);
  CHECK(got.failure().message.find("\"stage count 3 ") != std::string::npos);
  CHECK(got.failure().message.find("\"stage count 4 ") != std::string::npos);
}

TEST_CASE("every setting that changes the plan is seen", "[placement][F21]") {
  graph g{"g"};
  compose(g, 2, 3);
  const placed on{g, {"a", "b"}};
  const std::string bytes = plan_bytes(on.planned, on.places);
  const auto differs = [&](auto change) {
    plan other = on.planned;
    change(other);
    return !read_plan_bytes(bytes, other);
  };
  CHECK(differs([](plan& p) { ++p.interval_ms; }));
  CHECK(differs([](plan& p) { ++p.commit_every; }));
  CHECK(differs([](plan& p) { p.stages[0].name += "s"; }));
  CHECK(differs([](plan& p) { p.stages[1].policy = batch_policy::off; }));
  CHECK(differs([](plan& p) { ++p.stages[1].timer_ms; }));
  CHECK(differs([](plan& p) { ++p.stages[1].size; }));
  CHECK(differs([](plan& p) { ++p.stages[1].bounds.rows; }));
  CHECK(differs([](plan& p) { ++p.stages[1].bounds.bytes; }));
  CHECK(differs([](plan& p) { ++p.edges[0].window.rows; }));
  CHECK(differs([](plan& p) { ++p.edges[0].window.bytes; }));
  CHECK(differs([](plan& p) { ++p.edges[0].port; }));
  CHECK_FALSE(differs([](plan& p) { ++p.threads; }));  // everybody's own affair
}

TEST_CASE("a placement with too few or too many instances is refused", "[placement]") {
  graph g{"g"};
  compose(g, 2, 3);
  placed on{g, {"a", "b"}};
  const std::string whole = plan_bytes(on.planned, on.places);
  CHECK_FALSE(read_plan_bytes(whole + "node c\n", on.planned));
  CHECK_FALSE(read_plan_bytes(whole + "nobody\n", on.planned));
  on.places.node_of.pop_back();
  CHECK_FALSE(read_plan_bytes(plan_bytes(on.planned, on.places), on.planned));
  CHECK_FALSE(read_plan_bytes("", on.planned));
}

TEST_CASE("nodes agree on what rows are combined into", "[placement][F701]") {
  const auto planned_with = [](const char* combine) {
    graph g{"g"};
    compose(g.set("batch.pre_aggregate", combine), 1, 2);
    const placed on{g, {"a", "b"}};
    return std::pair{plan_bytes(on.planned, on.places), on.planned};
  };
  const auto [of_on, on] = planned_with("on");
  const auto [of_off, off] = planned_with("off");
  CHECK(of_on.find(" combined value:uint64 count:uint64\n") != std::string::npos);
  CHECK(of_off.find(" combined ") == std::string::npos);
  const auto read = read_plan_bytes(of_on, off);
  REQUIRE_FALSE(read);
  CHECK(read.failure().message.find("combined") != std::string::npos);
}

TEST_CASE("who runs what is shown by node", "[placement]") {
  graph g{"g"};
  compose(g, 1, 4);
  const placed on{g, {"a", "b"}};
  const std::string text = placement_text(on.planned, on.places);
  CHECK(text.find("a: in, in/batcher, count [0,1]") == 0);
  CHECK(text.find("\nb: count [2,3]") != std::string::npos);
}

}  // namespace sluice
