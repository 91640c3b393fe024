#include "sluice/operators/snapshot_chain.hpp"

#include <map>
#include <random>

#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

saved_state piece(bool whole, std::size_t bytes, char fill = 'k') {
  saved_state made;
  made.whole = whole;
  made.keys = std::string(bytes, fill);
  return made;
}

// A chain whose files are written at once, and what a reader finds of each answer.
struct stored {
  snapshot_chain of;
  std::map<std::string, std::string> files;
  int written = 0;

  instance_snapshot add(const saved_state& what) {
    instance_snapshot answer;
    auto file = of.add(what);
    if (!file) {
      of.answer(std::nullopt, answer);
      return answer;
    }
    const std::string name = std::to_string(++written) + (file->base ? " base" : " delta");
    files[name] = file->bytes;
    of.answer(blob_ref{name, file->bytes.size(), 0}, answer);
    return answer;
  }
  // The pieces from the last whole one on.
  std::vector<saved_state> read(const instance_snapshot& answer) const {
    std::string bytes;
    for (const auto& file : answer.blobs) bytes += files.at(file.name);
    auto all = read_saved(bytes + answer.state);
    REQUIRE(all);
    std::vector<saved_state> last;
    for (auto& one : all.value()) {
      if (one.whole) last.clear();
      last.push_back(one);
    }
    return last;
  }
};

}  // namespace

TEST_CASE("small snapshots travel with the answer", "[snapshot_chain][F901]") {
  stored chain;
  const auto first = chain.add(piece(true, 100));
  CHECK(first.blobs.empty());
  const auto second = chain.add(piece(false, 200));
  CHECK(second.blobs.empty());
  CHECK(chain.read(second) == std::vector{piece(true, 100), piece(false, 200)});
}

TEST_CASE("what does not fit goes into a file, with all that was small before it",
          "[snapshot_chain][F901]") {
  stored chain;
  chain.add(piece(true, 100));
  const auto large = chain.add(piece(false, 5000));
  CHECK(large.state.empty());
  REQUIRE(large.blobs.size() == 1);
  CHECK(large.blobs[0].name == "1 base");
  CHECK(chain.read(large) == std::vector{piece(true, 100), piece(false, 5000)});
}

TEST_CASE("a snapshot is wanted whole at first, and once the changes outgrow the base",
          "[snapshot_chain][F901]") {
  stored chain;
  CHECK(chain.of.wants_whole());
  chain.add(piece(true, 20'000));
  CHECK_FALSE(chain.of.wants_whole());
  chain.add(piece(false, 15'000));
  CHECK_FALSE(chain.of.wants_whole());
  chain.add(piece(false, 15'000));
  CHECK(chain.of.wants_whole());
  const auto whole = chain.add(piece(true, 21'000));
  CHECK_FALSE(chain.of.wants_whole());
  CHECK(whole.blobs.size() == 1);
}

TEST_CASE("a base has at most so many files behind it", "[snapshot_chain][F901]") {
  stored chain;
  chain.add(piece(true, 1'000'000));
  std::size_t deltas = 0;
  for (; !chain.of.wants_whole(); ++deltas) chain.add(piece(false, snapshot_chain::most_inline));
  CHECK(deltas == snapshot_chain::most_deltas);
}

TEST_CASE("a snapshot answered for late names the files of its own epoch",
          "[snapshot_chain][F901]") {
  snapshot_chain chain;
  REQUIRE(chain.add(piece(true, 5000)));
  REQUIRE(chain.add(piece(false, 5000)));
  REQUIRE(chain.add(piece(true, 5000)));
  CHECK(chain.waiting() == 3);
  const auto names = [](const instance_snapshot& of) {
    std::vector<std::string> all;
    for (const auto& file : of.blobs) all.push_back(file.name);
    return all;
  };
  instance_snapshot one, two, three;
  chain.answer(blob_ref{"a", 1, 0}, one);
  chain.answer(blob_ref{"b", 1, 0}, two);
  chain.answer(blob_ref{"c", 1, 0}, three);
  CHECK(names(one) == std::vector<std::string>{"a"});
  CHECK(names(two) == std::vector<std::string>{"a", "b"});
  CHECK(names(three) == std::vector<std::string>{"c"});
}

TEST_CASE("whatever the sizes, what is read is what was saved since the last whole snapshot",
          "[snapshot_chain][F901]") {
  const auto seed = GENERATE(range(1u, 101u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  stored chain;
  std::vector<saved_state> expected;
  instance_snapshot last;
  for (int i = 0; i < 200; ++i) {
    if (random() % 25 == 0) {  // the run goes on from the last answer
      std::uint64_t whole_bytes = 0, changed_bytes = 0;
      for (const auto& one : expected)
        (one.whole ? whole_bytes : changed_bytes) += one.keys.size() + one.rest.size();
      chain.of = snapshot_chain{last, whole_bytes, changed_bytes};
      CHECK(chain.of.wants_whole() == (last.blobs.empty() || changed_bytes > whole_bytes + 4096 ||
                                       last.blobs.size() > snapshot_chain::most_deltas));
    }
    const bool whole = chain.of.wants_whole() || random() % 20 == 0;
    const auto what = piece(whole, random() % (random() % 3 == 0 ? 9000 : 300),
                            static_cast<char>('a' + random() % 26));
    if (whole) expected.clear();
    expected.push_back(what);
    last = chain.add(what);
    CHECK(chain.read(last) == expected);
  }
}

TEST_CASE("saved states that are cut or changed are malformed", "[saved_state][F1502]") {
  std::string bytes;
  append_saved(bytes, {.whole = true, .keys = "abc", .rest = "de", .finished = true});
  const std::size_t first = bytes.size();
  append_saved(bytes, {.whole = false, .keys = "", .rest = "x"});
  const auto read = read_saved(bytes);
  REQUIRE(read);
  CHECK(read.value() ==
        std::vector<saved_state>{{true, "abc", "de", true}, {false, "", "x", false}});
  for (std::size_t n = 1; n < bytes.size(); ++n) {
    CAPTURE(n);
    CHECK(static_cast<bool>(read_saved(bytes.substr(0, n))) == (n == first));
  }
  bytes[0] = 9;
  CHECK_FALSE(read_saved(bytes));
}

}  // namespace sluice
