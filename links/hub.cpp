#include "sluice/links/hub.hpp"

#include <exception>
#include <thread>
#include <utility>

#include <malloc.h>
#include <pthread.h>
#include <signal.h>

#include "sluice/links/connection_name.hpp"
#include "sluice/links/curve_keys.hpp"
#include "sluice/links/endpoint.hpp"
#include "sluice/links/hub_thread.hpp"
#include "sluice/messages/wire.hpp"
#include "sluice/records/assert.hpp"

namespace sluice {

namespace {

constexpr std::chrono::milliseconds clean_stop{1'000};

// Frames are received into memory of malloc's, which glibc gives back to the system as soon as they
// have been read, and takes again, page by page, for the next ones: a sixth of the time of a link
// (docs/decisions/received-frames.md).
void keep_memory_of_frames() {
#ifdef __GLIBC__
  static const bool kept =
      mallopt(M_MMAP_THRESHOLD, 16 << 20) && mallopt(M_TRIM_THRESHOLD, 64 << 20);
  static_cast<void>(kept);
#endif
}

error refused(std::string why) { return {error_code::refused, std::move(why)}; }

// What is wrong with how the options keep strangers out.
result<void> protects(const hub_options& options) {
  if (options.insecure && options.keys) return refused("a hub with keys is not insecure");
  for (const std::string& endpoint : {options.data, options.control}) {
    const endpoint_reach reach = reach_of(endpoint);
    if (reach == endpoint_reach::none)
      return refused("neither ipc://PATH nor tcp://ADDRESS:PORT: " + endpoint);
    if (reach == endpoint_reach::network && !options.keys && !options.insecure)
      return refused("without keys only ipc:// and loopback addresses are listened at, not " +
                     endpoint);
  }
  if (options.keys && !belong_together(options.keys->own))
    return refused("the halves of the key of " + options.node + " do not belong together");
  return {};
}

result<allow_list> allowed_by(const hub_options& options) {
  auto list = allow_list::of(options.keys->allowed);
  if (!list) return list;
  const allowed_key* const own = list.value().of_node(options.node);
  if (own != nullptr && own->public_key != options.keys->own.public_key)
    return refused("the allow-list has another key of this node: " + options.node);
  return list;
}

}  // namespace

struct hub::inside {
  zmq::context_t context;
  command_queue commands;
  std::string data_address;
  std::string control_address;
  std::unique_ptr<hub_thread> work;
  std::thread thread;

  void run() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the others
    try {
      work->run(commands);
    } catch (const std::exception& fault) {
      assertion_failed("nothing is thrown", fault.what(), __FILE__, __LINE__);
    }
  }

  void end(std::chrono::milliseconds patience) {
    if (!thread.joinable()) return;
    commands.put(end_command{patience});
    thread.join();
    const hub_counters last = work->counters();
    work.reset();
    counted = last;
  }

  hub_counters counted;
};

hub::hub(std::unique_ptr<inside> within) : inside_(std::move(within)) {}

result<std::unique_ptr<hub>> hub::open(hub_options options, hub_listener& listener) {
  if (!is_node_name(options.node))
    return error{error_code::refused, "a node cannot be named so: " + options.node};
  SLUICE_ASSERT(options.incarnation != incarnation_id{}, "an incarnation is drawn");
  if (auto fine = protects(options); !fine) return fine.failure();
  keep_memory_of_frames();
  auto within = std::make_unique<inside>();
  hub_sockets sockets;
  const key_pair* keys = nullptr;
  if (options.keys) {
    auto list = allowed_by(options);
    if (!list) return list.failure();
    keys = &options.keys->own;
    sockets.door = std::make_unique<guarded_door>(within->context, std::move(list).value());
  }
  auto data = bound_port::bind(within->context, options.data, "data", keys);
  if (!data) return data.failure();
  sockets.data = std::move(data).value();
  auto control = bound_port::bind(within->context, options.control, "control", keys);
  if (!control) return control.failure();
  sockets.control = std::move(control).value();
  within->data_address = sockets.data->address();
  within->control_address = sockets.control->address();
  within->work = std::make_unique<hub_thread>(std::move(options), listener, within->context,
                                              std::move(sockets));
  within->thread = std::thread([inside = within.get()] { inside->run(); });
  return std::unique_ptr<hub>(new hub(std::move(within)));
}

hub::~hub() { inside_->end(clean_stop); }

void hub::abort() { inside_->end(std::chrono::milliseconds{0}); }

const std::string& hub::data_address() const { return inside_->data_address; }
const std::string& hub::control_address() const { return inside_->control_address; }

void hub::join(const std::string& peer, const std::string& data, const std::string& control) {
  inside_->commands.put(join_command{peer, data, control});
}

void hub::leave(const std::string& peer) { inside_->commands.put(leave_command{peer}); }

void hub::begin(generation_id generation, std::vector<hub_channel> channels) {
  inside_->commands.put(begin_command{generation, std::move(channels)});
}

void hub::send(channel_id channel, batch_ptr rows, instant watermark) {
  inside_->commands.put(rows_command{channel, std::move(rows), watermark});
}

void hub::send(channel_id channel, const marker& m) {
  inside_->commands.put(marker_command{channel, m});
}

void hub::grant(channel_id channel, const credit& limit) {
  inside_->commands.put(grant_command{channel, limit});
}

void hub::tell(const std::string& peer, control_frame frame) {
  SLUICE_ASSERT(is_numbered(type_of(frame)), "the hub itself sends what repeats itself");
  SLUICE_ASSERT(to_wire(frame), "what is told fits a header");
  inside_->commands.put(tell_command{peer, std::move(frame)});
}

hub_counters hub::counters() const {
  return inside_->work ? inside_->work->counters() : inside_->counted;
}

}  // namespace sluice
