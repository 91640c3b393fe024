#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "sluice/links/hub.hpp"
#include "sluice/operators/credit_window.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

/// Where the hubs of a test listen.
enum class transport { ipc, tcp };

/// A process of its own, as far as its hub can tell: outlets that send serial numbers as fast as
/// credit lets them, with a marker behind every seventh batch, and inlets that consume and check
/// what comes. Whatever arrives is noted; `until` waits for it.
class hub_end : public hub_listener {
 public:
  static constexpr std::uint64_t rows_of_batch = 8;
  static constexpr credit one_batch{rows_of_batch, rows_of_batch * sizeof(std::uint64_t)};
  static constexpr credit ten_batches{10 * one_batch.rows, 10 * one_batch.bytes};

  hub_end(std::string node, transport over, std::uint64_t incarnation = 1, std::uint64_t graph = 1,
          std::optional<hub_keys> keys = {});
  ~hub_end() override;

  hub& own() { return *running_; }
  void join(hub_end& peer);
  void begin(std::uint64_t generation, std::vector<hub_channel> channels);

  /// Lets the outlet of `channel` send that many batches more.
  void send_batches(std::uint32_t channel, std::uint64_t count);
  /// Opens the inlet of `channel`. It consumes at once, or not before `consume`.
  void open_inlet(std::uint32_t channel, bool consumes = true);
  void consume(std::uint32_t channel);
  /// Ends the hub as if the process had been killed.
  void kill();

  /// Waits until `what`, asked whenever something happens, is so; false after half a minute.
  bool until(const std::function<bool()>& what);

  // What has come. Read within `until`, or behind `look`.
  std::uint64_t batches(std::uint32_t channel) {
    return look([&] { return inlets_[channel].batches; });
  }
  std::uint64_t markers(std::uint32_t channel) {
    return look([&] { return inlets_[channel].markers; });
  }
  std::uint64_t sent(std::uint32_t channel) {
    return look([&] { return outlets_[channel].sent; });
  }
  std::vector<std::string> wrong() {
    return look([&] { return wrong_; });
  }
  std::vector<std::string> broken_channels() {
    return look([&] { return broken_; });
  }
  std::vector<std::string> peers() {
    return look([&] { return peers_; });
  }
  std::vector<control_frame> heard() {
    return look([&] { return heard_; });
  }
  std::vector<std::uint64_t> begun_generations() {
    return look([&] { return begun_; });
  }
  std::vector<std::string> logged() {
    return look([&] { return logged_; });
  }
  /// True if the whole window of the outlet's channel is free again.
  bool quiet(std::uint32_t channel);

  void begun(generation_id generation) override;
  void arrived(channel_id channel, batch_ptr rows, instant watermark) override;
  void arrived(channel_id channel, const marker& m) override;
  void limit(channel_id channel, const credit& up_to) override;
  void told(const std::string& peer, control_frame frame) override;
  void broken(channel_id channel, const std::string& cause) override;
  void peer_seen(const std::string& peer, incarnation_id incarnation) override;
  void peer_lost(const std::string& peer) override;

 private:
  struct outlet_state {
    credit window;
    credit_window room;
    std::uint64_t allowed = 0;
    std::uint64_t sent = 0;
  };
  struct inlet_state {
    credit_ledger ledger{one_batch};
    bool consumes = true;
    std::uint64_t waiting = 0;  // batches that are not consumed
    std::uint64_t batches = 0;
    std::uint64_t markers = 0;
  };

  template <class Question>
  std::invoke_result_t<Question> look(Question question) {
    const std::lock_guard lock(mutex_);
    return question();
  }
  void pump(std::uint32_t channel);
  void eat(std::uint32_t channel);
  void note(std::vector<std::string>& list, const std::string& what);

  std::recursive_mutex mutex_;
  std::condition_variable_any happened_;
  std::map<std::uint32_t, outlet_state> outlets_;
  std::map<std::uint32_t, inlet_state> inlets_;
  std::vector<std::string> wrong_, broken_, peers_, logged_;
  std::vector<control_frame> heard_;
  std::vector<std::uint64_t> begun_;
  buffer_pool pool_;
  scratch_folder folder_;
  std::string node_;
  std::unique_ptr<hub> hub_;
  hub* running_ = nullptr;  // until the end of `hub_`, which still tells this
};

/// The port of a `tcp://` endpoint.
std::uint16_t port_of(const std::string& endpoint);
std::string tcp_endpoint(std::uint16_t port);

inline constexpr job_id hub_job{{0x5151, 0x1515}};
const schema& serial_schema();

/// The channel from `from` to `to`, as each end sees it.
hub_channel outlet_of(std::uint32_t channel, const std::string& to,
                      credit window = hub_end::one_batch);
hub_channel inlet_of(std::uint32_t channel, const std::string& from,
                     credit window = hub_end::one_batch);

}  // namespace sluice
