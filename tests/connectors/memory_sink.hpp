#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/connectors/sink_conformance.hpp"
#include "sluice/records/batch.hpp"

namespace sluice::test {

/// What may be wrong with a sink.
enum class sink_bug {
  none,
  shows_before_commit,
  commits_twice,       ///< A commit that is repeated shows its rows again.
  forgets_on_resolve,  ///< Decided epochs are dropped with the others.
  only_newest,         ///< Of two decided epochs the older one is dropped.
  leaves_prepared,     ///< What is not decided stays where it was prepared.
  loses_text,
  resolves_late,  ///< A stopped writer of an older generation may resolve.
};

/// A system outside that keeps its promise as long as it lives, and the rows staged for it.
struct memory_outside {
  using token =
      std::tuple<std::size_t, std::uint64_t, std::uint64_t>;  // instance, generation, epoch
  std::vector<visible_row> visible;
  std::map<token, std::vector<visible_row>> staged;
  std::map<std::size_t, std::pair<std::uint64_t, std::uint64_t>> rows;  // generation, epoch
};

/// The plainest sink that shows every row once, and what it is with a bug in it.
class memory_sink final : public sink_writer {
 public:
  memory_sink(memory_outside& outside, const sink_context& at, sink_bug bug)
      : outside_(outside), at_(at), bug_(bug) {}

  result<void> write(const column_batch& rows) override {
    const batch<conformance_row> view{rows};
    for (std::size_t i = 0; i < view.size(); ++i)
      waiting_.push_back(
          {view[i].number, bug_ == sink_bug::loses_text ? "" : std::string{view[i].text}});
    return {};
  }
  result<void> flush(epoch_id) override { return {}; }
  bool commits() const override { return true; }

  prepare_work prepare(generation_id generation, epoch_id epoch) override {
    return [this, rows = std::exchange(waiting_, {}),
            token = token_of(at_.instance, generation, epoch)]() -> result<std::string> {
      if (rows.empty()) return std::string{};
      outside_.staged[token] = rows;
      if (bug_ == sink_bug::shows_before_commit) static_cast<void>(apply(token));
      return std::string{"there"};
    };
  }
  commit_work commit(generation_id generation, epoch_id epoch) override {
    return [this, token = token_of(at_.instance, generation, epoch)] { return apply(token); };
  }

  result<void> resolve(const resolution& how) override {
    for (const auto& [instance, row] : outside_.rows)
      if (row.first > how.generation.value && bug_ != sink_bug::resolves_late)
        return error{error_code::refused, "a newer generation has begun"};
    for (auto& [instance, row] : outside_.rows)
      if (instance % at_.instances == at_.instance) row.first = how.generation.value;
    outside_.rows.try_emplace(at_.instance, how.generation.value, 0);
    for (const decided_epoch& one : how.decided) {
      if (one.prepared.empty() || bug_ == sink_bug::forgets_on_resolve) continue;
      if (bug_ == sink_bug::only_newest && one.epoch != how.decided.back().epoch) continue;
      const auto token = token_of(one.instance, one.generation, one.epoch);
      if (auto done = apply(token, how.generation.value); !done) return done;
    }
    if (bug_ == sink_bug::leaves_prepared) return {};
    std::erase_if(outside_.staged, [&](const auto& one) {
      return std::get<0>(one.first) % at_.instances == at_.instance;
    });
    return {};
  }

 private:
  static memory_outside::token token_of(std::size_t i, generation_id g, epoch_id e) {
    return {i, g.value, e.value};
  }

  result<void> apply(const memory_outside::token& token) {
    return apply(token, std::get<1>(token));
  }
  result<void> apply(const memory_outside::token& token, std::uint64_t generation) {
    auto& [newest, epoch] = outside_.rows[std::get<0>(token)];
    const auto staged = outside_.staged.find(token);
    if (staged == outside_.staged.end()) return {};
    if (newest > generation || (epoch >= std::get<2>(token) && bug_ != sink_bug::commits_twice))
      return {};
    outside_.visible.insert(outside_.visible.end(), staged->second.begin(), staged->second.end());
    epoch = std::get<2>(token);
    // What is applied may go; that it may stay too is what the row is for.
    if (bug_ == sink_bug::none) outside_.staged.erase(staged);
    return {};
  }

  memory_outside& outside_;
  sink_context at_;
  sink_bug bug_;
  std::vector<visible_row> waiting_;
};

}  // namespace sluice::test
