#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connectors/byte_log.hpp"
#include "sluice/connectors/committed_files.hpp"
#include "sluice/connectors/epoch_rejects.hpp"
#include "sluice/connectors/logged_lines.hpp"
#include "sluice/graph/checkpoint_place.hpp"
#include "sluice/sim/seeded_random.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/state/checkpoint_store.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/tests/connectors/numbered_files.hpp"
#include "sluice/tests/support/catch.hpp"

// Damage to what a run keeps: it is noticed by name, or shown to do no harm (docs/protocol.md D8).

namespace sluice {

namespace {

using directory = std::map<std::string, std::string>;

directory content_of(file_port& files) {
  directory all;
  const auto names = files.list().value();
  for (const auto& name : names) all[name] = files.read(name).value();
  return all;
}

void fill(file_port& files, const directory& with) {
  for (const auto& [name, bytes] : with) {
    auto file = files.create(name);
    REQUIRE(file);
    REQUIRE(file.value()->append(bytes));
  }
}

// What a run has written: log, witness and blobs in one directory, and the log as it once was.
struct written_run {
  directory files;
  std::vector<resolution> decided;  // of a sink, of a reject log
  std::vector<std::string> older_logs;
};

graph_outline words() {
  return {.checkpoint_format = 1,
          .key_hash = 1,
          .key_groups = 256,
          .stages = {{stage_outline::role::state, "count", {{" text:text", " by text"}}, ""},
                     {stage_outline::role::source, "words", {}, " text:text"}}};
}

constexpr job_id job{{7, 8}};

// A sink and a reject log as they are found when a process died between a decision and its commit.
struct output {
  explicit output(sim::sim_disk& disk)
      : sink(test::writer_of(disk.open(), 0, 1)),
        file(std::make_shared<epoch_file>(disk.open(), "bad.jsonl")),
        rejects(file, "words", 0, std::make_shared<std::atomic<std::uint64_t>>(0)) {}
  committed_files sink;
  std::shared_ptr<epoch_file> file;
  epoch_rejects rejects;

  result<void> resolve(const std::vector<resolution>& how) {
    if (auto shown = sink.resolve(how[0]); !shown) return shown;
    rejects.begin_generation(how[1].generation);
    return file->resolve(how[1], 0, 1);
  }
};

// Epoch 3 is shown, epoch 4 decided.
std::vector<resolution> write_output(sim::sim_disk& disk) {
  output to{disk};
  REQUIRE(to.resolve(std::vector<resolution>(2, {{1}, {}, true})));
  std::vector<resolution> decided(2, {{2}, {}, false});
  for (const std::uint64_t epoch : {3, 4}) {
    REQUIRE(test::write_rows(to.sink, {epoch}));
    REQUIRE(to.rejects.reject("in", epoch, epoch, "bad", "x"));
    decided[0].decided.push_back({{epoch}, {1}, 0, to.sink.prepare({1}, {epoch})().value()});
    decided[1].decided.push_back({{epoch}, {1}, 0, to.rejects.prepare({1}, {epoch})().value()});
    if (epoch == 4) break;
    REQUIRE(to.sink.commit({1}, {epoch})());
    REQUIRE(to.file->append(decided[1].decided.back()));
  }
  return decided;
}

written_run some_run() {
  sim::sim_disk disk{1};
  file_meta_store store{disk.open()};
  checkpoint_store checkpoints{disk.open()};
  written_run run;
  const auto keep_log = [&] { run.older_logs.push_back(disk.open()->read("truth.log").value()); };
  REQUIRE(store.create(job, hash_of(words())).outcome == meta_outcome::done);
  keep_log();
  REQUIRE(store.bump_generation({0}, 100).outcome == meta_outcome::done);
  std::vector<std::vector<blob_ref>> chains(2);
  for (std::uint64_t epoch = 1; epoch <= 4; ++epoch) {
    keep_log();
    manifest m{.generation = {1}, .epoch = {epoch}, .end = false, .instances = {}};
    for (std::uint32_t instance = 0; instance < 2; ++instance) {
      const auto kind = epoch == 1 ? blob_kind::base : blob_kind::delta;
      const std::string state =
          "state of " + std::to_string(instance) + " at " + std::to_string(epoch);
      const auto ref = checkpoints.write({{1}, {epoch}, "count", instance, kind}, state);
      REQUIRE(ref);
      chains[instance].push_back(ref.value());
      m.instances.push_back({.stage = "count",
                             .instance = instance,
                             .ended = false,
                             .state = "small",
                             .blobs = chains[instance]});
    }
    REQUIRE(store.put_commit(m, 100).outcome == meta_outcome::done);
  }
  const auto outline = bytes_of(kept_outline{job, words()});
  REQUIRE(write_durably(*disk.open(), "graph.outline", outline));
  run.decided = write_output(disk);
  auto received = byte_log::open(disk.open(), job, 200).value();
  for (int i = 0; i < 10; ++i) REQUIRE(received->append("line " + std::to_string(i) + "\n"));
  run.files = content_of(*disk.open());
  run.files.erase("bad.jsonl");  // for people; nobody goes on from it
  return run;
}

// All that a recovery reads of a directory.
struct restored {
  std::optional<meta_truth> truth;
  std::vector<std::vector<std::string>> states;
  std::optional<graph_outline> graph;
  std::string received;
  directory shown;

  bool operator==(const restored&) const = default;
};

std::string received_in(byte_log& log) {
  std::string all(log.end(), '\0');
  for (std::size_t at = log.begin(); at < all.size();)
    at += log.read(at, {all.data() + at, all.size() - at}).value();
  return all;
}

// What can be seen once the sink and the reject log have seen to what is decided.
result<directory> show(const directory& from, const std::vector<resolution>& decided) {
  sim::sim_disk disk{1};
  fill(*disk.open(), from);
  if (auto resolved = output{disk}.resolve(decided); !resolved) return resolved.failure();
  directory shown = content_of(*disk.open());
  std::erase_if(shown, [](const auto& file) {
    return !file.first.starts_with("part-") && file.first != "bad.jsonl";
  });
  return shown;
}

result<restored> restore(const directory& from, directory* left_behind = nullptr,
                         const std::vector<resolution>& decided = {}) {
  sim::sim_disk disk{1};
  fill(*disk.open(), from);
  file_meta_store store{disk.open()};
  checkpoint_store checkpoints{disk.open()};
  checkpoint_place place;
  keep_outline_in(place, disk.open());
  const auto read = [&]() -> result<restored> {
    const auto truth = store.load();
    if (!truth) return truth.failure();
    restored all{truth.value(), {}, {}, {}, {}};
    if (!all.truth) return all;
    auto graph = find_outline(place, *all.truth);
    if (!graph) return graph.failure();
    all.graph = graph.value();
    for (const auto& m : all.truth->sealed)
      for (const auto& of : m.instances) {
        auto state = checkpoints.read(of);
        if (!state) return state.failure();
        all.states.push_back(std::move(state).value());
      }
    if (decided.empty()) return all;
    auto received = byte_log::open(disk.open(), job, 200);
    if (!received) return received.failure();
    const std::shared_ptr<byte_log> log = std::move(received).value();
    auto from_the_start = logged_bytes::open(log, [] { return memory_bytes(""); });
    if (auto there = from_the_start.value()->seek(0); !there) return there.failure();
    all.received = received_in(*log);
    auto shown = show(from, decided);
    if (!shown) return shown.failure();
    all.shown = std::move(shown).value();
    return all;
  };
  auto all = read();
  if (left_behind != nullptr) *left_behind = content_of(*disk.open());
  return all;
}

// A place in a file: anywhere, or near its ends, where its lengths and checksums are.
std::size_t place_in(const std::string& bytes, sim::seeded_random& random) {
  const std::size_t near = std::min<std::size_t>(bytes.size(), 80);
  switch (random.below(3)) {
    case 0:
      return random.below(near);
    case 1:
      return bytes.size() - 1 - random.below(near);
    default:
      return random.below(bytes.size());
  }
}

// What is done to a directory. Returns the names of the files it was done to.
using damage = std::function<std::set<std::string>(directory&, sim::seeded_random&)>;

// A fence is empty and says all it has to say by its name.
std::string some_file(const directory& in, sim::seeded_random& random) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : in)
    if (!name.ends_with(".fence")) names.push_back(name);
  return names[random.below(names.size())];
}

std::map<std::string, damage> damages(const written_run& run) {
  const auto to_bytes = [](auto change) {
    return [=](directory& in, sim::seeded_random& random) {
      const auto name = some_file(in, random);
      change(in[name], random);
      return std::set{name};
    };
  };
  return {
      {"flip", to_bytes([](std::string& bytes, sim::seeded_random& random) {
         for (auto bits = random.between(1, 3); bits > 0; --bits)
           bytes[place_in(bytes, random)] ^= static_cast<char>(1 << random.below(8));
       })},
      {"cut the end", to_bytes([](std::string& bytes, sim::seeded_random& random) {
         bytes.resize(place_in(bytes, random));
       })},
      {"cut the middle", to_bytes([](std::string& bytes, sim::seeded_random& random) {
         bytes.erase(place_in(bytes, random), random.between(1, 100));
       })},
      {"zero", to_bytes([](std::string& bytes, sim::seeded_random& random) {
         const std::size_t from = place_in(bytes, random);
         const std::size_t most = bytes.size() - from;
         const std::size_t n = random.once_in(3) ? most : random.between(1, most);
         std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), n, '\0');
       })},
      {"lengthen", to_bytes([](std::string& bytes, sim::seeded_random& random) {
         bytes.append(random.between(24, 100), random.once_in(2) ? '\0' : 'x');
       })},
      {"delete",
       [](directory& in, sim::seeded_random& random) {
         const auto name = some_file(in, random);
         in.erase(name);
         return std::set{name};
       }},
      {"swap",
       [](directory& in, sim::seeded_random& random) {
         const auto one = some_file(in, random), two = some_file(in, random);
         std::swap(in[one], in[two]);
         return std::set{one, two};
       }},
      {"bring back an older log",
       [&run](directory& in, sim::seeded_random& random) {
         in["truth.log"] = run.older_logs[random.below(run.older_logs.size())];
         return std::set<std::string>{"truth.log"};
       }},
  };
}

// Files that are written alike.
std::string class_of(const std::string& name) {
  for (const char* part : {"part-", ".bad.jsonl.appending", ".bad.jsonl.", "bytes."})
    if (name.find(part) <= 1) return (name.front() == '.' ? "staged " : "") + std::string{part};
  return name.substr(name.rfind('.'));
}

std::uint64_t number_of_damages() {
  const char* more = std::getenv("SLUICE_DAMAGES");
  return more != nullptr ? std::strtoull(more, nullptr, 10) : 10'000;
}

}  // namespace

TEST_CASE("damage anywhere is noticed by name, or does no harm", "[damage][D8][F15][X16]") {
  const written_run run = some_run();
  const auto whole = restore(run.files, nullptr, run.decided);
  REQUIRE(whole);
  REQUIRE(whole.value().graph == words());
  REQUIRE(whole.value().received.size() == 70);
  REQUIRE(whole.value().shown.size() == 3);
  REQUIRE(whole.value().truth->last()->epoch == epoch_id{4});
  REQUIRE(whole.value().states.size() == 4);

  const auto kinds = damages(run);
  std::map<std::string, std::uint64_t> noticed, harmless;
  std::set<std::string> noticed_in;
  for (std::uint64_t seed = 1; seed <= number_of_damages(); ++seed) {
    sim::seeded_random random{seed};
    const auto& [kind, make] =
        *std::next(kinds.begin(), static_cast<std::ptrdiff_t>(seed % kinds.size()));
    directory damaged = run.files;
    const auto where = make(damaged, random);
    if (damaged == run.files) continue;  // zeros where zeros were, a file swapped with itself
    INFO("seed " << seed << ": " << kind << ": " << *where.begin());

    directory left;
    const auto found = restore(damaged, &left, run.decided);
    CHECK(left == damaged);  // nothing is mended or removed in passing
    if (found) {
      // Harmless: a witness alone may be lost, for its log verifies itself; an outline that is gone
      // is written anew, for the truth has its hash.
      restored found_but_outline = found.value();
      found_but_outline.graph = words();
      CHECK(found_but_outline == whole.value());
      const bool outline_gone = kind == "delete" && where.contains("graph.outline");
      const bool witnesses_only = std::all_of(
          where.begin(), where.end(), [](const auto& name) { return name.ends_with(".seen"); });
      CHECK((outline_gone || witnesses_only));
      CHECK(found.value().graph.has_value() != outline_gone);
      ++harmless[kind];
    } else {
      CAPTURE(found.failure().message);
      CHECK((found.failure().code == error_code::malformed ||
             found.failure().code == error_code::needs_decision));
      CHECK(std::any_of(where.begin(), where.end(), [&](const auto& name) {
        // Of a log that has lost its first file the oldest that is there is named.
        const std::string named = name.starts_with("bytes.") ? "bytes." : name;
        return found.failure().message.find(named) != std::string::npos;
      }));
      ++noticed[kind];
      for (const auto& name : where) noticed_in.insert(class_of(name));
    }
  }
  for (const auto& [kind, make] : kinds) CHECK(noticed[kind] > 0);
  CHECK(harmless["flip"] > 0);
  std::set<std::string> classes;
  for (const auto& [name, bytes] : run.files)
    if (!name.ends_with(".seen")) classes.insert(class_of(name));
  CHECK(classes.size() == 9);
  for (const auto& name : classes) {
    INFO(name);
    CHECK(noticed_in.contains(name));
  }
}

TEST_CASE("a log that is cut says how much of it is missing", "[damage][D8][X16]") {
  const written_run run = some_run();
  const auto problem = [&](std::string log) {
    directory damaged = run.files;
    damaged["truth.log"] = std::move(log);
    const auto found = restore(damaged);
    return found ? std::string{} : found.failure().message;
  };
  const std::string& log = run.files.at("truth.log");
  const std::string& before = run.older_logs.back();  // the same log, a record shorter
  REQUIRE(log.starts_with(before));
  const std::string acknowledged =
      std::to_string(log.size()) + " bytes of it had been acknowledged";
  const std::string at = "disk/truth.log: byte " + std::to_string(before.size()) + ": ";
  CHECK(problem(before) == at + "the log is cut here: " + acknowledged);
  CHECK(problem(log.substr(0, log.size() - 1)) == at + "the log is cut here: " + acknowledged);
  CHECK(problem(log.substr(0, 10)) == "disk/truth.log: byte 0: the log ends within its head");
  CHECK(problem(log.substr(0, 30)) ==
        "disk/truth.log: byte 24: the log ends before its first record does");

  directory gone = run.files;
  gone.erase("truth.log");
  CHECK(restore(gone).failure().message ==
        "disk/truth.log: byte 0: the log is gone: " + acknowledged);
}

TEST_CASE("what is wrong with a log is said", "[damage][X16]") {
  const written_run run = some_run();
  const std::string& log = run.files.at("truth.log");
  const std::size_t last = run.older_logs.back().size();  // where the last record begins
  const auto problem = [&](std::size_t at, char change) {
    directory damaged = run.files;
    damaged["truth.log"][at] ^= change;
    const auto found = restore(damaged);
    return found ? std::string{} : found.failure().message;
  };
  const std::string at_last = "disk/truth.log: byte " + std::to_string(last) + ": ";
  CHECK(problem(0, 1) == "disk/truth.log: byte 0: this is no commit log");
  CHECK(problem(8, 3) == "disk/truth.log: byte 0: format version 2 is unknown; known is 1");
  CHECK(problem(12, 1) == "disk/truth.log: byte 0: the head does not match its checksum");
  CHECK(problem(last, 1) == at_last + "the head of a record does not match its checksum");
  CHECK(problem(last + 4, 1) == at_last + "the head of a record does not match its checksum");
  CHECK(problem(last + 20, 1) == at_last + "record 6 does not match its checksum");
  CHECK(problem(log.size() - 1, 1) == at_last + "record 6 does not match its checksum");
}

}  // namespace sluice
