#include "sluice/state/meta_store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/sim/seeded_random.hpp"
#include "sluice/sim/unsure_meta_store.hpp"
#include "sluice/tests/state/meta_store_places.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

constexpr job_id job{{7, 8}};
constexpr graph_hash graph{9};
constexpr std::uint64_t numbers = 100;

// A store of some kind, and what a test does to it.
struct some_store {
  explicit some_store(const kind_of_store& kind) : place(kind.new_place()), store(place->open()) {}
  meta_store* operator->() const { return store.get(); }

  std::optional<meta_truth> truth() const { return store->load().value(); }
  // The coordinator exits, another one starts.
  void open_again() {
    store.reset();
    store = place->open();
  }

  std::unique_ptr<meta_store_place> place;
  std::unique_ptr<meta_store> store;
};

some_store a_store() {
  const auto kinds = kinds_of_store();
  const auto kind = GENERATE_COPY(range(std::size_t{0}, kinds.size()));
  UNSCOPED_INFO(kinds[kind].name);
  return some_store{kinds[kind]};
}

meta_truth done(const meta_answer& answer) {
  REQUIRE(answer.message == "");
  REQUIRE(answer.outcome == meta_outcome::done);
  return answer.truth;
}
std::string refused(const meta_answer& answer) {
  REQUIRE(answer.outcome == meta_outcome::refused);
  return answer.message;
}

}  // namespace

TEST_CASE("a place without a run holds nothing and takes nothing", "[meta_store]") {
  auto at = a_store();
  CHECK_FALSE(at.truth());
  CHECK(refused(at->bump_generation({0}, numbers)) == "there is no run");
  CHECK(refused(at->put_commit(some_manifest({0}, {1}), numbers)) == "there is no run");
  at.open_again();
  CHECK_FALSE(at.truth());
}

TEST_CASE("a run begins once, at generation 0", "[meta_store]") {
  auto at = a_store();
  const meta_truth begun{
      .job = job, .graph = graph, .generation = {}, .reserved_to = {}, .sealed = {}};
  CHECK(done(at->create(job, graph)) == begun);
  CHECK(refused(at->create(job_id{{1, 2}}, graph)) == "there is a run already");
  CHECK(at.truth() == begun);
  at.open_again();
  CHECK(at.truth() == begun);
  CHECK(refused(at->create(job, graph)) == "there is a run already");
}

TEST_CASE("the generation is raised by whoever knows it", "[meta_store][D1]") {
  auto at = a_store();
  done(at->create(job, graph));
  const auto first = done(at->bump_generation({0}, numbers));
  CHECK(first.generation == generation_id{1});
  CHECK(refused(at->bump_generation({0}, numbers)) == "generation 0 is not the current one: 1");
  CHECK(refused(at->bump_generation({2}, numbers)) == "generation 2 is not the current one: 1");
  CHECK(at.truth() == first);
  at.open_again();
  CHECK(at.truth() == first);
  CHECK(done(at->bump_generation({1}, numbers)).generation == generation_id{2});
}

TEST_CASE("an epoch is sealed by its generation, in order, if reserved", "[meta_store][D4]") {
  auto at = a_store();
  done(at->create(job, graph));
  done(at->bump_generation({0}, numbers));
  const auto sealed = done(at->put_commit(some_manifest({1}, {40}), numbers));
  CHECK(*sealed.last() == some_manifest({1}, {40}));
  CHECK(refused(at->put_commit(some_manifest({1}, {40}), numbers)) ==
        "epoch 40 is not behind the last sealed one: 40");
  CHECK(refused(at->put_commit(some_manifest({1}, {39}), numbers)) ==
        "epoch 39 is not behind the last sealed one: 40");
  CHECK(refused(at->put_commit(some_manifest({0}, {41}), numbers)) ==
        "generation 0 is not the current one: 1");
  CHECK(refused(at->put_commit(some_manifest({2}, {41}), numbers)) ==
        "generation 2 is not the current one: 1");
  CHECK(refused(at->put_commit(some_manifest({1}, {201}), numbers)) ==
        "epoch 201 is not reserved: the last is 200");
  CHECK(at.truth() == sealed);
  CHECK(done(at->put_commit(some_manifest({1}, {200}), numbers)).sealed.size() == 2);
}

TEST_CASE("epoch 0 is none and cannot be sealed", "[meta_store]") {
  auto at = a_store();
  done(at->create(job, graph));
  done(at->bump_generation({0}, numbers));
  CHECK(refused(at->put_commit(some_manifest({1}, {0}), numbers)) ==
        "epoch 0 is not behind the last sealed one: 0");
}

TEST_CASE("what was acknowledged is there for the next coordinator", "[meta_store][D5]") {
  auto at = a_store();
  done(at->create(job, graph));
  done(at->bump_generation({0}, numbers));
  for (std::uint64_t epoch = 1; epoch <= 20; ++epoch) {
    const auto sealed = done(at->put_commit(some_manifest({1}, {epoch}), numbers));
    if (epoch % 3 == 0) at.open_again();
    REQUIRE(at.truth() == sealed);
  }
}

TEST_CASE("the last two sealed epochs are kept, whoever sealed them", "[meta_store]") {
  auto at = a_store();
  done(at->create(job, graph));
  done(at->bump_generation({0}, numbers));
  done(at->put_commit(some_manifest({1}, {1}), numbers));
  done(at->put_commit(some_manifest({1}, {2}), numbers));
  done(at->bump_generation({1}, numbers));
  const auto truth = done(at->put_commit(some_manifest({2}, {201}), numbers));
  CHECK(truth.sealed == std::vector{some_manifest({1}, {2}), some_manifest({2}, {201})});
  at.open_again();
  CHECK(at.truth() == truth);
}

TEST_CASE("every write reserves more numbers, so none is used twice", "[meta_store][X8]") {
  auto at = a_store();
  CHECK(done(at->create(job, graph)).reserved_to == epoch_id{0});
  CHECK(done(at->bump_generation({0}, 10)).reserved_to == epoch_id{10});
  CHECK(done(at->put_commit(some_manifest({1}, {1}), 5)).reserved_to == epoch_id{15});
  refused(at->put_commit(some_manifest({1}, {1}), 5));
  CHECK(done(at->bump_generation({1}, 10)).reserved_to == epoch_id{25});
  at.open_again();
  CHECK(done(at->bump_generation({2}, 10)).reserved_to == epoch_id{35});
  CHECK(refused(at->bump_generation({3}, UINT64_MAX - 34)) ==
        "the numbers of epochs are used up: 35");
}

TEST_CASE("coordinators that come and go never see a number twice", "[meta_store][X8]") {
  auto at = a_store();
  sim::seeded_random random{GENERATE(1, 2, 3)};
  done(at->create(job, graph));
  std::uint64_t generation = 0, used = 0;
  for (int life = 0; life < 15; ++life) {
    const auto before = at.truth();
    const auto truth = done(at->bump_generation({generation}, random.between(1, 20)));
    REQUIRE(truth.generation.value == ++generation);
    // Numbers of a new generation begin behind what was reserved before it.
    std::uint64_t next = before->reserved_to.value, reserved = truth.reserved_to.value;
    REQUIRE(next >= used);
    for (auto epochs = random.below(5); epochs > 0 && next < reserved; --epochs) {
      used = ++next;
      if (random.once_in(3)) continue;  // opened and abandoned
      reserved = done(at->put_commit(some_manifest({generation}, {next}), random.between(1, 5)))
                     .reserved_to.value;
    }
    if (random.once_in(2)) at.open_again();
  }
}

TEST_CASE("an epoch nobody has seen can be taken back, once", "[meta_store][U10]") {
  auto at = a_store();
  done(at->create(job, graph));
  done(at->bump_generation({0}, numbers));
  done(at->put_commit(some_manifest({1}, {1}), numbers));
  CHECK(refused(at->take_back_last({1}, numbers)) == "there is no older sealed epoch");
  const auto sealed = done(at->put_commit(some_manifest({1}, {2}), numbers));
  CHECK(refused(at->take_back_last({0}, numbers)) == "generation 0 is not the current one: 1");
  const auto truth = done(at->take_back_last({1}, numbers));
  CHECK(truth.generation == generation_id{2});
  CHECK(truth.reserved_to.value == sealed.reserved_to.value + numbers);
  CHECK(truth.sealed == std::vector{some_manifest({1}, {1})});
  refused(at->put_commit(some_manifest({1}, {3}), numbers));  // whoever ran before is shut out
  refused(at->take_back_last({2}, numbers));
  at.open_again();
  CHECK(at.truth() == truth);
  CHECK(done(at->bump_generation({2}, numbers)).sealed == truth.sealed);
}

TEST_CASE("another run takes the place of one, and uses no number of it", "[meta_store][U10]") {
  auto at = a_store();
  done(at->create(job, graph));
  done(at->bump_generation({0}, numbers));
  const auto sealed = done(at->put_commit(some_manifest({1}, {5}), numbers));
  CHECK(refused(at->begin_again({0}, {{1, 1}}, {2}, numbers)) ==
        "generation 0 is not the current one: 1");
  const auto truth = done(at->begin_again({1}, {{1, 1}}, {2}, numbers));
  CHECK(truth == meta_truth{.job = {{1, 1}},
                            .graph = {2},
                            .generation = {2},
                            .reserved_to = {sealed.reserved_to.value + numbers},
                            .sealed = {}});
  refused(at->put_commit(some_manifest({1}, {6}), numbers));
  at.open_again();
  CHECK(at.truth() == truth);
}

TEST_CASE("two coordinators at once: the later one wins, nothing is lost", "[meta_store][X1]") {
  auto at = a_store();
  if (!at.place->shared()) return;
  done(at->create(job, graph));
  done(at->bump_generation({0}, numbers));
  auto other = at.place->open();
  const auto loaded = other->load().value();
  // Between its load and its bump the first one seals an epoch.
  done(at->put_commit(some_manifest({1}, {1}), numbers));
  const auto taken_over = done(other->bump_generation(loaded->generation, numbers));
  CHECK(*taken_over.last() == some_manifest({1}, {1}));
  refused(at->put_commit(some_manifest({1}, {2}), numbers));
  refused(at->bump_generation({1}, numbers));
  CHECK(at.truth() == taken_over);
  // What is refused is refused by the newest truth, not by one seen before.
  done(other->bump_generation({2}, numbers));
  CHECK(done(at->bump_generation({3}, numbers)).generation == generation_id{4});
}

TEST_CASE("an unknown answer leaves the truth before the write or after it", "[meta_store][X1]") {
  auto at = a_store();
  const auto when = GENERATE(sim::answer_lost::before, sim::answer_lost::after);
  const auto write = GENERATE(range(0u, 4u));
  CAPTURE(when, write);
  auto unsure = std::make_unique<sim::unsure_meta_store>(*at.store);
  unsure->lose_answer_after(write, when);
  const auto run = [](meta_store& store) {
    std::vector<meta_answer> answers;
    answers.push_back(store.create(job, graph));
    answers.push_back(store.bump_generation({0}, numbers));
    answers.push_back(store.put_commit(some_manifest({1}, {1}), numbers));
    answers.push_back(store.put_commit(some_manifest({1}, {2}), numbers));
    return answers;
  };
  const auto answers = run(*unsure);
  std::optional<meta_truth> before, after;
  for (unsigned i = 0; i < answers.size(); ++i) {
    CHECK(answers[i].outcome == (i < write ? meta_outcome::done : meta_outcome::unknown));
    if (i < write) before = answers[i].truth;
  }
  CHECK_FALSE(unsure->load());
  const auto undisturbed = run(*some_store{kinds_of_store()[0]}.store);
  after = undisturbed[write].truth;
  at.open_again();
  CHECK(at.truth() == (when == sim::answer_lost::before ? before : after));
}

}  // namespace sluice
