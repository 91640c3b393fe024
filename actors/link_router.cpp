#include "sluice/actors/link_router.hpp"

#include <utility>

#include "sluice/actors/report_bytes.hpp"

namespace sluice {

namespace {

template <class Key>
const caf::actor* find(const std::map<Key, caf::actor>& in, const Key& key) {
  const auto found = in.find(key);
  return found == in.end() ? nullptr : &found->second;
}

}  // namespace

// Tells an actor what a frame says; false for a frame that is for the node.
struct link_router::for_actors {
  const link_routes& to;

  template <class M>
  void coordinator(M message) const {
    if (to.coordinator) seam::post(to.coordinator, std::move(message));
  }

  bool operator()(const open_frame& f) const {
    if (const auto* source = find(to.sources, f.number))
      seam::post(*source, open_message{f.epoch, f.commit, f.last});
    return true;
  }
  bool operator()(const commit_frame& f) const {
    if (const auto* sink = find(to.sinks, f.number))
      seam::post(*sink, commit_message{f.decided_by, f.epoch});
    return true;
  }
  bool operator()(const pace_frame& f) const {
    for (const auto& [number, source] : to.sources) seam::post(source, pace_message{f.slowest});
    return true;
  }
  bool operator()(const drain_frame&) const {
    for (const auto& [number, source] : to.sources) seam::post(source, drain_message{});
    return true;
  }
  bool operator()(const report_request_frame&) const {
    for (const auto& one : to.all) seam::post(one, report_request{});
    return true;
  }
  bool operator()(const exhausted_frame& f) const {
    coordinator(exhausted_message{f.number});
    return true;
  }
  bool operator()(const passed_frame& f) const {
    coordinator(passed_message{f.number, f.m});
    return true;
  }
  bool operator()(const progress_frame& f) const {
    coordinator(progress_message{f.number, f.watermark, f.idle});
    return true;
  }
  bool operator()(const ack_frame& f) const {
    coordinator(answer_message{f.number, f.generation, f.epoch, f.snapshot});
    return true;
  }
  bool operator()(const report_frame& f) const {
    auto report = read_report(f.bytes);
    if (report)
      coordinator(std::move(report).value());
    else
      coordinator(failed_message{"report", report.failure().message});
    return true;
  }
  bool operator()(const link_broken_frame& f) const {
    coordinator(
        failed_message{"link", "channel " + std::to_string(f.channel.value) + ": " + f.cause});
    return true;
  }
  template <class Frame>
  bool operator()(const Frame&) const {
    return false;
  }
};

void link_router::prepare(link_routes next) {
  const std::lock_guard lock(mutex_);
  next_ = std::move(next);
}

void link_router::forget() {
  const std::lock_guard lock(mutex_);
  next_ = {};
  now_ = {};
}

void link_router::begun(generation_id generation) {
  const std::lock_guard lock(mutex_);
  now_ = {};
  if (next_.generation == generation) now_ = std::exchange(next_, {});
}

void link_router::arrived(channel_id channel, batch_ptr rows, instant watermark) {
  const std::lock_guard lock(mutex_);
  const auto found = now_.inlets.find(channel);
  if (found == now_.inlets.end()) return;
  seam::post(found->second.actor, rows_message{found->second.channel, std::move(rows), watermark});
}

void link_router::arrived(channel_id channel, const marker& m) {
  const std::lock_guard lock(mutex_);
  const auto found = now_.inlets.find(channel);
  if (found == now_.inlets.end()) return;
  seam::post(found->second.actor, marker_message{found->second.channel, m});
}

void link_router::limit(channel_id channel, const credit& up_to) {
  const std::lock_guard lock(mutex_);
  const auto found = now_.outlets.find(channel);
  if (found == now_.outlets.end()) return;
  seam::post(found->second.actor, credit_message{found->second.channel, up_to});
}

void link_router::told(const std::string& peer, control_frame frame) {
  {
    const std::lock_guard lock(mutex_);
    if (place_of(frame).generation == now_.generation && std::visit(for_actors{now_}, frame))
      return;
  }
  events_(frame_event{peer, std::move(frame)});
}

void link_router::broken(channel_id channel, const std::string& cause) {
  generation_id generation;
  {
    const std::lock_guard lock(mutex_);
    generation = now_.generation;
    if (now_.coordinator)
      seam::post(now_.coordinator,
                 failed_message{"link", "channel " + std::to_string(channel.value) + ": " + cause});
  }
  events_(link_broken_event{generation, channel, cause});
}

void link_router::peer_seen(const std::string& peer, incarnation_id incarnation) {
  events_(peer_seen_event{peer, incarnation});
}

void link_router::peer_lost(const std::string& peer) { events_(peer_lost_event{peer}); }

}  // namespace sluice
