#include "sluice/tests/links/hub_end.hpp"

#include <stdexcept>
#include <utility>

#include "sluice/records/batch.hpp"
#include "sluice/records/record.hpp"

namespace sluice {

namespace {

struct serial {
  std::uint64_t value;
};
SLUICE_RECORD(serial, value);

constexpr std::uint64_t batches_of_epoch = 7;
constexpr std::chrono::seconds deadline{30};

}  // namespace

const schema& serial_schema() { return schema_of<serial>(); }

std::uint16_t port_of(const std::string& endpoint) {
  return static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
}

std::string tcp_endpoint(std::uint16_t port) { return "tcp://127.0.0.1:" + std::to_string(port); }

hub_channel outlet_of(std::uint32_t channel, const std::string& to, credit window) {
  return {{channel}, to, true, window, nullptr};
}

hub_channel inlet_of(std::uint32_t channel, const std::string& from, credit window) {
  return {{channel}, from, false, window, &serial_schema()};
}

hub_end::hub_end(std::string node, transport over, std::uint64_t incarnation, std::uint64_t graph,
                 std::optional<hub_keys> keys)
    : node_(std::move(node)) {
  hub_options options;
  options.job = hub_job;
  options.graph = {graph};
  options.node = node_;
  options.incarnation = {{7, incarnation}};
  const bool ipc = over == transport::ipc;
  options.data = ipc ? "ipc://" + folder_.file("data") : tcp_endpoint(0);
  options.control = ipc ? "ipc://" + folder_.file("control") : tcp_endpoint(0);
  options.pool = pool_;
  options.keys = std::move(keys);
  options.log = [this](const std::string& line) { note(logged_, line); };
  auto opened = hub::open(std::move(options), *this);
  if (!opened) throw std::runtime_error(opened.failure().message);
  hub_ = std::move(opened).value();
  running_ = hub_.get();
}

hub_end::~hub_end() { hub_.reset(); }

void hub_end::join(hub_end& peer) {
  own().join(peer.node_, peer.own().data_address(), peer.own().control_address());
}

void hub_end::begin(std::uint64_t generation, std::vector<hub_channel> channels) {
  const std::lock_guard lock(mutex_);
  outlets_.clear();
  inlets_.clear();
  for (const hub_channel& c : channels) {
    if (c.outgoing)
      outlets_[c.channel.value].window = c.window;
    else
      inlets_[c.channel.value].ledger = credit_ledger(c.window);
  }
  own().begin({generation}, std::move(channels));
}

void hub_end::send_batches(std::uint32_t channel, std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  outlets_[channel].allowed += count;
  pump(channel);
}

void hub_end::open_inlet(std::uint32_t channel, bool consumes) {
  const std::lock_guard lock(mutex_);
  inlet_state& in = inlets_[channel];
  in.consumes = consumes;
  own().grant({channel}, in.ledger.open());
}

void hub_end::consume(std::uint32_t channel) {
  const std::lock_guard lock(mutex_);
  inlets_[channel].consumes = true;
  eat(channel);
}

void hub_end::kill() { own().abort(); }

bool hub_end::until(const std::function<bool()>& what) {
  std::unique_lock lock(mutex_);
  const auto end = std::chrono::steady_clock::now() + deadline;
  // Counters of the hub change without a call: they are asked for again from time to time.
  while (!what()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    happened_.wait_for(lock, std::chrono::milliseconds(20));
  }
  return true;
}

bool hub_end::quiet(std::uint32_t channel) {
  return look([&] {
    const outlet_state& out = outlets_[channel];
    return out.room.rows_left() == out.window.rows && out.room.bytes_left() == out.window.bytes;
  });
}

void hub_end::pump(std::uint32_t channel) {
  outlet_state& out = outlets_[channel];
  while (out.sent < out.allowed && out.room.admits(one_batch.rows, one_batch.bytes)) {
    batch_builder<serial> rows{pool_, {.rows = rows_of_batch, .bytes = SIZE_MAX}};
    for (std::uint64_t i = 0; i < rows_of_batch; ++i) rows.push({out.sent * rows_of_batch + i});
    out.room.spend(one_batch.rows, one_batch.bytes);
    ++out.sent;
    own().send({channel}, rows.take(), {static_cast<std::int64_t>(out.sent)});
    if (out.sent % batches_of_epoch == 0)
      own().send({channel}, marker{{out.sent / batches_of_epoch}, true, false, false, {5}});
  }
}

void hub_end::begun(generation_id generation) {
  const std::lock_guard lock(mutex_);
  begun_.push_back(generation.value);
  happened_.notify_all();
}

void hub_end::limit(channel_id channel, const credit& up_to) {
  const std::lock_guard lock(mutex_);
  outlets_[channel.value].room.raise(up_to);
  pump(channel.value);
  happened_.notify_all();
}

void hub_end::arrived(channel_id channel, batch_ptr rows, instant watermark) {
  const std::lock_guard lock(mutex_);
  inlet_state& in = inlets_[channel.value];
  bool right = rows->size() == rows_of_batch && in.markers == in.batches / batches_of_epoch &&
               watermark.us == static_cast<std::int64_t>(in.batches + 1);
  for (std::uint64_t i = 0; right && i < rows_of_batch; ++i)
    right = rows->values<std::uint64_t>(0)[i] == in.batches * rows_of_batch + i;
  if (!right) note(wrong_, "batch " + std::to_string(in.batches));
  ++in.batches;
  in.ledger.arrived(rows->size(), rows->bytes());
  ++in.waiting;
  if (in.consumes) eat(channel.value);
  happened_.notify_all();
}

void hub_end::arrived(channel_id channel, const marker& m) {
  const std::lock_guard lock(mutex_);
  inlet_state& in = inlets_[channel.value];
  ++in.markers;
  if (m != marker{{in.markers}, true, false, false, {5}} ||
      in.batches != in.markers * batches_of_epoch)
    note(wrong_, "marker " + std::to_string(m.epoch.value));
  happened_.notify_all();
}

void hub_end::eat(std::uint32_t channel) {
  inlet_state& in = inlets_[channel];
  for (; in.waiting != 0; --in.waiting)
    if (const auto limit = in.ledger.consumed(one_batch.rows, one_batch.bytes))
      own().grant({channel}, *limit);
  if (const auto limit = in.ledger.quiet()) own().grant({channel}, *limit);
}

void hub_end::told(const std::string&, control_frame frame) {
  const std::lock_guard lock(mutex_);
  heard_.push_back(std::move(frame));
  happened_.notify_all();
}

void hub_end::broken(channel_id channel, const std::string& cause) {
  note(broken_, std::to_string(channel.value) + ": " + cause);
}

void hub_end::peer_seen(const std::string& peer, incarnation_id incarnation) {
  note(peers_, peer + " " + std::to_string(incarnation.value[1]));
}

void hub_end::peer_lost(const std::string& peer) { note(peers_, peer + " lost"); }

void hub_end::note(std::vector<std::string>& list, const std::string& what) {
  const std::lock_guard lock(mutex_);
  list.push_back(what);
  happened_.notify_all();
}

}  // namespace sluice
