#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/sink.hpp"
#include "sluice/tests/connectors/memory_sink.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::test {

/// A sink with a bug around the functions of one without: `shows_before_commit`,
/// `forgets_on_resolve` or `only_newest`.
class broken_sink final : public sink_writer {
 public:
  broken_sink(std::unique_ptr<sink_writer> inner, sink_bug bug)
      : inner_(std::move(inner)), bug_(bug) {}

  result<void> write(const column_batch& rows) override { return inner_->write(rows); }
  result<void> flush(epoch_id epoch) override { return inner_->flush(epoch); }
  result<void> close() override { return inner_->close(); }
  bool commits() const override { return inner_->commits(); }

  prepare_work prepare(generation_id generation, epoch_id epoch) override {
    auto prepared = inner_->prepare(generation, epoch);
    if (bug_ != sink_bug::shows_before_commit) return prepared;
    return [prepared, commit = inner_->commit(generation, epoch)]() -> result<std::string> {
      auto done = prepared();
      if (!done) return done;
      if (auto shown = commit(); !shown) return shown.failure();
      return done;
    };
  }
  commit_work commit(generation_id generation, epoch_id epoch) override {
    return inner_->commit(generation, epoch);
  }
  result<void> resolve(const resolution& how) override {
    resolution wrong = how;
    if (bug_ == sink_bug::forgets_on_resolve) wrong.decided.clear();
    if (bug_ == sink_bug::only_newest)
      std::erase_if(wrong.decided,
                    [&](const auto& one) { return one.epoch != how.decided.back().epoch; });
    return inner_->resolve(wrong);
  }

 private:
  std::unique_ptr<sink_writer> inner_;
  sink_bug bug_;
};

/// Bugs a sink may have, and what the kit says of each.
using found_bugs = std::vector<std::pair<sink_bug, std::string>>;

/// Checks that the kit finds each of `bugs` in the sink of what `make` makes with it. Nothing is
/// killed within a call: these are found between calls.
template <class Make>
void check_found(const found_bugs& bugs, Make make) {
  for (const auto& [bug, said] : bugs) {
    auto outside = make(bug);
    outside.sink.most_findings = 1;
    outside.sink.crash_after = nullptr;
    CHECK_THAT(check_sink(outside.sink).at(0), Catch::Contains(said));
  }
}

}  // namespace sluice::test
