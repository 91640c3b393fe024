#pragma once

#include <string>
#include <vector>

#include "sluice/links/hub.hpp"

namespace sluice {

/// How the actors of this process reach those of other nodes: a hub, or a simulated one. From any
/// thread; nothing blocks. What each function does, and may be called for, is said at `hub`.
class link_port {
 public:
  virtual ~link_port() = default;
  virtual void begin(generation_id generation, std::vector<hub_channel> channels) = 0;
  virtual void send(channel_id channel, batch_ptr rows, instant watermark) = 0;
  virtual void send(channel_id channel, const marker& m) = 0;
  virtual void grant(channel_id channel, const credit& limit) = 0;
  virtual void tell(const std::string& node, control_frame frame) = 0;
};

/// The port of a real hub, which outlives it.
class hub_port final : public link_port {
 public:
  explicit hub_port(hub& over) : hub_(over) {}
  void begin(generation_id generation, std::vector<hub_channel> channels) override {
    hub_.begin(generation, std::move(channels));
  }
  void send(channel_id channel, batch_ptr rows, instant watermark) override {
    hub_.send(channel, std::move(rows), watermark);
  }
  void send(channel_id channel, const marker& m) override { hub_.send(channel, m); }
  void grant(channel_id channel, const credit& limit) override { hub_.grant(channel, limit); }
  void tell(const std::string& node, control_frame frame) override {
    hub_.tell(node, std::move(frame));
  }

 private:
  hub& hub_;
};

}  // namespace sluice
