#include "sluice/tests/sim/link_world.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "sluice/links/batch_frame.hpp"
#include "sluice/links/incoming_channel.hpp"
#include "sluice/links/outgoing_channel.hpp"
#include "sluice/operators/credit_window.hpp"
#include "sluice/operators/outlet.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/record.hpp"
#include "sluice/sim/reproduction.hpp"
#include "sluice/sim/sim_link.hpp"

namespace sluice::sim {

namespace {

using std::chrono::milliseconds;

struct serial {
  std::uint64_t value;
};
SLUICE_RECORD(serial, value);

constexpr job_id job{{1, 2}};
constexpr std::uint64_t most_rows = 5;
constexpr std::uint64_t most_markers = 6;  // under way on a channel (docs/protocol.md 6.5)

constexpr std::uint64_t most_steps = 2'000'000;
constexpr int most_rounds = 3000;  // of 100 ms each, once all faults are over

// Number `item` of a channel in a generation: always the same, so that both ends know it.
struct made_item {
  std::uint64_t rows = 0;  // 0: a marker
  std::uint64_t first = 0;
};
made_item item_of(std::uint64_t seed, generation_id g, std::size_t channel, std::uint64_t item) {
  seeded_random random(seed ^ (g.value << 40) ^ (channel << 32) ^ item);
  return {random.once_in(4) ? 0 : random.between(1, most_rows), random.next()};
}

// What a receiving end has taken and not consumed.
struct taken {
  batch_ptr rows;  // null: a marker
  marker mark;
};

struct sender {
  generation_id generation;
  outlet out;
  outgoing_channel channel;
  std::uint64_t pushed = 0;

  sender(generation_id g, channel_id c, const credit& window, const buffer_pool& pool)
      : generation(g), out({window}), channel(job, g, c, window, pool) {}
};

struct receiver {
  generation_id generation;
  incoming_channel channel;
  credit_ledger ledger;
  std::deque<taken> queue;
  std::uint64_t consumed = 0;  // items
  credit eaten;                // rows and bytes of them

  receiver(generation_id g, channel_id c, const credit& window)
      : generation(g), channel(g, c, window), ledger(window) {}
};

class link_world {
 public:
  link_world(std::uint64_t seed, const link_size& size)
      : seed_(seed), size_(size), random_(seed), link_(faults(), random_) {
    const std::size_t channels = random_.between(1, 4);
    windows_.resize(channels);
    for (credit& w : windows_) {
      w.rows = random_.one_of<std::uint64_t>({most_rows, most_rows, 7, 12, 40});
      w.bytes = random_.one_of<std::uint64_t>({most_rows, w.rows, 100}) * sizeof(std::uint64_t);
    }
    rolls_ = random_.below(size.rolls + 1);
    begin_sending();
    begin_receiving();
  }

  link_run run() {
    while (run_.problem.empty() && !(rolls_ == 0 && all_pushed())) {
      if (++steps_ == most_steps) return broken("goes on for ever"), run_;
      step();
    }
    link_.calm();
    // Nothing is lost any more: whatever is missing comes within the longest patience.
    for (int round = 0; run_.problem.empty() && !finished(); ++round) {
      if (round == most_rounds) return broken("stands still"), run_;
      now_ += milliseconds(100);
      settle();
    }
    for (const auto& s : senders_) run_.resent += s->channel.counters().resent;
    return run_;
  }

 private:
  link_faults faults() {
    const bool none = random_.once_in(10);
    if (none) return {0, 0, 0};
    return {random_.between(1, 6), random_.between(1, 10),
            random_.one_of<std::uint64_t>({0, 50, 300})};
  }

  // --- what happens

  void step() {
    const std::size_t c = random_.below(windows_.size());
    const std::uint64_t what = random_.below(100);
    saw(what);
    if (what < 30) {
      push(c);
    } else if (what < 50) {
      write(c);
    } else if (what < 68) {
      deliver_forth();
    } else if (what < 80) {
      deliver_back();
    } else if (what < 93) {
      consume(c);
    } else if (what < 95) {
      fall_quiet(c);
    } else if (what < 98) {
      now_ += milliseconds(random_.one_of<std::int64_t>({1, 50, 200, 1000}));
      tick(c);
    } else if (random_.once_in(8)) {
      rare(c);
    }
    check();
  }

  void rare(std::size_t c) {
    if (rolls_ != 0 && random_.once_in(6)) {
      --rolls_;
      ++generation_.value;
    } else if (senders_[0]->generation != generation_ && random_.once_in(2)) {
      begin_sending();
    } else if (receivers_[0]->generation != generation_ && random_.once_in(2)) {
      begin_receiving();
    } else {
      link_.reset();
      ++run_.resets;
      if (random_.once_in(2))  // only sometimes is anybody told
        for (std::size_t i = c; i < receivers_.size(); ++i)
          if (const auto r = receivers_[i]->channel.reconnected(now_)) tell(*r);
    }
  }

  void settle() {
    if (senders_[0]->generation != generation_) begin_sending();
    if (receivers_[0]->generation != generation_) begin_receiving();
    for (std::size_t c = 0; c < windows_.size(); ++c) tick(c);
    for (bool going = true; going && run_.problem.empty();) {
      going = false;
      for (std::size_t c = 0; c < windows_.size(); ++c) {
        going |= write(c);
        while (consume(c)) going = true;
        fall_quiet(c);
      }
      while (deliver_forth()) going = true;
      while (deliver_back()) going = true;
      check();
    }
  }

  void begin_sending() {
    senders_.clear();
    for (std::uint32_t c = 0; c < windows_.size(); ++c)
      senders_.push_back(std::make_unique<sender>(generation_, channel_id{c}, windows_[c], pool_));
  }

  void begin_receiving() {
    receivers_.clear();
    for (std::uint32_t c = 0; c < windows_.size(); ++c) {
      receivers_.push_back(std::make_unique<receiver>(generation_, channel_id{c}, windows_[c]));
      receiver& r = *receivers_.back();
      tell(r.channel.open(r.ledger.open(), now_));
    }
  }

  // What the outlet sends goes into the channel.
  struct into_channel : channel_sender {
    outgoing_channel& to;
    milliseconds now;
    into_channel(outgoing_channel& t, milliseconds n) : to(t), now(n) {}
    void send(std::size_t, const batch_ptr& rows, instant watermark) override {
      to.push(rows, watermark, now);
    }
    void send(std::size_t, const marker& m) override { to.push(m, now); }
  };

  void push(std::size_t c) {
    sender& s = *senders_[c];
    const bool last = rolls_ == 0 && s.generation == generation_;
    if (s.out.blocked() || (last && s.pushed == size_.items)) return;
    const made_item made = item_of(seed_, s.generation, c, s.pushed);
    if (made.rows == 0 && s.channel.high() - s.channel.acked() >= most_markers) return;
    into_channel to(s.channel, now_);
    if (made.rows == 0) {
      s.out.push(marker{{s.pushed + 1}, made.first % 2 == 0, false, false, {1}}, to);
    } else {
      batch_builder<serial> rows{pool_, {.rows = made.rows, .bytes = SIZE_MAX}};
      for (std::uint64_t i = 0; i < made.rows; ++i) rows.push({made.first + i});
      s.out.push(0, rows.take(), {static_cast<std::int64_t>(s.pushed)}, pool_, to);
    }
    ++s.pushed;
  }

  bool write(std::size_t c) {
    auto frame = senders_[c]->channel.write(now_);
    if (!frame) return false;
    ++run_.frames;
    link_.forth.put(std::move(*frame));
    return true;
  }

  void tell(const control_frame& what) {
    auto bytes = std::make_shared<const std::string>(control_bytes(job, what).value());
    link_.back.put({bytes, *bytes});
  }

  bool deliver_forth() {
    const auto frame = link_.forth.take();
    if (!frame) return false;
    const frame_expectation of{
        {}, job, receivers_[0]->generation, [this](const frame_head& head) {
          return receivers_[head.place.channel.value]->channel.standing(head);
        }};
    const frame_finding found = find_fault(frame->bytes, of);
    saw(static_cast<std::uint64_t>(found.fault));
    if (breaks_link(found.fault)) return broken("a sound frame is called broken"), true;
    if (found.fault == frame_fault::none || found.fault == frame_fault::repeated ||
        found.fault == frame_fault::ahead)
      arrive(*frame, found.head);
    return true;
  }

  void arrive(const frame_bytes& frame, const frame_head& head) {
    receiver& r = *receivers_[head.place.channel.value];
    taken item;
    if (head.type == frame_type::rows)
      item.rows = read_rows_frame(frame, head, schema_of<serial>(), pool_, {}).value().rows;
    else
      item.mark = read_marker_frame(frame.bytes, head).value();
    const credit cost = item.rows ? credit{item.rows->size(), item.rows->bytes()} : credit{};
    const incoming_answer answer = r.channel.arrive(head, cost, now_);
    if (answer.say) tell(*answer.say);
    if (answer.what == incoming_answer::verdict::broken) broken("more came than was granted");
    if (answer.what != incoming_answer::verdict::deliver) return;
    if (item.rows) r.ledger.arrived(cost.rows, cost.bytes);
    r.queue.push_back(std::move(item));
  }

  bool deliver_back() {
    const auto frame = link_.back.take();
    if (!frame) return false;
    const frame_expectation of{
        {}, job, senders_[0]->generation, [](const frame_head&) { return frame_fault::none; }};
    const frame_finding found = find_fault(frame->bytes, of);
    saw(static_cast<std::uint64_t>(found.fault));
    if (found.fault != frame_fault::none) return true;
    const control_frame said = read_control_frame(frame->bytes, found.head).value();
    sender& s = *senders_[found.head.place.channel.value];
    const auto* resume = std::get_if<resume_frame>(&said);
    const auto raised =
        resume ? s.channel.take(*resume, now_) : s.channel.take(std::get<grant_frame>(said), now_);
    into_channel to(s.channel, now_);
    if (raised) s.out.grant(0, *raised, to);
    return true;
  }

  // The stage has dealt with the next item: is it the one that was sent?
  bool consume(std::size_t c) {
    receiver& r = *receivers_[c];
    if (r.queue.empty()) return false;
    const taken item = r.queue.front();
    r.queue.pop_front();
    const made_item made = item_of(seed_, r.generation, c, r.consumed);
    bool same = (item.rows ? item.rows->size() : 0) == made.rows;
    if (item.rows && same)
      for (std::uint64_t i = 0; i < made.rows; ++i)
        same = same && item.rows->values<std::uint64_t>(0)[i] == made.first + i;
    if (!item.rows) same = same && item.mark.epoch == epoch_id{r.consumed + 1};
    if (!same)
      broken("channel " + std::to_string(c) + ": item " + std::to_string(r.consumed) +
             " is not the one that was sent");
    ++r.consumed;
    if (!item.rows) return true;
    r.eaten = {r.eaten.rows + item.rows->size(), r.eaten.bytes + item.rows->bytes()};
    if (const auto limit = r.ledger.consumed(item.rows->size(), item.rows->bytes()))
      tell(r.channel.granted(*limit));
    return true;
  }

  void fall_quiet(std::size_t c) {
    receiver& r = *receivers_[c];
    if (const auto limit = r.ledger.quiet()) tell(r.channel.granted(*limit));
  }

  void tick(std::size_t c) {
    if (const auto say = receivers_[c]->channel.tick(now_)) tell(*say);
  }

  // --- what must hold

  void check() {
    for (std::size_t c = 0; c < windows_.size(); ++c) {
      const sender& s = *senders_[c];
      const receiver& r = *receivers_[c];
      const credit& window = windows_[c];
      if (r.ledger.queued_rows() > window.rows || r.ledger.queued_bytes() > window.bytes)
        broken("I9: more waits than the window");
      if (s.generation != r.generation) continue;
      if (s.channel.acked() > r.channel.consumed() || r.channel.consumed() > r.channel.expected() ||
          r.channel.expected() > s.channel.high() || s.channel.next() > s.channel.high())
        broken("I7: consumed, arrived, sent do not follow each other");
      if (s.channel.limit().rows > r.eaten.rows + window.rows ||
          s.channel.limit().bytes > r.eaten.bytes + window.bytes)
        broken("I7: the limit goes beyond what was consumed and the window");
    }
  }

  bool all_pushed() const {
    return std::all_of(senders_.begin(), senders_.end(), [this](const auto& s) {
      return s->generation == generation_ && s->pushed == size_.items;
    });
  }

  bool finished() const {
    if (!all_pushed() || link_.forth.size() + link_.back.size() != 0) return false;
    for (std::size_t c = 0; c < windows_.size(); ++c)
      if (receivers_[c]->generation != generation_ || receivers_[c]->consumed != size_.items ||
          senders_[c]->channel.acked() != senders_[c]->channel.high() ||
          senders_[c]->out.window(0).rows_left() != windows_[c].rows ||
          senders_[c]->out.window(0).bytes_left() != windows_[c].bytes)
        return false;
    return true;
  }

  void broken(const std::string& what) {
    if (run_.problem.empty()) run_.problem = "seed " + std::to_string(seed_) + ": " + what;
  }

  void saw(std::uint64_t what) { run_.trace = (run_.trace ^ what) * 0x100000001b3u + now_.count(); }

  std::uint64_t seed_;
  link_size size_;
  seeded_random random_;
  buffer_pool pool_;
  sim_link link_;
  std::vector<credit> windows_;  // one per channel
  std::vector<std::unique_ptr<sender>> senders_;
  std::vector<std::unique_ptr<receiver>> receivers_;
  std::uint64_t rolls_ = 0;  // rollbacks to come
  std::uint64_t steps_ = 0;
  generation_id generation_{1};
  milliseconds now_{0};
  link_run run_;
};

}  // namespace

link_run run_link(std::uint64_t seed, const link_size& size) {
  const reproduction line("links", seed);
  return link_world(seed, size).run();
}

}  // namespace sluice::sim
