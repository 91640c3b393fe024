#include "sluice/tests/sim/word_count.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "sluice/connectors/collect.hpp"
#include "sluice/connectors/rows.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/tests/sim/prefix.hpp"

namespace sluice::sim {

namespace {

struct line {
  std::string_view text;
};
SLUICE_RECORD(line, text);
struct word {
  std::string_view text;
};
SLUICE_RECORD(word, text);
struct counted {
  std::string_view word;
  std::uint64_t count;
};
SLUICE_RECORD(counted, word, count);

using counts = std::map<std::string, std::uint64_t>;
using tallies = collected<counted>;

constexpr std::size_t lines = 150;

std::vector<std::string> random_lines(std::uint64_t seed) {
  seeded_random random{seed};
  std::vector<std::string> made;
  for (std::size_t i = 0; i < lines; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(6); n > 0; --n)
      text += std::string(1 + random.below(3), static_cast<char>('a' + random.below(4))) + " ";
    made.push_back(text);
  }
  return made;
}

template <class F>
void for_each_word(std::string_view text, F&& f) {
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    f(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

// Adds up what `sink` got in (from, to]; of a running count the last is the largest.
void gather(counts& into, const tallies& sink, epoch_id from, epoch_id to, bool running) {
  for (const epoch_id e : sink.epochs()) {
    if (e <= from || e > to) continue;
    for (const auto& t : sink.rows_of(e)) {
      auto& count = into[std::string{t.word}];
      count = running ? std::max(count, t.count) : count + t.count;
    }
  }
}

std::string difference(const char* sink, epoch_id epoch, const counts& got, const counts& want) {
  if (got == want) return {};
  std::string text = std::string{sink} + " at epoch " + std::to_string(epoch.value) + ":";
  for (const auto& [w, n] : got) text += " " + w + "=" + std::to_string(n);
  text += "; a plain loop:";
  for (const auto& [w, n] : want) text += " " + w + "=" + std::to_string(n);
  return text;
}

}  // namespace

word_count_run count_words(std::uint64_t seed) {
  const auto input = random_lines(seed);
  auto each = std::make_shared<tallies>(), running = std::make_shared<tallies>(),
       last = std::make_shared<tallies>();
  graph g{"word count"};
  const auto words = g.source("lines", from::rows<line>{{input.begin(), input.end()}})
                         .flat_map([](const line& in, rows<word> out) {
                           for_each_word(in.text, [&](std::string_view w) { out.push({w}); });
                         })
                         .key_by(&word::text);
  words.aggregate<counted>("of epoch", count(), emit::per_epoch).sink("epochs", to::collect{each});
  words.aggregate<counted>("so far", count()).sink("running", to::collect{running});
  words.aggregate<counted>("in all", count(), emit::final).sink("totals", to::collect{last});

  word_count_run made;
  simulation_options options;
  options.scenario = "word count";
  options.step_time = std::chrono::microseconds(10 + seed % 3 * 100);
  made.run = run_simulated(g, seed, options);
  made.problem = made.run.problem + made.run.status.failure;
  if (!made.problem.empty()) return made;

  const prefix before{made.run.cuts, "lines",
                      std::max<std::size_t>(1, made.run.used.parallelism("lines"))};
  counts so_far_each, so_far_running, all;
  epoch_id from;
  for (const epoch_id commit : commits(made.run.cuts)) {
    counts want;
    for (std::size_t i = 0; i < input.size(); ++i)
      if (before.contains(i, commit))
        for_each_word(input[i], [&](std::string_view w) { ++want[std::string{w}]; });
    gather(so_far_each, *each, from, commit, false);
    gather(so_far_running, *running, from, commit, true);
    made.problem += difference("epochs", commit, so_far_each, want);
    made.problem += difference("running", commit, so_far_running, want);
    from = commit;
    all = want;
  }
  counts want;
  for (const auto& text : input)
    for_each_word(text, [&](std::string_view w) { ++want[std::string{w}]; });
  counts totals;
  gather(totals, *last, {}, from, false);
  made.problem += difference("epochs", from, so_far_each, want);
  made.problem += difference("totals", from, totals, want);
  if (!made.problem.empty())
    made.problem += "\nreproduce: SLUICE_SEED=" + std::to_string(seed) + ", word count";
  return made;
}

}  // namespace sluice::sim
