#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sluice/actors/link_port.hpp"

namespace sluice {

/// A port to other nodes that writes down what it is given.
class recording_port final : public link_port {
 public:
  void begin(generation_id generation, std::vector<hub_channel> channels) override {
    begun.emplace_back(generation, std::move(channels));
  }
  void send(channel_id channel, batch_ptr rows, instant) override {
    rows_sent.emplace_back(channel.value, rows->size());
    sole_owner.push_back(rows.use_count() == 1);
  }
  void send(channel_id channel, const marker& m) override {
    markers_sent.emplace_back(channel.value, m);
  }
  void grant(channel_id channel, const credit& limit) override {
    grants.emplace_back(channel.value, limit);
  }
  void tell(const std::string& node, control_frame frame) override {
    told.emplace_back(node, std::move(frame));
  }

  /// What was told to `node`, of one kind.
  template <class Frame>
  std::vector<Frame> frames(const std::string& node) const {
    std::vector<Frame> all;
    for (const auto& [to, frame] : told)
      if (const auto* one = std::get_if<Frame>(&frame); one && to == node) all.push_back(*one);
    return all;
  }

  std::vector<std::pair<generation_id, std::vector<hub_channel>>> begun;
  std::vector<std::pair<std::uint32_t, std::size_t>> rows_sent;
  std::vector<bool> sole_owner;  ///< Whether nobody else held the rows.
  std::vector<std::pair<std::uint32_t, marker>> markers_sent;
  std::vector<std::pair<std::uint32_t, credit>> grants;
  std::vector<std::pair<std::string, control_frame>> told;
};

}  // namespace sluice
