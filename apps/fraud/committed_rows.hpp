#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/same_record.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/records/batch.hpp"

namespace sluice::fraud {

/// Batches of one sink between their writing and their commit, in the memory of one process.
/// Thread-safe.
class held_batches {
 public:
  struct place {
    std::size_t instance = 0;
    generation_id generation;
    epoch_id epoch;
    auto operator<=>(const place&) const = default;
  };

  void hold(const place& at, std::vector<batch_ptr> rows);
  std::vector<batch_ptr> take(const place& at);
  /// Drops what `instance` holds.
  void drop(std::size_t instance);

 private:
  std::mutex mutex_;
  std::map<place, std::vector<batch_ptr>> held_;
};

/// Calls a function for every batch of rows of record `T` whose epoch is committed, each once,
/// whatever happens to other nodes: what is held lies in this process. Without checkpoints it is
/// called at once.
template <record T>
class committed_rows {
 public:
  using record_type = T;
  using function = std::function<void(const batch<T>&)>;

  /// `written`: called when rows arrive, also for those that come again after a failure.
  explicit committed_rows(function committed, function written = {})
      : committed_(std::move(committed)),
        written_(std::move(written)),
        held_(std::make_shared<held_batches>()) {}

  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const {
    if (auto same = check_same_record(schema_of<T>(), at); !same) return same.failure();
    return std::unique_ptr<sink_writer>{std::make_unique<writer>(*this, at)};
  }
  std::string describe() const { return "function, at commits"; }
  bool stays() const { return true; }
  bool commits() const { return true; }

 private:
  class writer final : public sink_writer {
   public:
    writer(committed_rows to, const sink_context& at)
        : to_(std::move(to)), instance_(at.instance), commits_(at.commits) {}

    result<void> write(const column_batch& rows) override {
      if (to_.written_) to_.written_(batch<T>{rows});
      if (commits_)
        pending_.push_back(slice(rows, 0, rows.size(), pool_));
      else
        to_.committed_(batch<T>{rows});
      return {};
    }
    result<void> flush(epoch_id) override { return {}; }
    bool commits() const override { return commits_; }
    prepare_work prepare(generation_id generation, epoch_id epoch) override {
      to_.held_->hold({instance_, generation, epoch}, std::exchange(pending_, {}));
      return [] { return result<std::string>{std::string{}}; };
    }
    commit_work commit(generation_id generation, epoch_id epoch) override {
      return [to = to_, at = held_batches::place{instance_, generation, epoch}] {
        to.show(at);
        return result<void>{};
      };
    }
    result<void> resolve(const resolution& how) override {
      for (const decided_epoch& decided : how.decided)
        to_.show({decided.instance, decided.generation, decided.epoch});
      to_.held_->drop(instance_);
      return {};
    }

   private:
    committed_rows to_;
    std::size_t instance_;
    bool commits_;
    buffer_pool pool_;
    std::vector<batch_ptr> pending_;
  };

  void show(const held_batches::place& at) const {
    for (const batch_ptr& rows : held_->take(at)) committed_(batch<T>{*rows});
  }

  function committed_;
  function written_;
  std::shared_ptr<held_batches> held_;
};

}  // namespace sluice::fraud
