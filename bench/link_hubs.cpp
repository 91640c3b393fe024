// Over hubs, with credit, numbers and checksums: what the product does.

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>

#include "sluice/bench/link_ends.hpp"
#include "sluice/links/hub.hpp"
#include "sluice/operators/credit_window.hpp"

namespace sluice::bench {
namespace {

constexpr channel_id the_channel{0};
constexpr char between = '+';  // two addresses in one word

// Either end: what its hub tells is left where the thread of the work waits for it.
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

credit window_of(std::size_t batch_rows) {
  const std::uint64_t rows = std::max<std::uint64_t>(link_window_rows, 4 * batch_rows);
  return {rows, rows * linked_row_bytes};
}

hub_options options_of(const std::string& node, const key_pair& own, const link_way& way,
                       const link_place& at, const buffer_pool& pool) {
  hub_options made;
  made.job = {{1, 1}};
  made.node = node;
  made.incarnation = {{1, 1}};
  made.pool = pool;
  if (way.curve)
    made.keys = hub_keys{own,
                         {{"maker", node_role::data, at.maker.public_key},
                          {"taker", node_role::data, at.taker.public_key}}};
  return made;
}

void open(end& to, const hub_options& options) {
  auto opened = hub::open(options, to);
  if (!opened) throw std::runtime_error(opened.failure().message);
  to.own = std::move(opened).value();
}

class taker final : public link_taker {
 public:
  taker(const link_way& way, const link_place& at) : window_(window_of(at.batch_rows)) {
    hub_options options = options_of("taker", at.taker, way, at, pool_);
    const std::string any_port = "tcp://127.0.0.1:0";
    options.data = way.tcp ? any_port : "ipc://" + at.folder + "/data";
    options.control = way.tcp ? any_port : "ipc://" + at.folder + "/control";
    open(end_, options);
  }

  std::string address() const override {
    return end_.own->data_address() + between + end_.own->control_address();
  }
  void begin(std::uint64_t number) override {
    end_.begin(number, {the_channel, "maker", false, window_, &schema_of<linked_row>()});
  }
  void take(link_work& work, std::uint64_t) override {
    const batch_ptr batch = end_.receive();
    work.take({{batch->values<std::uint64_t>(0), batch->size()},
               {batch->values<std::int64_t>(1), batch->size()},
               {batch->values<std::uint64_t>(2), batch->size()}});
    end_.consumed(*batch);
  }

 private:
  credit window_;
  buffer_pool pool_;
  end end_;
};

class maker final : public link_maker {
 public:
  maker(const link_way& way, const link_place& at, const std::string& address)
      : window_(window_of(at.batch_rows)) {
    hub_options options = options_of("maker", at.maker, way, at, pool_);
    options.data = "ipc://" + at.folder + "/maker-data";
    options.control = "ipc://" + at.folder + "/maker-control";
    open(end_, options);
    const std::size_t data = address.find(between);
    end_.own->join("taker", address.substr(0, data), address.substr(data + 1));
  }

  void begin(std::uint64_t number) override {
    end_.begin(number, {the_channel, "taker", true, window_, nullptr});
    end_.await_room(number);
  }
  void make(const link_work& work, std::uint64_t number) override {
    const std::size_t rows = work.rows_of(number);
    auto batch = std::make_shared<column_batch>(schema_of<linked_row>(), pool_, work.batch_rows());
    work.fill(number, {{batch->values<std::uint64_t>(0), rows},
                       {batch->values<std::int64_t>(1), rows},
                       {batch->values<std::uint64_t>(2), rows}});
    batch->resize(rows);
    end_.send(std::move(batch));
  }

 private:
  credit window_;
  buffer_pool pool_;
  end end_;
};

}  // namespace

std::unique_ptr<link_taker> hub_taker(const link_way& way, const link_place& at) {
  return std::make_unique<taker>(way, at);
}
std::unique_ptr<link_maker> hub_maker(const link_way& way, const link_place& at,
                                      const std::string& address) {
  return std::make_unique<maker>(way, at, address);
}

}  // namespace sluice::bench
