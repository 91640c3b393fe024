#pragma once

#include <optional>
#include <string>

#include "sluice/state/coordinator_lease.hpp"
#include "sluice/state/coordinator_seat.hpp"
#include "sluice/state/etcd_address.hpp"
#include "sluice/state/etcd_client.hpp"

namespace sluice {

/// The seat as a key of etcd, `PREFIX/coordinator`, that is put if it is absent and goes with its
/// lease: by itself some two seconds after its holder last renewed it, at once when given up.
class etcd_seat final : public coordinator_seat {
 public:
  static constexpr std::chrono::seconds lives{2};
  /// Three servers can be asked before the seat counts as lost.
  static constexpr etcd_timing usual_timing{.request = {.connect = std::chrono::milliseconds{200},
                                                        .whole = std::chrono::milliseconds{400}},
                                            .patience = std::chrono::milliseconds{0},
                                            .pause = std::chrono::milliseconds{0}};

  explicit etcd_seat(const etcd_address& address, const etcd_timing& timing = usual_timing);

  result<bool> try_take(const seat_holder& me, instant now) override;
  result<std::optional<seat_holder>> holder() override;
  bool keep(instant now) override;
  bool held(instant now) const override { return lease_ && lease_->held(now); }
  void give_up() override;

 private:
  void revoke(std::int64_t lease);

  std::string key_;
  etcd_client etcd_;
  std::int64_t id_ = 0;  ///< Of `lease_`.
  std::optional<coordinator_lease> lease_;
};

}  // namespace sluice
