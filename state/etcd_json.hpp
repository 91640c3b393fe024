#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/records/result.hpp"

namespace sluice {

// What is said to etcd's JSON gateway (etcd 3.4, /v3/…) and what it answers. Answers come from
// outside: what is not as it should be is an error with code `malformed`.

/// A key's value, and the revision of the store at which it was last written.
struct etcd_value {
  std::string bytes;
  std::int64_t revision = 0;

  bool operator==(const etcd_value&) const = default;
};

/// Who answers, and how far that store has come: revisions only grow.
struct etcd_head {
  std::string cluster;
  std::int64_t revision = 0;

  bool operator==(const etcd_head&) const = default;
};

/// Reads one key. Path: `etcd_range_path`.
std::string etcd_range_request(std::string_view key);
/// Writes `value` if the key was last written at `revision`, or is not there if that is 0; else
/// reads it, all in one transaction. With a `lease` other than 0 the key goes when that ends.
std::string etcd_put_request(std::string_view key, std::int64_t revision, std::string_view value,
                             std::int64_t lease = 0);
std::string etcd_grant_request(std::int64_t seconds);
std::string etcd_lease_request(std::int64_t lease);  ///< To keep it alive, or to revoke it.

inline constexpr const char* etcd_range_path = "/v3/kv/range";
inline constexpr const char* etcd_txn_path = "/v3/kv/txn";
inline constexpr const char* etcd_grant_path = "/v3/lease/grant";
inline constexpr const char* etcd_keep_alive_path = "/v3/lease/keepalive";
inline constexpr const char* etcd_revoke_path = "/v3/lease/revoke";

struct etcd_range_answer {
  etcd_head head;
  std::optional<etcd_value> found;
};
result<etcd_range_answer> read_etcd_range(std::string_view json);

struct etcd_put_answer {
  etcd_head head;                   ///< After a write `head.revision` is that of the key.
  bool written = false;             ///< Else the condition did not hold.
  std::optional<etcd_value> found;  ///< What is there instead, if it was not written.
};
result<etcd_put_answer> read_etcd_put(std::string_view json);

struct etcd_lease {
  std::int64_t id = 0;
  std::int64_t seconds = 0;  ///< It lives so long from now on; 0: it is gone.

  bool operator==(const etcd_lease&) const = default;
};
result<etcd_lease> read_etcd_grant(std::string_view json);
result<etcd_lease> read_etcd_keep_alive(std::string_view json);

/// The reason in an answer that says that the request failed; empty if there is none.
std::string read_etcd_reason(std::string_view json);

}  // namespace sluice
