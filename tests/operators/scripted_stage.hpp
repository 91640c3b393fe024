#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sluice/operators/stage.hpp"
#include "sluice/operators/transform.hpp"
#include "sluice/tests/operators/script.hpp"

namespace sluice::script {

/// What a scripted stage is made of.
struct scripted_parts {
  std::size_t channels_in = 1;
  std::size_t channels_out = 1;  ///< All of one exchange.
  std::unique_ptr<operation> work = std::make_unique<identity_operation>();
  batching gather{batch_policy::both, 20'000, false};
  gathering into_outlet{};
  credit window_in{1000, 100'000};
  credit credit_out{1'000'000, 1'000'000'000};  ///< Granted at the start.
  batch_bounds bounds{};
  bool keeps_snapshots = false;
  std::optional<pre_aggregation> before_wire{};
};

/// A stage with scripted neighbours: `in.on(0, rows(1), mark(1))`, then `in.sent(0)`.
class scripted_stage : public stage_port {
 public:
  explicit scripted_stage(scripted_parts parts) : stage_(made_of(parts)) {
    if (parts.keeps_snapshots) stage_.keep_snapshots();
    stage_.open(*this);
    for (std::size_t c = 0; c < parts.channels_out; ++c) stage_.granted(c, parts.credit_out, *this);
  }

  template <class... E>
  void on(std::size_t channel, const E&... parts) {
    (arrive(channel, parts), ...);
  }
  void arrive(std::size_t channel, const event& e, instant promise = instant::lowest()) {
    if (e.mark)
      stage_.receive(channel, *e.mark);
    else
      stage_.receive(channel, batch_of(e.rows), promise);
    stage_.run(*this);
  }
  void timer() {
    stage_.timer();
    stage_.run(*this);
  }
  void grant_out(std::size_t channel, const credit& limit) {
    stage_.granted(channel, limit, *this);
    stage_.run(*this);
  }
  void quiet() { stage_.quiet(*this); }

  void send(std::size_t channel, const batch_ptr& rows, instant watermark) override {
    sent_[channel].add(event_of(*rows));
    batches_[channel].push_back(rows->size());
    promises_[channel].push_back(watermark);
  }
  void send(std::size_t channel, const marker& m) override { sent_[channel].add(event{{}, m}); }
  void grant(std::size_t channel, const credit& limit) override { granted_[channel] = limit; }
  void passed(const marker& m) override { passed_.add(event{{}, m}); }
  void snapshot(const marker& m, saved_state what) override {
    snapshots_.push_back({m, std::move(what)});
  }

  events sent(std::size_t channel = 0) { return sent_[channel]; }
  std::vector<std::size_t> batches(std::size_t channel = 0) { return batches_[channel]; }
  std::vector<instant> promises(std::size_t channel = 0) { return promises_[channel]; }
  credit granted(std::size_t channel = 0) { return granted_[channel]; }
  const events& passed() const { return passed_; }
  struct taken_snapshot {
    marker mark;
    saved_state what;
  };
  const std::vector<taken_snapshot>& snapshots() const { return snapshots_; }
  std::uint64_t flushes(flush_cause why) const {
    return stage_.counters().flushes[static_cast<std::size_t>(why)];
  }
  stage& of() { return stage_; }

 private:
  static stage_parts made_of(scripted_parts& from) {
    stage_parts parts;
    parts.inlets.assign(from.channels_in, {0, from.window_in});
    parts.operations.push_back(std::move(from.work));
    const auto how = from.channels_out == 1 ? spread::same : spread::by_key;
    parts.edges.push_back({0, 0,
                           exchange{how, from.channels_out, key_columns{{0}}, from.into_outlet, {}},
                           0, std::move(from.before_wire)});
    parts.outlets.assign(from.channels_out, from.window_in);
    parts.gather = from.gather;
    parts.bounds = from.bounds;
    return parts;
  }

  stage stage_;
  std::map<std::size_t, events> sent_;
  std::map<std::size_t, std::vector<std::size_t>> batches_;
  std::map<std::size_t, std::vector<instant>> promises_;
  std::map<std::size_t, credit> granted_;
  events passed_;
  std::vector<taken_snapshot> snapshots_;
};

/// Gathers rows and gives them on at a flush, one row a number, in the order of arrival; writes
/// down what it is told.
class gathering_operation : public operation {
 public:
  void process(std::size_t, const batch_ptr& rows, outputs&) override {
    const auto taken = event_of(*rows).rows;
    gathered_.insert(gathered_.end(), taken.begin(), taken.end());
  }
  void flush(outputs& out) override {
    if (!gathered_.empty()) out.put(0, batch_of(gathered_));
    gathered_.clear();
  }
  void advance(instant watermark, outputs&) override { advanced.push_back(watermark); }
  void finish(outputs& out) override { out.put(0, batch_of({999})); }
  void end_epoch(const marker& m, outputs&) override { ended.push_back(m.epoch); }
  bool caches() const override { return true; }
  std::size_t gathered() const override { return gathered_.size(); }

  std::vector<instant> advanced;
  std::vector<epoch_id> ended;

 private:
  std::vector<std::uint64_t> gathered_;
};

}  // namespace sluice::script
