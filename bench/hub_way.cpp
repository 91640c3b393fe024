#include "sluice/bench/hub_way.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>

#include "sluice/links/curve_keys.hpp"
#include "sluice/links/hub.hpp"
#include "sluice/operators/credit_window.hpp"

namespace sluice::bench {
namespace {

constexpr std::uint64_t window_rows = 131'072;
constexpr channel_id the_channel{0};

// Both ends: what a hub tells is left where the two threads wait for it.
class end : public hub_listener {
 public:
  // Limits told before were those of the run before.
  void begun(generation_id generation) override {
    const std::lock_guard lock(mutex_);
    begun_ = generation.value;
    room_ = {};
  }
  void arrived(channel_id, batch_ptr rows, instant) override {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(rows));
    happened_.notify_one();
  }
  void arrived(channel_id, const marker&) override {}
  void limit(channel_id, const credit& up_to) override {
    const std::lock_guard lock(mutex_);
    room_.raise(up_to);
    happened_.notify_one();
  }
  void told(const std::string&, control_frame) override {}
  void broken(channel_id, const std::string&) override { broken_now(); }
  void peer_seen(const std::string&, incarnation_id) override {}
  void peer_lost(const std::string&) override { broken_now(); }

  void begin(std::uint64_t generation, const hub_channel& channel) {
    const std::lock_guard lock(mutex_);
    ledger_ = credit_ledger(channel.window);
    own->begin({generation}, {channel});
    if (!channel.outgoing) own->grant(the_channel, ledger_.open());
  }
  void send(batch_ptr rows) {
    const std::uint64_t count = rows->size(), bytes = rows->bytes();
    {
      std::unique_lock lock(mutex_);
      happened_.wait(lock, [&] { return broken_ || room_.admits(count, bytes); });
      room_.spend(count, bytes);
    }
    own->send(the_channel, std::move(rows), {});
  }
  void await_room(std::uint64_t generation) {
    std::unique_lock lock(mutex_);
    happened_.wait(lock, [&] { return broken_ || (begun_ == generation && room_.admits(1, 1)); });
    if (broken_) throw std::runtime_error("the link of the benchmark is broken");
  }
  batch_ptr receive() {
    std::unique_lock lock(mutex_);
    happened_.wait(lock, [&] { return broken_ || !waiting_.empty(); });
    if (waiting_.empty()) throw std::runtime_error("the link of the benchmark is broken");
    batch_ptr rows = std::move(waiting_.front());
    waiting_.pop_front();
    ledger_.arrived(rows->size(), rows->bytes());
    return rows;
  }
  void consumed(const column_batch& rows) {
    std::optional<credit> limit;
    {
      const std::lock_guard lock(mutex_);
      limit = ledger_.consumed(rows.size(), rows.bytes());
      if (!limit && waiting_.empty()) limit = ledger_.quiet();
    }
    if (limit) own->grant(the_channel, *limit);
  }

  std::unique_ptr<hub> own;

 private:
  void broken_now() {
    const std::lock_guard lock(mutex_);
    broken_ = true;
    happened_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable happened_;
  std::deque<batch_ptr> waiting_;
  credit_window room_;
  std::uint64_t begun_ = 0;
  credit_ledger ledger_{credit{1, 1}};
  bool broken_ = false;
};

class way final : public link_way {
 public:
  explicit way(const hub_way_options& how) : how_(how) {
    const std::uint64_t rows = std::max<std::uint64_t>(window_rows, 4 * how.batch_rows);
    window_ = {rows, rows * linked_row_bytes};
    const key_pair maker = new_key_pair(), taker = new_key_pair();
    const auto options = [&](const std::string& node, const key_pair& own) {
      hub_options made;
      made.job = {{1, 1}};
      made.node = node;
      made.incarnation = {{1, 1}};
      made.pool = pool_;
      if (how.curve)
        made.keys = hub_keys{own,
                             {{"maker", node_role::data, maker.public_key},
                              {"taker", node_role::data, taker.public_key}}};
      return made;
    };
    hub_options at_maker = options("maker", maker), at_taker = options("taker", taker);
    at_maker.data = how.others + "-data";
    at_maker.control = how.others + "-control";
    at_taker.data = how.data;
    at_taker.control = how.control;
    open(maker_, at_maker);
    open(taker_, at_taker);
    maker_.own->join("taker", taker_.own->data_address(), taker_.own->control_address());
  }

  outcome run(link_work& work) override {
    ++generation_;
    taker_.begin(generation_, {the_channel, "maker", false, window_, &schema_of<linked_row>()});
    maker_.begin(generation_, {the_channel, "taker", true, window_, nullptr});
    maker_.await_room(generation_);
    return timed_run(
        work,
        [&](std::uint64_t b) {
          const std::size_t rows = work.rows_of(b);
          auto batch =
              std::make_shared<column_batch>(schema_of<linked_row>(), pool_, work.batch_rows());
          work.fill(b, {{batch->values<std::uint64_t>(0), rows},
                        {batch->values<std::int64_t>(1), rows},
                        {batch->values<std::uint64_t>(2), rows}});
          batch->resize(rows);
          maker_.send(std::move(batch));
        },
        [&](std::uint64_t) {
          const batch_ptr batch = taker_.receive();
          work.take({{batch->values<std::uint64_t>(0), batch->size()},
                     {batch->values<std::int64_t>(1), batch->size()},
                     {batch->values<std::uint64_t>(2), batch->size()}});
          taker_.consumed(*batch);
        });
  }

 private:
  static void open(end& to, const hub_options& options) {
    auto opened = hub::open(options, to);
    if (!opened) throw std::runtime_error(opened.failure().message);
    to.own = std::move(opened).value();
  }

  hub_way_options how_;
  credit window_;
  buffer_pool pool_;
  std::uint64_t generation_ = 0;
  end maker_, taker_;
};

}  // namespace

std::unique_ptr<link_way> hub_way(const hub_way_options& options) {
  return std::make_unique<way>(options);
}

}  // namespace sluice::bench
