#include "sluice/connectors/sink_rehearsal.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/batch.hpp"

namespace sluice {

namespace {

constexpr std::size_t parts = 4;
constexpr std::size_t most_generations = 6;
constexpr std::uint64_t large_number = 30;
constexpr std::uint64_t late_number = 99;  // of a process that was replaced

// Part 2 has no rows; the first row of part 3 is large.
std::vector<std::uint64_t> numbers_of(std::size_t part) {
  constexpr std::size_t rows[] = {0, 3, 0, 2, 1};
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < rows[part]; ++i) numbers.push_back(10 * part + i);
  return numbers;
}

std::string rows_text(std::size_t count, std::uint64_t first) {
  return std::to_string(count) + (count == 1 ? " row" : " rows") + ", number " +
         std::to_string(first) + (count == 1 ? "" : " the first");
}

}  // namespace

std::string sink_rehearsal::text_of(std::uint64_t number) const {
  if (number == large_number && plan_.large_row > 0) return std::string(plan_.large_row, 'x');
  // What a text format must not stumble over.
  return "row " + std::to_string(number) + ", \"quoted\"\t\\ and\nmore";
}

void sink_rehearsal::wrong(const std::string& what) const {
  throw finding{plan_.name + ": generation " + std::to_string(generation_) + ", at " + where_ +
                ": " + what};
}

void sink_rehearsal::check(const result<void>& done, const std::string& what) const {
  if (!done) wrong(what + " failed: " + done.failure().message);
}

// A place where the process may end, and where those that were stopped may go on.
void sink_rehearsal::step(const std::string& where) {
  where_ = where;
  if (!over_ && !crashed_ && plan_.crash_at == steps_++) throw crash{};
  wake();
}

std::string sink_rehearsal::run() {
  try {
    sink_.clear();
    for (bool ended = false; !ended;) {
      if (generation_ == most_generations) wrong("it does not get to the end");
      if (sink_.crash_after)
        sink_.crash_after(plan_.crash_in && !inner_spent_ ? *plan_.crash_in : SIZE_MAX);
      try {
        generation();
        ended = true;
      } catch (const crash&) {
        crashed_ = true;
      } catch (const simulated_crash&) {
        crashed_ = inner_spent_ = true;
      }
      if (sink_.crash_after) sink_.crash_after(SIZE_MAX);
      if (!ended) end_of_process();
    }
    // A restart behind the end changes nothing.
    over_ = true;
    writers_.clear();
    begin_generation();
  } catch (const finding& found) {
    return found.what;
  }
  return {};
}

void sink_rehearsal::generation() {
  begin_generation();
  do_parts();
  for (auto& writer : writers_) check(writer->close(), "close");
  look();
}

void sink_rehearsal::end_of_process() {
  undecided_.clear();
  if (plan_.stopped) {
    stopped_process one{.generation = {generation_},
                        .writers = std::move(writers_),
                        .preparing = std::move(preparing_),
                        .works = std::move(works_),
                        .decided = {},
                        .next_epoch = {epoch_ + 1},
                        .resolved = resolved_,
                        .unresolved = {}};
    for (const auto& what : decided_)
      if (what.generation.value == generation_)
        one.decided.emplace_back(what.generation, what.epoch);
    for (std::size_t i = resolved_instances_; i < one.writers.size(); ++i)
      one.unresolved.emplace_back(i, resolution_of(i));
    stopped_.push_back(std::move(one));
  }
  writers_.clear();
  preparing_ = {};
  works_.clear();
}

resolution sink_rehearsal::resolution_of(std::size_t instance) const {
  resolution how{.generation = {generation_},
                 .decided = {},
                 .fresh = decided_.empty(),
                 .job = {{0x51, 0x1ce}}};
  for (std::size_t d = decided_.size() > 2 ? decided_.size() - 2 : 0; d < decided_.size(); ++d)
    for (std::size_t of = instance; of < decided_[d].prepared.size(); of += instances_)
      how.decided.push_back(
          {decided_[d].epoch, decided_[d].generation, of, decided_[d].prepared[of]});
  return how;
}

void sink_rehearsal::begin_generation() {
  instances_ = plan_.instances[generation_++ % plan_.instances.size()];
  resolved_ = false;
  resolved_instances_ = 0;
  for (std::size_t i = 0; i < instances_; ++i) {
    step("opening instance " + std::to_string(i));
    auto writer = sink_.open({.stage = "conformance",
                              .instance = i,
                              .instances = instances_,
                              .fields = &schema_of<conformance_row>(),
                              .commits = true,
                              .staging = sink_.staging});
    if (!writer) wrong("open failed: " + writer.failure().message);
    if (!writer.value()->commits()) wrong("the writer says that it does not commit");
    writers_.push_back(std::move(writer).value());
  }
  for (std::size_t i = 0; i < instances_; ++i) {
    step("the beginning, before instance " + std::to_string(i) + " resolves");
    check(writers_[i]->resolve(resolution_of(i)), "resolve");
    ++resolved_instances_;
  }
  resolved_ = true;
  where_ = "the beginning, when all is resolved";
  expected_.clear();
  for (const decided& what : decided_)
    for (const auto& share : what.numbers)
      for (const auto number : share) ++expected_[number];
  look();
  look_for_leftovers();
  step("the beginning, when all is resolved");
}

void sink_rehearsal::do_parts() {
  while (parts_done_ < parts) {
    for (std::size_t k = 0; k < plan_.at_once && parts_done_ + undecided_.size() < parts; ++k)
      prepare_part(parts_done_ + undecided_.size() + 1);
    const std::size_t first = decided_.size();
    for (auto& what : std::exchange(undecided_, {})) {
      step("the decision on epoch " + std::to_string(what.epoch.value));
      decided_.push_back(std::move(what));
      ++parts_done_;
    }
    look();
    for (std::size_t d = first; d < decided_.size(); ++d) commit_decided(decided_[d]);
  }
}

void sink_rehearsal::prepare_part(std::size_t part) {
  decided made{{generation_}, {++epoch_}, {}, {}};
  made.numbers.resize(writers_.size());
  const std::string epoch = "epoch " + std::to_string(epoch_);
  std::size_t next = part;
  for (const auto number : numbers_of(part)) {
    const std::size_t i = next++ % writers_.size();
    step("the write of row " + std::to_string(number) + " in " + epoch);
    batch_builder<conformance_row> rows{buffer_pool{}};
    const std::string text = text_of(number);
    rows.push({number, text});
    check(writers_[i]->write(*rows.take()), "write");
    made.numbers[i].push_back(number);
  }
  for (auto& writer : writers_) check(writer->flush(made.epoch), "flush");
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    const std::string who = " by instance " + std::to_string(i);
    step("the marker of " + epoch + who);
    preparing_ = writers_[i]->prepare(made.generation, made.epoch);
    step("the marker of " + epoch + who + ", before it is durable");
    auto prepared = preparing_();
    preparing_ = {};
    if (!prepared) wrong("prepare failed: " + prepared.failure().message);
    made.prepared.push_back(std::move(prepared).value());
    where_ = "the answer to " + epoch + who;
    look();
    step("the answer to " + epoch + who);
  }
  undecided_.push_back(std::move(made));
}

void sink_rehearsal::commit_decided(const decided& what) {
  const std::string epoch = "epoch " + std::to_string(what.epoch.value);
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    const std::string who = " by instance " + std::to_string(i);
    step("the commit of " + epoch + who);
    works_.push_back(writers_[i]->commit(what.generation, what.epoch));
    step("the commit of " + epoch + who + ", before it is done");
    check(works_.back()(), "commit");
    for (const auto number : what.numbers[i]) ++expected_[number];
    where_ = "the commit of " + epoch + who + ", done";
    look();
    step("the commit of " + epoch + who + ", its reply lost");
    if (!plan_.commits_twice) continue;
    where_ = "the commit of " + epoch + who + ", repeated";
    check(works_.back()(), "commit");
    check(writers_[i]->commit(what.generation, what.epoch)(), "commit");
    look();
    where_ = "commits of older epochs, repeated after " + epoch + who;
    for (const commit_work& work : works_) check(work(), "commit");
    look();
  }
}

// Those that were stopped go on in a world that has gone on without them: nothing they do may be
// seen, whatever it returns.
void sink_rehearsal::wake() {
  for (stopped_process& one : stopped_) {
    // Before all instances have resolved an old commit is in time.
    if (!resolved_) continue;
    if (!one.resolved) {
      for (const auto& [instance, how] : one.unresolved)
        static_cast<void>(one.writers[instance]->resolve(how));
      where_ += ", after a stopped process resolved";
      look();
      continue;
    }
    for (const commit_work& work : one.works) static_cast<void>(work());
    for (auto& writer : one.writers)
      for (const auto& [generation, epoch] : one.decided)
        static_cast<void>(writer->commit(generation, epoch)());
    if (!std::exchange(one.woken, true)) {
      if (one.preparing) static_cast<void>(one.preparing());
      batch_builder<conformance_row> rows{buffer_pool{}};
      rows.push({late_number, "of a process that was stopped"});
      const batch_ptr late = rows.take();
      for (auto& writer : one.writers) {
        if (!writer->write(*late)) continue;
        static_cast<void>(writer->prepare(one.generation, one.next_epoch)());
      }
    }
    where_ += ", after a stopped process went on";
    look();
  }
}

void sink_rehearsal::look() const {
  auto rows = sink_.visible();
  if (!rows) wrong("what is visible cannot be read: " + rows.failure().message);
  std::map<std::uint64_t, int> seen;
  for (const visible_row& row : rows.value()) {
    ++seen[row.number];
    if (row.number != late_number && row.text != text_of(row.number))
      wrong("row " + std::to_string(row.number) + " has another text than was written");
  }
  std::vector<std::uint64_t> lost, doubled, early;
  for (const auto& [number, times] : expected_)
    if (!seen.contains(number)) lost.push_back(number);
  for (const auto& [number, times] : seen) {
    if (!expected_.contains(number)) early.push_back(number);
    if (times > 1) doubled.push_back(number);
  }
  if (!lost.empty()) wrong("lost: " + rows_text(lost.size(), lost.front()));
  if (!doubled.empty()) wrong("shown twice: " + rows_text(doubled.size(), doubled.front()));
  if (!early.empty()) wrong("shown, and not to be: " + rows_text(early.size(), early.front()));
}

void sink_rehearsal::look_for_leftovers() const {
  if (!sink_.prepared) return;
  auto left = sink_.prepared();
  if (!left) wrong("what is prepared cannot be read: " + left.failure().message);
  if (!left.value().empty())
    wrong("left behind: " + std::to_string(left.value().size()) + " prepared, " +
          left.value().front() + " the first");
}

}  // namespace sluice
