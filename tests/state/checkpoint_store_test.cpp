#include "sluice/state/checkpoint_store.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "sluice/sim/sim_disk.hpp"
#include "sluice/state/posix_files.hpp"
#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

namespace {

using texts = std::vector<std::string>;

blob_identity of(std::string stage, std::uint32_t instance, std::uint64_t generation,
                 std::uint64_t epoch, blob_kind kind) {
  return {{generation}, {epoch}, std::move(stage), instance, kind};
}

// A store on a simulated disk, and the files beneath it.
struct some_store {
  sim::sim_disk disk{1};
  checkpoint_store store{disk.open()};
  std::unique_ptr<file_port> files = disk.open();

  blob_ref write(const blob_identity& what, std::string_view content = "state") {
    auto ref = store.write(what, content);
    REQUIRE(ref);
    return ref.value();
  }
  blob_ref base(std::uint64_t generation, std::uint64_t epoch) {
    return write(of("a", 0, generation, epoch, blob_kind::base), "base " + std::to_string(epoch));
  }
  blob_ref delta(std::uint64_t generation, std::uint64_t epoch) {
    return write(of("a", 0, generation, epoch, blob_kind::delta), "delta " + std::to_string(epoch));
  }
  std::string problem(const instance_snapshot& snapshot) {
    const auto chain = store.read(snapshot);
    if (chain) return "";
    CHECK(chain.failure().code == error_code::malformed);
    return chain.failure().message;
  }
  texts names() const { return files->list().value(); }
};

instance_snapshot snapshot_of(std::vector<blob_ref> blobs, std::string stage = "a",
                              std::uint32_t instance = 0) {
  return {.stage = std::move(stage),
          .instance = instance,
          .ended = false,
          .state = {},
          .blobs = std::move(blobs)};
}

manifest sealed(std::uint64_t generation, std::uint64_t epoch, std::vector<blob_ref> blobs) {
  return {.generation = {generation},
          .epoch = {epoch},
          .end = false,
          .instances = {snapshot_of(std::move(blobs))}};
}

meta_truth truth_of(std::uint64_t generation, std::vector<manifest> manifests) {
  return {.job = {},
          .graph = {},
          .generation = {generation},
          .reserved_to = {1000},
          .sealed = std::move(manifests)};
}

}  // namespace

TEST_CASE("state comes back as base and deltas", "[checkpoint_store][D2]") {
  some_store at;
  const auto chain = snapshot_of({at.base(1, 1), at.delta(1, 2), at.delta(2, 9)});
  CHECK(at.store.read(chain).value() == texts{"base 1", "delta 2", "delta 9"});
  CHECK(at.store.read(snapshot_of({})).value().empty());
  CHECK(at.names() == texts{"a-0.1.1.base", "a-0.1.2.delta", "a-0.2.9.delta"});
}

TEST_CASE("state is written on a real disk", "[checkpoint_store][D2]") {
  const scratch_folder folder;
  checkpoint_store store{open_posix_files(folder.file("checkpoints")).value()};
  const auto ref = store.write(of("läst", 0, 1, 1, blob_kind::base), "state");
  REQUIRE(ref);
  CHECK(folder.has("checkpoints/" + ref.value().name));
  CHECK(store.read(snapshot_of({ref.value()}, "läst")).value() == texts{"state"});
  const auto again = store.write(of("läst", 0, 1, 1, blob_kind::base), "other");
  REQUIRE_FALSE(again);
  CHECK(again.failure().code == error_code::refused);
}

TEST_CASE("state that was acknowledged survives a power failure",
          "[checkpoint_store][D2][X17][X24]") {
  std::uint64_t steps = 0;
  for (bool written = false; !written; ++steps)
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
      sim::sim_disk disk{seed * 100 + steps};
      disk.fail_power_after(steps);
      const auto ref =
          checkpoint_store{disk.open()}.write(of("a", 0, 1, 1, blob_kind::base), "text");
      written = static_cast<bool>(ref);
      disk.fail_power();
      if (written)
        REQUIRE(checkpoint_store{disk.open()}.read(snapshot_of({ref.value()})).value() ==
                texts{"text"});
    }
  CHECK(steps == 6);
}

TEST_CASE("a file that is not the manifest's is refused by name", "[checkpoint_store][D8][X16]") {
  some_store at;
  const auto base = at.base(1, 1);
  const auto delta = at.delta(1, 2);
  auto other = base;
  other.checksum ^= 1;
  CHECK(at.problem(snapshot_of({other})) ==
        "disk/a-0.1.1.base: the file does not match its checksum in the manifest");
  other = base;
  ++other.bytes;
  CHECK(at.problem(snapshot_of({other})) ==
        "disk/a-0.1.1.base: the file has " + std::to_string(base.bytes) +
            " bytes; the manifest says " + std::to_string(other.bytes));
  CHECK(at.problem(snapshot_of({base}, "b")) ==
        "disk/a-0.1.1.base: the file is of a, instance 0, not of b, instance 0");
  CHECK(at.problem(snapshot_of({base}, "a", 1)) ==
        "disk/a-0.1.1.base: the file is of a, instance 0, not of a, instance 1");
  CHECK(at.problem(snapshot_of({delta})) == "disk/a-0.1.2.delta: the chain begins with a delta");
  CHECK(at.problem(snapshot_of({base, base})) == "disk/a-0.1.1.base: a base within the chain");
  CHECK(at.problem(snapshot_of({base, delta, delta})) ==
        "disk/a-0.1.2.delta: the chain is not in order of epochs");
  REQUIRE(at.files->remove(base.name));
  CHECK(at.problem(snapshot_of({base})) == "disk/a-0.1.1.base: the file is gone");
  // The same bytes under another name of the same instance.
  REQUIRE(write_durably(*at.files, "a-0.1.3.delta", at.files->read(delta.name).value()));
  other = delta;
  other.name = "a-0.1.3.delta";
  CHECK(at.problem(snapshot_of({at.base(2, 1), other})) ==
        "disk/a-0.1.3.delta: the file is that of another name: a-0.1.2.delta");
  other.name = "../secret";
  CHECK_FALSE(at.store.read(snapshot_of({other})));
}

TEST_CASE("two files swapped are noticed", "[checkpoint_store][X16][F15]") {
  some_store at;
  const auto one = at.write(of("a", 0, 1, 1, blob_kind::base), "state 1");
  const auto two = at.write(of("a", 1, 1, 1, blob_kind::base), "state 2");
  REQUIRE(at.files->rename(one.name, "x"));
  REQUIRE(at.files->rename(two.name, one.name));
  REQUIRE(at.files->rename("x", two.name));
  CHECK_THAT(at.problem(snapshot_of({one})), Catch::StartsWith("disk/" + one.name + ": "));
  CHECK_THAT(at.problem(snapshot_of({two}, "a", 1)), Catch::StartsWith("disk/" + two.name + ": "));
}

TEST_CASE("what two manifests reach is kept, what none does is collected",
          "[checkpoint_store][D6]") {
  some_store at;
  at.base(1, 1);
  at.delta(1, 2);
  const auto base = at.base(1, 3);
  const auto first = at.delta(1, 4);
  const auto second = at.delta(1, 5);
  const auto truth =
      truth_of(1, {sealed(1, 4, {base, first}), sealed(1, 5, {base, first, second})});
  CHECK(at.store.collect(truth).value() == texts{"a-0.1.1.base", "a-0.1.2.delta"});
  CHECK(at.names() == texts{base.name, first.name, second.name});
  CHECK(at.store.read(truth.last()->instances[0]).value().size() == 3);
}

TEST_CASE("the older of the two sealed epochs can still be restored", "[checkpoint_store][D6]") {
  some_store at;
  const auto old_base = at.base(1, 1);
  const auto old_delta = at.delta(1, 4);
  const auto base = at.base(1, 5);
  const auto truth = truth_of(1, {sealed(1, 4, {old_base, old_delta}), sealed(1, 5, {base})});
  CHECK(at.store.collect(truth).value().empty());
  CHECK(at.store.read(truth.sealed[0].instances[0]).value() == texts{"base 1", "delta 4"});
}

TEST_CASE("what may be on its way into a manifest is kept", "[checkpoint_store][D6]") {
  some_store at;
  const auto base = at.base(1, 3);
  const auto delta = at.delta(1, 5);
  at.base(1, 4);                                   // folded in the background, not yet named
  at.delta(1, 6);                                  // acknowledged, not yet sealed
  at.write(of("b", 0, 1, 2, blob_kind::base));     // of a stage no manifest has yet
  at.write(of("a", 1, 1, 2, blob_kind::base));     // of an instance no manifest has yet
  REQUIRE(at.files->create("a-0.1.7.delta.tmp"));  // under way
  REQUIRE(at.files->create("a-0.2.7.delta.tmp"));  // of a generation we have not heard of
  REQUIRE(at.files->create("a-0.2.1.base"));
  const auto all = at.names();
  CHECK(at.store.collect(truth_of(1, {sealed(1, 4, {base}), sealed(1, 5, {base, delta})}))
            .value()
            .empty());
  CHECK(at.names() == all);
}

TEST_CASE("what dead generations left is collected unless it is needed", "[checkpoint_store][D6]") {
  some_store at;
  const auto base = at.base(1, 3);
  const auto delta = at.delta(2, 1100);
  at.delta(1, 4);                                  // never sealed
  at.write(of("gone", 0, 1, 3, blob_kind::base));  // of a stage that is no longer
  REQUIRE(at.files->create("a-0.1.5.delta.tmp"));
  REQUIRE(at.files->create("notes.txt"));  // not ours
  REQUIRE(at.files->create("notes.txt.tmp"));
  CHECK(at.store.collect(truth_of(2, {sealed(1, 3, {base}), sealed(2, 1100, {base, delta})}))
            .value() == texts{"a-0.1.4.delta", "a-0.1.5.delta.tmp", "gone-0.1.3.base"});
  CHECK(at.names() == texts{base.name, delta.name, "notes.txt", "notes.txt.tmp"});
}

TEST_CASE("the directory is listed once a generation", "[checkpoint_store][D6]") {
  some_store at;
  const auto base = at.base(2, 10);
  const auto before = truth_of(2, {sealed(2, 10, {base})});
  CHECK(at.store.collect(before).value().empty());
  REQUIRE(at.files->create("a-0.1.4.delta"));  // an old process is slow
  // What is written here is known, and so is what others wrote once a manifest has named it.
  const auto with_other = [](manifest m, const std::string& name) {
    m.instances.push_back(snapshot_of({{.name = name, .bytes = 0, .checksum = 0}}, "b"));
    return m;
  };
  REQUIRE(at.files->create("b-0.2.11.base"));
  REQUIRE(at.files->create("b-0.2.12.base"));
  const auto second = with_other(sealed(2, 11, {at.base(2, 11)}), "b-0.2.11.base");
  CHECK(at.store.collect(truth_of(2, {sealed(2, 10, {base}), second})).value().empty());
  const auto third = with_other(sealed(2, 12, {at.base(2, 12)}), "b-0.2.12.base");
  const auto fourth = with_other(sealed(2, 13, {at.base(2, 13)}), "b-0.2.12.base");
  CHECK(at.store.collect(truth_of(2, {third, fourth})).value() ==
        texts{"a-0.2.10.base", "a-0.2.11.base", "b-0.2.11.base"});
  CHECK(at.store.collect(truth_of(3, {third, fourth})).value() == texts{"a-0.1.4.delta"});
}

TEST_CASE("before anything is sealed only dead generations are collected",
          "[checkpoint_store][D6]") {
  some_store at;
  at.base(1, 1);
  const auto base = at.base(2, 1025);
  CHECK(at.store.collect(truth_of(2, {})).value() == texts{"a-0.1.1.base"});
  CHECK(at.names() == texts{base.name});
}

}  // namespace sluice
