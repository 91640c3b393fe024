#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sluice/operators/batching.hpp"
#include "sluice/operators/exchange.hpp"
#include "sluice/operators/inlet.hpp"
#include "sluice/operators/operation.hpp"
#include "sluice/operators/outlet.hpp"
#include "sluice/operators/pre_aggregation.hpp"
#include "sluice/operators/stage_counters.hpp"

namespace sluice {

/// Everything a stage instance says to the world around it.
class stage_port : public channel_sender {
 public:
  /// Grants credit to whoever sends on inlet channel `channel`.
  virtual void grant(std::size_t channel, const credit& limit) = 0;
  /// `m` has passed this stage; everything before it has been dealt with.
  virtual void passed(const marker& m) = 0;
  /// The COMMIT `m` is about to pass: what the stage remembers there (docs/protocol.md E3). Only if
  /// snapshots are kept.
  virtual void snapshot(const marker& m, saved_state what) = 0;
};

/// A batch that leaves operation `from` through `port` goes on into operation `to` of the same
/// stage.
struct fused_link {
  std::size_t from = 0;
  std::size_t port = 0;
  std::size_t to = 0;
};

/// … or into an exchange, over the outlet's channels [first, first + exchange.targets()).
struct stage_edge {
  std::size_t from = 0;
  std::size_t port = 0;
  exchange spread_over;
  std::size_t first = 0;
  /// Of an edge into an aggregate with instances on other nodes.
  std::optional<pre_aggregation> before_wire{};
};

/// What a stage instance is put together from. Operation 0 takes what arrives; the others are
/// stateless and fused behind it, in an order in which every link leads forward.
struct stage_parts {
  std::vector<inlet_channel> inlets;
  std::vector<std::unique_ptr<operation>> operations;
  std::vector<fused_link> links;
  std::vector<stage_edge> edges;
  std::vector<credit> outlets;  ///< One window per outlet channel.
  batching gather{batch_policy::both, 20'000, false};
  buffer_pool pool;
  batch_bounds bounds;
};

/// One instance of a batcher, aggregator or sink: inlet, operation, outlet. Pure: events
/// go in, what is to be said comes out through the port. After every event, `run` does all that can
/// be done now.
class stage {
 public:
  explicit stage(stage_parts parts);
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  /// Snapshots are taken at every COMMIT from now on, if the stage has anything to remember: called
  /// before `open`.
  void keep_snapshots();
  /// Takes in what was saved at the last sealed epoch, piece by piece in the order it was saved.
  result<void> restore(const saved_state& from, key_group_range mine);
  /// The next snapshot is to be a whole one, as the first one is.
  void save_whole() { whole_ = true; }
  /// The next snapshot is to hold what has changed since what was restored.
  void save_changes() { whole_ = false; }

  /// Grants every inlet channel its window.
  void open(stage_port& to);
  void receive(std::size_t channel, batch_ptr rows, instant watermark);
  void receive(std::size_t channel, const marker& m);
  void granted(std::size_t channel, const credit& limit, stage_port& to);
  /// The stage's own timer (policy `mini`) has gone off.
  void timer();

  /// Works until nothing is left to do or the channels are out of credit.
  void run(stage_port& to);

  /// Nothing else is waiting for this stage: grants what its channels are owed. Before it sleeps,
  /// always.
  void quiet(stage_port& to);

  bool keeps_snapshots() const { return keeps_snapshots_; }
  bool timed() const { return gather_.timed() && root().caches(); }
  bool blocked() const { return outlet_.blocked(); }
  /// True once END has passed.
  bool ended() const { return ended_; }
  stage_counters counters() const;
  const batching& gather() const { return gather_; }
  const inlet& in() const { return inlet_; }
  const outlet& out() const { return outlet_; }

 private:
  enum class step {
    next,
    process,
    flush,
    consumed,
    advance,
    epoch_flush,
    finish,
    close_epoch,
    save,
    pass
  };

  // The outputs of one operation: leads to fused operations and exchanges.
  class fused_outputs : public outputs {
   public:
    fused_outputs(stage& of, std::size_t index)
        : outputs(of.pool_, of.bounds_), of_(of), index_(index) {}
    void put(std::size_t port, batch_ptr rows) override { of_.route(index_, port, rows); }

   private:
    stage& of_;
    std::size_t index_;
  };

  operation& root() { return *operations_.front(); }
  const operation& root() const { return *operations_.front(); }
  bool take_step(stage_port& to);
  bool begin_next();
  void process();
  void flush(flush_cause cause, step then);
  void advance(instant watermark);
  void route(std::size_t from, std::size_t port, const batch_ptr& rows);
  void send(stage_edge& edge, std::size_t target, const batch_ptr& rows);

  inlet inlet_;
  std::vector<std::unique_ptr<operation>> operations_;
  std::vector<fused_link> links_;
  std::vector<stage_edge> edges_;
  outlet outlet_;
  batching gather_;
  buffer_pool pool_;
  batch_bounds bounds_;
  std::vector<fused_outputs> outputs_;

  stage_port* port_ = nullptr;  // set while `run` is on the stack
  step step_ = step::next;
  bool resuming_ = false;
  bool timer_due_ = false;
  bool ended_ = false;
  bool keeps_snapshots_ = false;
  bool whole_ = true;      // the next snapshot
  bool finished_ = false;  // END has passed, here or before a restart
  arrival current_;
  std::size_t at_ = 0;  // rows of the current batch already processed
  flush_cause cause_ = flush_cause::marker;
  step after_flush_ = step::next;
  instant advanced_ = instant::lowest();  // what the operation has been told
  instant promised_ =
      instant::lowest();  // what may be promised downstream: lags until all of it is out
  stage_counters counters_;
};

}  // namespace sluice
