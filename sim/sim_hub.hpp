#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "sluice/actors/link_port.hpp"
#include "sluice/links/batch_frame.hpp"
#include "sluice/links/control_channel.hpp"
#include "sluice/links/incoming_channel.hpp"
#include "sluice/links/outgoing_channel.hpp"
#include "sluice/sim/sim_network.hpp"

namespace sluice::sim {

/// The hub of one process on a simulated network: the same rules as `hub_thread`, without sockets
/// and thread. What it is asked for is done later, one after the other, as it is there.
class sim_hub final : public link_port, public network_end {
 public:
  using milliseconds = std::chrono::milliseconds;

  struct options {
    job_id job;
    graph_hash graph;
    sim_process_name self;
    std::vector<std::string> peers;  ///< All other nodes.
    buffer_pool pool;
  };

  /// `listener` and `network` outlive it.
  sim_hub(options chosen, hub_listener& listener, sim_network& network);

  void begin(generation_id generation, std::vector<hub_channel> channels) override;
  void send(channel_id channel, batch_ptr rows, instant watermark) override;
  void send(channel_id channel, const marker& m) override;
  void grant(channel_id channel, const credit& limit) override;
  void tell(const std::string& node, control_frame frame) override;

  /// `now` is the time of all nodes; it never goes back.
  void set_time(milliseconds now);
  /// Whether there is something to be done that may be. A begin is held back until `release`.
  bool asked() const;
  void do_one();
  void hold_begin() { held_ = true; }
  void release() { held_ = false; }
  /// Every 50 ms.
  void tick();
  /// The process stood still for `gap`.
  void was_away(milliseconds gap);

  void arrived(const connection_ref& on, bool at_server, const frame_bytes& frame) override;
  void disconnected(const connection_ref& which) override;

  generation_id generation() const { return generation_; }
  /// What no hub sends to another; empty if nothing was.
  const std::string& problem() const { return problem_; }
  std::uint64_t resent() const;
  /// For a run that stands still.
  std::string waiting() const;

 private:
  struct line {
    port_kind port = port_kind::data;
    connection_ref connection;
    milliseconds make_at{};
    milliseconds back_off{50};
    milliseconds connected_at{};
    bool up = false;
  };
  struct peer {
    std::string name;
    incarnation_id incarnation;
    std::vector<incarnation_id> former;
    bool lost = false;
    milliseconds heard{};
    control_channel control;
    bool owes_answer = false;
    line data_line{.port = port_kind::data, .connection = {}};
    line control_line{.port = port_kind::control, .connection = {}};
    connection_ref on_data;               // the newest connection of it to our port
    connection_ref on_control;            // likewise
    std::vector<connection_ref> doubted;  // whose hello may be of a dead process
    milliseconds fenced_at{-2'000};

    bool seen() const { return incarnation != incarnation_id{}; }
  };
  struct outgoing {
    peer* to;
    outgoing_channel rules;
    bool broken = false;
  };
  struct incoming {
    peer* from;
    incoming_channel rules;
    channel_fields fields;
    frame_limits limits;
    bool opened = false;
    bool broken = false;
  };
  struct begin_asked {
    generation_id generation;
    std::vector<hub_channel> channels;
  };
  struct rows_asked {
    channel_id channel;
    batch_ptr rows;
    instant watermark;
  };
  struct marker_asked {
    channel_id channel;
    marker m;
  };
  struct grant_asked {
    channel_id channel;
    credit limit;
  };
  struct tell_asked {
    std::string peer;
    control_frame frame;
  };
  using asked_for = std::variant<begin_asked, rows_asked, marker_asked, grant_asked, tell_asked>;

  void done(begin_asked& a);
  void done(rows_asked& a);
  void done(marker_asked& a);
  void done(grant_asked& a);
  void done(tell_asked& a);

  void tend(peer& p, line& l);
  void drop(line& l);
  void greeted(peer& p, const connection_ref& on);
  void answered(peer& p, line& l, const hello_frame& hello);
  bool doubtful(const peer& p, incarnation_id incarnation) const;
  bool meet(peer& p, incarnation_id incarnation);
  void heard(peer& p);
  void rows_arrived(peer& p, const connection_ref& on, const frame_bytes& frame,
                    const frame_finding& found);
  void credit_arrived(peer& p, const connection_ref& on, std::string_view frame,
                      const frame_finding& found);
  void control_arrived(peer& p, std::string_view frame, const frame_finding& found);
  void fenced(peer& p, const frame_finding& found);
  bool may_fence(peer& p);
  frame_fault standing(const peer& p, bool at_server, const frame_head& head) const;

  bool reachable(const peer& p) const;
  void send_control(peer& p, const frame_bytes& frame);
  void flush(peer& p);
  void beat(peer& p);
  void say(incoming& channel, const control_frame& what);
  void write(outgoing& channel);
  void write_all();
  void give_up(channel_id id, bool& broken, const std::string& cause);
  frame_bytes bytes_of(const control_frame& frame, std::uint64_t seq = 0) const;
  frame_bytes hello() const;
  void bad(const peer& p, std::string_view what);

  options options_;
  hub_listener& listener_;
  sim_network& network_;
  generation_id generation_;
  std::map<std::string, peer> peers_;
  std::map<channel_id, outgoing> outgoing_;
  std::map<channel_id, incoming> incoming_;
  std::deque<asked_for> asked_;
  bool held_ = false;
  milliseconds now_{};
  milliseconds beaten_{};
  std::uint64_t resent_ = 0;
  std::string problem_;
};

}  // namespace sluice::sim
