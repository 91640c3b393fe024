#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/result.hpp"

namespace sluice {

/// Where a run keeps its truth in etcd.
///
///   etcd://10.0.0.1:2379,10.0.0.2:2379/sluice/fraud
///   etcds://db1:2379/sluice/fraud?ca=/etc/ssl/etcd-ca.pem      encrypted
struct etcd_address {
  std::vector<std::string> servers;  ///< `http://10.0.0.1:2379`, members of one cluster; not empty.
  std::string prefix;                ///< `/sluice/fraud`: keys begin with that and a slash.
  std::string authorities;           ///< File of those a certificate may come from; may be empty.

  std::string key(std::string_view name) const { return prefix + "/" + std::string{name}; }
  bool operator==(const etcd_address&) const = default;
};

/// True if `text` begins as an address of etcd does, right or wrong.
bool names_etcd(std::string_view text);

/// Reads an address. The error names the place: `etcd://a:/x: character 10: …`.
result<etcd_address> parse_etcd_address(std::string_view text);

}  // namespace sluice
