#include "sluice/graph/restoring.hpp"

#include "sluice/connectors/outside_wait.hpp"
#include "sluice/graph/deploy.hpp"
#include "sluice/graph/graph_signature.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/sluice.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

instance_snapshot prepared(std::uint32_t instance, std::uint64_t epoch, const std::string& what) {
  instance_snapshot made;
  made.stage = "out";
  made.instance = instance;
  made.state = what;
  made.epoch = {epoch};
  return made;
}

restoring from_two_epochs() {
  restoring from;
  from.how = std::make_shared<durability>();
  from.how->generation = {9};
  from.truth.sealed = {
      {{7}, {41}, false, {prepared(0, 41, "a"), prepared(1, 41, "b"), prepared(2, 41, "c")}},
      {{8}, {42}, false, {prepared(0, 42, "d"), prepared(1, 42, "e"), prepared(2, 42, "f")}}};
  from.read = [](const instance_snapshot& of) { return result<std::string>{of.state}; };
  return from;
}

struct word {
  std::string_view text;
  std::uint64_t weight;
};
SLUICE_RECORD(word, text, weight);
struct other_word {
  std::string_view text;
  std::uint32_t weight;
};
SLUICE_RECORD(other_word, text, weight);

template <class Word>
void compose(graph& g, const char* count_name, bool mapped) {
  auto words = g.source("words", from::generate<Word>{[](std::uint64_t, Word&) {}, {.count = 1}});
  auto counted = mapped ? words.map([](const Word& w) { return w; }) : words;
  counted.key_by(&Word::text).aggregate(count_name, count()).sink("out", to::nothing{});
}

template <class Word = word>
std::string signature_with(const char* count_name = "count", bool mapped = false) {
  graph g{"words"};
  compose<Word>(g, count_name, mapped);
  return signature_of(g.description());
}

}  // namespace

TEST_CASE("a sink resolves every decided epoch, oldest first", "[restoring][X14][I5]") {
  const auto from = from_two_epochs();
  const resolution of_one = from.resolve("out", 0, 3).value();
  CHECK(of_one.generation == generation_id{9});
  CHECK_FALSE(of_one.fresh);
  CHECK(of_one.decided == std::vector<decided_epoch>{{{41}, {7}, 0, "a"}, {{42}, {8}, 0, "d"}});
}

TEST_CASE("fewer instances of a sink resolve for all there were", "[restoring][I5]") {
  const auto from = from_two_epochs();
  CHECK(from.resolve("out", 0, 2).value().decided ==
        std::vector<decided_epoch>{
            {{41}, {7}, 0, "a"}, {{41}, {7}, 2, "c"}, {{42}, {8}, 0, "d"}, {{42}, {8}, 2, "f"}});
  CHECK(from.resolve("out", 3, 4).value().decided.empty());
  CHECK_FALSE(from.resolve("out", 3, 4).value().fresh);
}

TEST_CASE("before the first checkpoint everything there is of another run", "[restoring]") {
  restoring from = from_two_epochs();
  from.truth.sealed.clear();
  CHECK(from.resolve("out", 0, 1).value().fresh);
}

TEST_CASE("a snapshot waits for room, until there is some or the run ends", "[restoring][F13]") {
  graph g{"words"};
  compose<word>(g, "count", false);
  restoring from = from_two_epochs();
  from.truth.sealed.clear();
  int tries = 0, full = 2;
  from.how->write_file = [&](auto&&...) -> result<blob_ref> {
    if (tries++ < full) return error{error_code::no_space, "no space left on device"};
    return blob_ref{};
  };
  const auto waits = std::make_shared<outside_waits>();
  auto deployed = deploy(g.description(), make_plan(g.description(), settings_in_code(g)),
                         {.pool = {}, .rejects = {}, .from = &from, .wait = waits});
  REQUIRE(deployed);
  const auto write = [&] {
    return deployed.value().durable->write_file("count", 0, {1}, {.bytes = "x", .base = true});
  };
  CHECK(write());
  CHECK(tries == 3);
  full = 100;
  waits->end();
  const auto written = write();
  REQUIRE_FALSE(written);
  CHECK(written.failure().code == error_code::no_space);
  CHECK(tries == 4);
}

TEST_CASE("who is late touches nothing outside", "[restoring][I5][X6]") {
  restoring from = from_two_epochs();
  from.generation_now = [] { return result<generation_id>{generation_id{9}}; };
  CHECK(from.resolve("out", 0, 1));
  from.generation_now = [] { return result<generation_id>{generation_id{10}}; };
  const auto late = from.resolve("out", 0, 1);
  REQUIRE_FALSE(late);
  CHECK(late.failure().message == "generation 10 is under way without this node");
  from.generation_now = [] { return result<generation_id>{error{error_code::failed, "no"}}; };
  CHECK_FALSE(from.resolve("out", 0, 1));
}

TEST_CASE("a source with another number of instances is refused", "[restoring][F904]") {
  const auto from = from_two_epochs();
  const auto refused = from.source("out", 0, 2);
  REQUIRE_FALSE(refused);
  CHECK(refused.failure().code == error_code::needs_decision);
  CHECK(refused.failure().message.find("3 instances") != std::string::npos);
  CHECK(from.source("of no checkpoint", 0, 2));
}

TEST_CASE("what a checkpoint depends on changes the signature of a graph, and nothing else",
          "[graph_signature][F904]") {
  CHECK(signature_with() == signature_with("count", /*mapped=*/true));
  CHECK(signature_with() != signature_with("another name"));
  CHECK(signature_with() != signature_with<other_word>());
}

TEST_CASE("a state that cannot be saved is refused before anything runs", "[graph_signature][C2]") {
  struct secret {
    const char* address = nullptr;
  };
  graph g{"secrets"};
  g.source("words", from::generate<word>{[](std::uint64_t, word&) {}, {.count = 1}})
      .key_by(&word::weight)
      .scan<secret>("keeper", [](secret&, const word& w, rows<word> out) { out.push(w); })
      .sink("out", to::nothing{});
  run_options options;
  options.checkpoints = "not made";
  try {
    static_cast<void>(run_graph(g, settings_in_code(g), options));
    FAIL("it ran");
  } catch (const graph_error& e) {
    CHECK(std::string{e.what()}.find("restoring_test.cpp") != std::string::npos);
    CHECK(std::string{e.what()}.find("\"keeper\": its state cannot be saved") != std::string::npos);
  }
}

}  // namespace sluice
