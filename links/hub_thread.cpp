#include "sluice/links/hub_thread.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

#include "sluice/records/assert.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;

constexpr auto tick_every = 50ms;
constexpr auto beat_every = 200ms;
constexpr auto failure_deadline = 1'500ms;
// A hub that was stopped for longer has not been listening: nobody is lost for that.
constexpr auto most_absence = 500ms;

}  // namespace

command_queue::command_queue() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  SLUICE_ASSERT(descriptor_ >= 0, "the process may have one more descriptor");
}

command_queue::~command_queue() { ::close(descriptor_); }

void command_queue::put(hub_command command) {
  const std::lock_guard lock(mutex_);
  commands_.push_back(std::move(command));
  if (commands_.size() != 1) return;  // the thread knows
  const std::uint64_t one = 1;
  SLUICE_ASSERT(::write(descriptor_, &one, sizeof one) == sizeof one, "the hub can be woken");
}

void command_queue::take(std::vector<hub_command>& to) {
  to.clear();
  const std::lock_guard lock(mutex_);
  if (commands_.empty()) return;
  std::uint64_t times = 0;
  SLUICE_ASSERT(::read(descriptor_, &times, sizeof times) == sizeof times, "the hub was woken");
  to.swap(commands_);
}

hub_thread::hub_thread(hub_options options, hub_listener& listener, zmq::context_t& context,
                       hub_sockets sockets)
    : options_(std::move(options)),
      listener_(listener),
      context_(context),
      door_(std::move(sockets.door)),
      data_(std::move(sockets.data)),
      control_(std::move(sockets.control)) {}

void hub_thread::run(command_queue& commands) {
  std::vector<hub_command> batch;
  say_if_insecure();
  while (!ending_ || (now_ < ends_at_ && !all_acknowledged())) {
    wait(commands);
    commands.take(batch);
    take(batch);
    for (auto& [name, peer] : peers_) {
      tend(peer, peer.control_line);
      tend(peer, peer.data_line);
    }
    more_ = false;
    watch_door();
    drain(port::control);
    for (auto& [name, peer] : peers_) drain(peer, peer.control_line);
    drain(port::data);
    for (auto& [name, peer] : peers_) drain(peer, peer.data_line);
    if (now_ - ticked_ >= tick_every) tick();
    for (auto& [id, channel] : outgoing_) write(channel);
    for (auto& [name, peer] : peers_) flush(peer);
  }
  close();
  publish();
}

// Of whoever can still be heard. A frame that was written is not one that was taken: its connection
// may end, or frames before it be on their way again.
bool hub_thread::all_acknowledged() const {
  return std::all_of(peers_.begin(), peers_.end(), [](const auto& named) {
    const hub_peer& peer = named.second;
    return !peer.seen() || peer.lost || peer.control.kept() == 0;
  });
}

void hub_thread::close() {
  const milliseconds linger = ending_->patience;
  for (auto& [name, peer] : peers_)
    for (hub_line* line : {&peer.data_line, &peer.control_line})
      if (line->line) line->line->linger(linger);
  data_->linger(linger);
  control_->linger(linger);
}

void hub_thread::wait(const command_queue& commands) {
  polled_.clear();
  polled_.push_back({nullptr, commands.descriptor(), ZMQ_POLLIN, 0});
  const auto watch = [this](zmq::socket_ref socket) {
    polled_.push_back({socket.handle(), 0, ZMQ_POLLIN, 0});
  };
  if (door_) watch(door_->keeper.socket());
  for (bound_port* port : {data_.get(), control_.get()}) {
    watch(port->socket());
    watch(port->monitor());
  }
  for (auto& [name, peer] : peers_)
    for (hub_line* line : {&peer.data_line, &peer.control_line})
      if (line->line) {
        watch(line->line->socket());
        watch(line->line->monitor());
      }
  const auto patience = more_ ? 0ms : tick_every;
  if (zmq_poll(polled_.data(), int(polled_.size()), patience.count()) < 0 && zmq_errno() != EINTR)
    throw zmq::error_t();
  const milliseconds before = now_;
  now_ = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin_);
  if (now_ - before > most_absence)
    for (auto& [name, peer] : peers_) peer.heard += now_ - before;
}

// --- commands

void hub_thread::take(std::vector<hub_command>& commands) {
  if (commands.empty()) return;
  // Whoever ends without patience does not begin anything before it.
  if (const auto* end = std::get_if<end_command>(&commands.back()); end && end->patience == 0ms)
    commands.erase(commands.begin(), commands.end() - 1);
  for (hub_command& command : commands) std::visit([this](auto& c) { done(c); }, command);
}

void hub_thread::done(join_command& c) {
  hub_peer& peer = peer_named(c.peer);
  peer.left = false;
  aim(peer.data_line, c.data);
  aim(peer.control_line, c.control);
}

void hub_thread::aim(hub_line& line, const std::string& endpoint) {
  if (line.endpoint == endpoint) return;
  line = {};
  line.endpoint = endpoint;
  line.make_at = now_;
}

void hub_thread::done(leave_command& c) {
  hub_peer& peer = peer_named(c.peer);
  give_up_all(peer, "this process has left " + c.peer);
  visits_[0].erase(peer.on_data.connection);
  visits_[1].erase(peer.on_control.connection);
  seen_.told_again += peer.control.counters().resent;
  peer = {};
  peer.name = c.peer;
  peer.left = true;
}

void hub_thread::done(begin_command& c) {
  SLUICE_ASSERT(c.generation > generation_, "generations grow");
  count_channels(seen_);
  outgoing_.clear();
  incoming_.clear();
  generation_ = c.generation;
  for (const hub_channel& channel : c.channels) open_channel(channel);
  for (auto& [name, peer] : peers_) peer.control.forget_before(generation_);
  listener_.begun(generation_);
}

void hub_thread::open_channel(const hub_channel& c) {
  hub_peer* const peer = &peer_named(c.peer);
  if (c.outgoing) {
    outgoing_.insert(
        {c.channel,
         {c.channel, peer, {options_.job, generation_, c.channel, c.window, options_.pool}}});
    return;
  }
  SLUICE_ASSERT(c.fields != nullptr, "an inlet knows the record of its rows");
  frame_limits limits;
  limits.rows = static_cast<std::uint32_t>(std::min<std::uint64_t>(c.window.rows, UINT32_MAX));
  incoming_.insert(
      {c.channel,
       {c.channel, peer, {generation_, c.channel, c.window}, {*c.fields, c.combined}, limits}});
}

void hub_thread::done(rows_command& c) {
  const auto found = outgoing_.find(c.channel);
  if (found == outgoing_.end())
    ++seen_.without_channel;
  else if (!found->second.broken)
    found->second.rules.push(std::move(c.rows), c.watermark, now_);
}

void hub_thread::done(marker_command& c) {
  const auto found = outgoing_.find(c.channel);
  if (found == outgoing_.end())
    ++seen_.without_channel;
  else if (!found->second.broken)
    found->second.rules.push(c.m, now_);
}

void hub_thread::done(grant_command& c) {
  const auto found = incoming_.find(c.channel);
  if (found == incoming_.end()) {
    ++seen_.without_channel;
    return;
  }
  hub_incoming& channel = found->second;
  if (channel.broken) return;
  if (std::exchange(channel.opened, true))
    say(channel, channel.rules.granted(c.limit));
  else
    say(channel, channel.rules.open(c.limit, now_));
}

void hub_thread::done(tell_command& c) {
  hub_peer& peer = peer_named(c.peer);
  if (place_of(c.frame).generation >= generation_) peer.control.push(std::move(c.frame));
}

void hub_thread::done(end_command& c) {
  ending_ = c;
  ends_at_ = now_ + c.patience;
}

// --- time

void hub_thread::tick() {
  ticked_ = now_;
  for (auto& [id, channel] : incoming_)
    if (!channel.broken)
      if (const auto again = channel.rules.tick(now_)) say(channel, *again);
  const bool beats = now_ - beaten_ >= beat_every;
  if (beats) beaten_ = now_;
  for (auto& [name, peer] : peers_) {
    peer.control.tick(now_);
    if (beats) beat(peer);
    if (!peer.seen() || peer.lost || now_ - peer.heard <= failure_deadline) continue;
    peer.lost = true;
    listener_.peer_lost(name);
  }
  publish();
}

void hub_thread::publish() {
  hub_counters now = seen_;
  count_channels(now);
  for (const auto& [name, peer] : peers_) now.told_again += peer.control.counters().resent;
  const std::lock_guard lock(shown_mutex_);
  shown_ = now;
}

void hub_thread::count_channels(hub_counters& into) const {
  for (const auto& [id, channel] : outgoing_) into.resent += channel.rules.counters().resent;
  for (const auto& [id, channel] : incoming_) {
    into.repeated += channel.rules.counters().repeated;
    into.ahead += channel.rules.counters().ahead;
    into.resumes += channel.rules.counters().resumes;
  }
}

hub_counters hub_thread::counters() const {
  const std::lock_guard lock(shown_mutex_);
  return shown_;
}

// --- what all need

// What the sender's end has to say goes back on the connection on which the rows come.
void hub_thread::say(hub_incoming& channel, const control_frame& what) {
  const std::string& to = channel.peer->on_data.connection;
  if (!to.empty()) data_->send(to, bytes_of(what));
}

void hub_thread::write(hub_outgoing& channel) {
  hub_line& line = channel.peer->data_line;
  if (channel.broken || !line.up) return;
  while (auto frame = channel.rules.write(now_)) {
    ++seen_.frames_sent;
    seen_.bytes_sent += frame->bytes.size();
    if (!line.line->send(std::move(*frame))) return;  // comes again on the next connection
  }
}

template <class Channel>
void hub_thread::give_up(Channel& channel, const std::string& cause) {
  if (std::exchange(channel.broken, true)) return;
  listener_.broken(channel.channel, cause);
}
template void hub_thread::give_up(hub_incoming&, const std::string&);
template void hub_thread::give_up(hub_outgoing&, const std::string&);

void hub_thread::give_up_all(const hub_peer& peer, const std::string& cause) {
  for (auto& [id, channel] : outgoing_)
    if (channel.peer == &peer) give_up(channel, cause);
  for (auto& [id, channel] : incoming_)
    if (channel.peer == &peer) give_up(channel, cause);
}

hub_peer& hub_thread::peer_named(const std::string& name) {
  hub_peer& peer = peers_[name];
  peer.name = name;
  return peer;
}

frame_bytes hub_thread::bytes_of(const control_frame& frame, std::uint64_t seq) const {
  auto bytes = std::make_shared<const std::string>(control_bytes(options_.job, frame, seq).value());
  return {bytes, *bytes};
}

frame_bytes hub_thread::hello() const {
  return bytes_of(hello_frame{options_.job, options_.graph, frame_version, options_.node,
                              options_.incarnation, generation_});
}

void hub_thread::log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

}  // namespace sluice
