#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sluice/records/result.hpp"
#include "sluice/state/etcd_address.hpp"
#include "sluice/state/etcd_json.hpp"
#include "sluice/state/http_poster.hpp"

namespace sluice {

/// How long to wait for etcd.
struct etcd_timing {
  http_limits request = {};
  /// How long to go on while it is certain that nothing has happened: servers that cannot be
  /// connected, reads that were not answered.
  std::chrono::milliseconds patience{5000};
  std::chrono::milliseconds pause{100};  ///< Once every server was tried in vain.
};

/// What became of a write.
struct etcd_written {
  enum class kind {
    answered,
    too_large,  ///< It did not happen: etcd takes no request of that size.
    unreached,  ///< It did not happen: no server could be connected.
    unknown,    ///< It may or may not have happened.
  };
  kind how = kind::unknown;
  std::string body;  ///< With `answered`.
  std::string why;   ///< Otherwise: which server, and what was wrong.
};

/// Asks the servers of one etcd cluster, the one that answered last first. Reads are tried with one
/// after the other. A write is given to another server only while nothing of it has been sent;
/// whatever else is not a plain answer (no answer, a change of leader, any other status) is
/// unknown. Calls block; made by one thread at a time.
class etcd_client {
 public:
  explicit etcd_client(const etcd_address& address, const etcd_timing& timing = {});

  /// `unavailable` if no server answers in time.
  result<std::string> read(const std::string& path, const std::string& body);
  etcd_written write(const std::string& path, const std::string& body);

  /// Holds `head` against those before it: one cluster, which never goes back. Servers of two
  /// clusters in one address, or one that was restored from an old copy, are two truths.
  result<void> believe(const etcd_head& head);

  /// `etcd at http://10.0.0.1:2379`, or all of them.
  std::string name() const;

 private:
  template <class Final>
  http_outcome ask(const std::string& path, const std::string& body, Final final);

  std::vector<http_poster> servers_;
  etcd_timing timing_;
  std::size_t current_ = 0;
  std::optional<etcd_head> seen_;
};

}  // namespace sluice
