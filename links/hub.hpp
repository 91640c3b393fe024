#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/links/keys.hpp"
#include "sluice/messages/control.hpp"
#include "sluice/messages/credit.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/messages/marker.hpp"
#include "sluice/records/buffer_pool.hpp"
#include "sluice/records/column_batch.hpp"
#include "sluice/records/instant.hpp"
#include "sluice/records/result.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// A channel of the plan that crosses to another process, seen from this one.
struct hub_channel {
  channel_id channel;
  std::string peer;                ///< The node at the other end.
  bool outgoing = false;           ///< The outlet is here; else the inlet.
  credit window;                   ///< Of the inlet; the same at both ends.
  const schema* fields = nullptr;  ///< Of its rows; outlives the generation. Only the inlet's end.
  const schema* combined = nullptr;  ///< Likewise of combined rows; null: none come.
};

/// What a hub has to say. Told on the hub's thread; must not block.
class hub_listener {
 public:
  virtual ~hub_listener() = default;

  /// `begin` has been done: what is told from now on belongs to that generation. What was told
  /// before does not, though `begin` may have been called already.
  virtual void begun(generation_id) {}
  /// The next rows or marker of a channel whose inlet is here: each once and in order.
  virtual void arrived(channel_id channel, batch_ptr rows, instant watermark) = 0;
  virtual void arrived(channel_id channel, const marker& m) = 0;
  /// The outlet of `channel` may go that far.
  virtual void limit(channel_id channel, const credit& up_to) = 0;
  /// What `peer` told this process: each frame once and in order. Of this generation or a newer
  /// one; no hello, grant, resume or heartbeat. `fenced` comes whenever a frame of this
  /// process was too old, and only with a generation newer than that of the hub.
  virtual void told(const std::string& peer, control_frame frame) = 0;
  /// The channel cannot be resumed (docs/protocol.md 5.3): nothing more comes or goes on it.
  virtual void broken(channel_id channel, const std::string& cause) = 0;
  /// The first hello of an incarnation; again when one that was lost is heard again.
  virtual void peer_seen(const std::string& peer, incarnation_id incarnation) = 0;
  /// Nothing was heard of a peer that was seen for the failure deadline, 1.5 s. Told once.
  virtual void peer_lost(const std::string& peer) = 0;
};

/// What a node proves who it is with, and who may connect to it.
struct hub_keys {
  key_pair own;
  /// A key of each peer, and what it may say; the node itself may be among them. A peer that is not
  /// is neither let in nor connected to.
  std::vector<allowed_key> allowed;
};

struct hub_options {
  job_id job;
  graph_hash graph;
  std::string node;            ///< Name of this node: 1 to 200 bytes, no `/`.
  incarnation_id incarnation;  ///< Not zero.
  /// Endpoints to bind: `ipc://PATH` or `tcp://ADDRESS:PORT`, port 0 for any that is free.
  std::string data;
  std::string control;
  /// With keys every connection is CURVE, and peers say what their roles allow. Without, only
  /// endpoints of this machine are bound or connected to, and whoever is on it may speak.
  std::optional<hub_keys> keys = {};
  /// For tests: binds and connects anywhere without keys, and says so whenever it opens a socket.
  bool insecure = false;
  buffer_pool pool;  ///< Of received batches, and of sent ones that need a copy.
  /// Told on the hub's thread what is odd, at most once a second and peer.
  std::function<void(const std::string&)> log = {};
};

/// What a hub has seen, since it began.
struct hub_counters {
  std::uint64_t frames_sent = 0;      ///< Rows and markers, also again.
  std::uint64_t bytes_sent = 0;       ///< Of these.
  std::uint64_t frames_received = 0;  ///< Rows and markers that were the next of their channel.
  std::uint64_t bytes_received = 0;
  std::uint64_t resent = 0;      ///< Rows and markers sent again …
  std::uint64_t repeated = 0;    ///< … that came again …
  std::uint64_t ahead = 0;       ///< … or before others that are missing.
  std::uint64_t resumes = 0;     ///< Told to senders, for whatever reason.
  std::uint64_t told_again = 0;  ///< Numbered control frames sent again.
  std::uint64_t lines_lost = 0;  ///< Connections of this process to others that ended.

  std::uint64_t refused = 0;           ///< Handshakes at its ports that failed, …
  std::uint64_t unknown_keys = 0;      ///< … for a key that is not in the allow-list.
  std::uint64_t second_parts = 0;      ///< Messages of more than one part: dropped.
  std::uint64_t bad = 0;               ///< Frames that no hub sends, these included.
  std::uint64_t not_looked_at = 0;     ///< Frames of those who were cut off.
  std::uint64_t cut_off = 0;           ///< Those who sent a hundred bad frames.
  std::uint64_t not_greeted = 0;       ///< Frames on connections without a hello, or older ones.
  std::uint64_t old_generation = 0;    ///< Dropped, …
  std::uint64_t newer_generation = 0;  ///< … and so are these: they come again.
  std::uint64_t without_channel = 0;   ///< Sent or granted here on a channel that is not there.

  bool operator==(const hub_counters&) const = default;
};

/// Carries channels and control frames between this process and its peers: one thread that owns
/// every socket (docs/protocol.md 4, 5, 14.2).
///
///   outlet ── send ──▶ hub ═══ data ═══▶ hub ── arrived ──▶ inlet      whatever the connections
///   outlet ◀── limit ── hub ◀══════════ hub ◀── grant ──── inlet       between do, as long as
///   actor  ── tell ──▶ hub ══ control ═▶ hub ── told ────▶ actor       both processes live
///
/// Everything but `open` and the end may be called from any thread, and is done on the hub's thread
/// in the order of the calls; nothing blocks. Who may connect, and say what: docs/security.md.
class hub {
 public:
  /// Binds both endpoints. Errors name the address, or what is wrong with the keys. `listener`
  /// outlives the hub. One in a process: each has a ZeroMQ context of its own.
  static result<std::unique_ptr<hub>> open(hub_options options, hub_listener& listener);
  /// Ends when every peer that is there has acknowledged what it was told, after one second at
  /// most.
  ~hub();
  hub(const hub&) = delete;
  hub& operator=(const hub&) = delete;

  /// Ends at once, like a process that is killed: nothing more goes out. Then only the end is left.
  void abort();

  /// Where it listens, with the port it got.
  const std::string& data_address() const;
  const std::string& control_address() const;

  /// Connects to a peer at its two endpoints, again if they are others than before. Best done at
  /// both ends; control frames and heartbeats come through if either has.
  void join(const std::string& peer, const std::string& data, const std::string& control);
  /// Disconnects from a peer and forgets it: it is neither seen nor lost until it is joined again.
  void leave(const std::string& peer);
  /// Goes on to a newer generation with these channels; drops every channel and every unsent
  /// control frame of older ones. Whoever sent or granted on those has stopped: the numbers of
  /// channels are the same in every generation.
  void begin(generation_id generation, std::vector<hub_channel> channels);

  /// Sends at the end of `channel`, which `limit` has made room for. Move the rows in: a batch that
  /// nobody else holds is sent as it lies.
  void send(channel_id channel, batch_ptr rows, instant watermark);
  void send(channel_id channel, const marker& m);
  /// The inlet of `channel` has consumed, and takes up to `limit`. The first one opens the channel.
  void grant(channel_id channel, const credit& limit);
  /// Tells `peer` a numbered frame (control_channel.hpp), whose header fits `most_header_bytes`,
  /// else it asserts. It waits for a peer that is not there yet; one that comes back as another
  /// incarnation is not told.
  void tell(const std::string& peer, control_frame frame);

  hub_counters counters() const;

 private:
  struct inside;
  explicit hub(std::unique_ptr<inside> within);

  std::unique_ptr<inside> inside_;
};

}  // namespace sluice
