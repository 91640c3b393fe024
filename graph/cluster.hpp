#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sluice/links/hub.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// A node of a run: its name in the configuration and where its two ports are.
struct node_address {
  std::string node;
  std::string data;     ///< Endpoint of rows, markers and credit.
  std::string control;  ///< Endpoint of everything else.

  bool operator==(const node_address&) const = default;
};

/// The nodes of a run, and which of them this process is.
struct cluster {
  std::vector<node_address> nodes;  ///< The first has the coordinator, unless they take turns.
  std::string self;
  std::optional<hub_keys> keys = {};  ///< Without: addresses of this machine only.
  bool insecure = false;              ///< For tests: any address without keys.

  bool is_first() const { return self == nodes.front().node; }
  const node_address& address() const;
};

/// `NAME=ADDRESS,NAME=ADDRESS…`, the first with the coordinator. An address is `ipc://PATH` or
/// `tcp://HOST:PORT`; control goes to `PATH.control`, or to the next port. Errors name the entry.
result<std::vector<node_address>> read_nodes(std::string_view text);
std::string nodes_text(const std::vector<node_address>& nodes);

/// `count` nodes of this machine, `node-1` and so on, with sockets in `folder`.
std::vector<node_address> local_nodes(std::size_t count, const std::string& folder);

}  // namespace sluice
