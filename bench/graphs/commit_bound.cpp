#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "sluice/bench/graphs/commit_graph.hpp"
#include "sluice/bench/harness/stopwatch.hpp"
#include "sluice/bench/graphs/keyed_files.hpp"
#include "sluice/bench/graphs/scratch_folder.hpp"
#include "sluice/graph/checkpoint_place.hpp"

namespace sluice::bench {
namespace {

using steady = std::chrono::steady_clock;

constexpr generation_id generation{1};
constexpr job_id job{{1, 1}};

template <class T>
T checked(result<T> got) {
  if (!got) throw std::runtime_error(got.failure().message);
  return std::move(got).value();
}
void check(const result<void>& done) {
  if (!done) throw std::runtime_error(done.failure().message);
}
void check(const meta_answer& answered) {
  if (answered.outcome != meta_outcome::done) throw std::runtime_error(answered.message);
}

// The one thread that writes.
class writer_thread {
 public:
  ~writer_thread() {
    post({});
    thread_.join();
  }
  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
    changed_.notify_all();
  }
  // Until everything posted is done; throws what failed.
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.empty() && !busy_; });
    if (failed_) std::rethrow_exception(failed_);
  }

 private:
  void run() {
    for (std::unique_lock lock(mutex_);;) {
      changed_.wait(lock, [&] { return !waiting_.empty(); });
      const auto work = std::move(waiting_.front());
      waiting_.pop_front();
      if (!work) return;
      busy_ = true;
      lock.unlock();
      try {
        work();
      } catch (...) {
        failed_ = std::current_exception();
      }
      lock.lock();
      busy_ = false;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool busy_ = false;
  std::exception_ptr failed_;
  std::thread thread_{[this] { run(); }};
};

class into_files final : public outputs {
 public:
  into_files(const buffer_pool& pool, sink_writer& to) : outputs(pool, {}), to_(to) {}
  void put(std::size_t, batch_ptr rows) override {
    if (rows && !rows->empty()) check(to_.write(*rows));
  }

 private:
  sink_writer& to_;
};

// Snapshots and output of one aggregate on their way to the disk.
class commits {
 public:
  commits(const scratch_folder& folder, sink_writer& sink)
      : place_(checked(open_checkpoint_place(folder.path("checkpoints")))), sink_(sink) {
    check(place_.store->create(job, graph_hash{1}));
    check(place_.store->bump_generation({}, meta_store::least_reserved));
    check(sink.resolve({.generation = generation, .decided = {}, .fresh = true, .job = job}));
  }

  // What `aggregate` has changed since the last one, whose output is written.
  void commit(keyed_sum& aggregate) {
    writer_.wait();  // for the epoch before
    if (epoch_.value > 0) {
      instance_snapshot answered;
      chain_.answer(written_, answered);
    }
    ++epoch_.value;
    written_.reset();
    const auto file = chain_.add(aggregate.save(chain_.wants_whole()));
    writer_.post([this, file, epoch = epoch_, prepare = sink_.prepare(generation, epoch_),
                  commit = sink_.commit(generation, epoch_)] {
      static_cast<void>(checked(prepare()));
      if (file) written_ = checked(place_.write_file(generation, "sum", 0, epoch, *file));
      instance_snapshot snapshot;
      snapshot.stage = "sum";
      if (written_) snapshot.blobs = {*written_};
      const manifest sealed{.generation = generation, .epoch = epoch, .instances = {snapshot}};
      const meta_answer answered = place_.store->put_commit(sealed, meta_store::least_reserved);
      check(answered);
      check(commit());
      place_.collect(answered.truth);
    });
  }
  void wait() { writer_.wait(); }

 private:
  checkpoint_place place_;
  sink_writer& sink_;
  snapshot_chain chain_;
  epoch_id epoch_;
  std::optional<blob_ref> written_;  // of the last epoch
  writer_thread writer_;
};

}  // namespace

outcome write_commits(const commit_run& how, const buffer_pool& pool) {
  const scratch_folder folder;
  const std::string out = folder.path("out");
  const auto sink = checked(to::csv{out}.open({.stage = "totals",
                                               .fields = &schema_of<keyed_total>(),
                                               .commits = true,
                                               .staging = folder.path("staging")}));
  source_context at;
  at.pool = pool;
  const auto rows = checked(keyed_source{how.of}.open(at));
  const auto aggregate = make_keyed_sum(emit::updates);
  aggregate->keep_unsaved();
  into_files files{pool, *sink};
  commits to{folder, *sink};
  const auto cut = [&] {
    aggregate->flush(files);
    while (aggregate->resume(files)) {
    }
    to.commit(*aggregate);
  };

  stopwatch watch;
  std::uint64_t taken = 0;
  auto next = steady::now() + how.interval;
  for (bool more = true; more;) {
    auto got = checked(rows->read());
    if (taken == how.of.warm_rows()) watch.start();
    taken += got.rows->size();
    aggregate->process(0, got.rows, files);
    more = got.state == read_state::more;
    if (steady::now() < next) continue;
    cut();
    next = std::max(next + how.interval,
                    steady::now());  // as the coordinator, which catches up on none
  }
  cut();
  to.wait();
  watch.stop();
  return {.rows = how.of.all_rows(),
          .result = folded_totals(out, how.of.warm),
          .wall_s = watch.wall_s(),
          .cpu_s = watch.cpu_s(),
          .allocations = watch.allocated()};
}

}  // namespace sluice::bench
