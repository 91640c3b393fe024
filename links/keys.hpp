#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/records/result.hpp"

namespace sluice {

/// What a node may say: `data` everything but what a coordinator says, `coordinator` everything.
enum class node_role : std::uint8_t { data, coordinator };

std::string_view to_string(node_role role);

/// The two halves of a node's key for CURVE (rfc.zeromq.org/spec/26), as Z85 text. Whoever knows
/// the secret is the node: it is never logged, and no error holds it.
struct key_pair {
  std::string public_key;
  std::string secret_key;
};

/// A key of its own and the node it was made for: what a key file holds.
struct node_key {
  std::string node;
  key_pair keys;
};

/// A node that may connect, by its public key: a line of the allow-list.
struct allowed_key {
  std::string node;
  node_role role = node_role::data;
  std::string public_key;  ///< Z85.

  bool operator==(const allowed_key&) const = default;
};

/// The text of a key file, four lines:
///
///     sluice-key 1
///     node worker-1
///     public rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7
///     secret …
std::string key_file_text(const node_key& key);
/// Reads such a text. `malformed` names the line, never what stands there. Whether the halves
/// belong together only curve_keys.hpp can tell.
result<node_key> read_key_file_text(std::string_view text);

/// An entry of the allow-list as a line of TOML, for the table `[cluster.keys]`:
///
///     worker-1 = "data rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
std::string allowed_key_line(const allowed_key& key);
/// Reads such an entry: its key is the name of the node, its value role and public key. Errors name
/// the node and what is wrong, for whoever knows file and line to put them in front.
result<allowed_key> read_allowed_key(std::string_view node, std::string_view value);

/// True for a name that can be that of a node, of a key file and of a line in it: a node's name
/// (connection_name.hpp) without control characters that begins with neither `.` nor `-`.
bool is_key_name(std::string_view name);

}  // namespace sluice
