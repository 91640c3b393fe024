#include "sluice/state/etcd_seat.hpp"

#include <utility>

namespace sluice {

etcd_seat::etcd_seat(const etcd_address& address, const etcd_timing& timing)
    : key_(address.key("coordinator")), etcd_(address, timing) {}

// A lease that was granted and not used is left to itself: it is gone in two seconds.
result<bool> etcd_seat::try_take(const seat_holder& me, instant now) {
  if (held(now)) return true;
  auto there = etcd_.read(etcd_range_path, etcd_range_request(key_));
  if (!there) return there.failure();
  auto found = read_etcd_range(there.value());
  if (!found) return found.failure();
  if (found.value().found) return false;

  auto granted = etcd_.read(etcd_grant_path, etcd_grant_request(lives.count()));
  if (!granted) return granted.failure();
  auto lease = read_etcd_grant(granted.value());
  if (!lease) return lease.failure();
  const auto [id, seconds] = lease.value();
  auto written = etcd_.write(etcd_txn_path, etcd_put_request(key_, 0, seat_text(me), id));
  auto put = written.how == etcd_written::kind::answered
                 ? read_etcd_put(written.body)
                 : result<etcd_put_answer>{error{error_code::unavailable, written.why}};
  if (!put) {
    revoke(id);  // it may have been put: nobody would renew it
    return put.failure();
  }
  if (!put.value().written) return false;
  id_ = id;
  lease_.emplace(now, std::chrono::seconds{seconds});
  return true;
}

result<std::optional<seat_holder>> etcd_seat::holder() {
  auto body = etcd_.read(etcd_range_path, etcd_range_request(key_));
  if (!body) return body.failure();
  auto answer = read_etcd_range(body.value());
  if (!answer) return answer.failure();
  if (!answer.value().found) return std::optional<seat_holder>{};
  auto who = read_seat_text(answer.value().found->bytes);
  if (!who) return error{who.failure().code, key_ + ": " + who.failure().message};
  return std::optional{std::move(who).value()};
}

bool etcd_seat::keep(instant now) {
  if (!lease_) return false;
  const auto due = lease_->at(now);
  if (due != coordinator_lease::action::renew) return due == coordinator_lease::action::none;
  auto body = etcd_.read(etcd_keep_alive_path, etcd_lease_request(id_));
  auto lease = body ? read_etcd_keep_alive(body.value()) : result<etcd_lease>{body.failure()};
  if (!lease) return true;  // tried again until the lease is lost
  if (lease.value().seconds == 0) {
    lease_->gone();
    return false;
  }
  lease_->renewed(now, std::chrono::seconds{lease.value().seconds});
  return true;
}

void etcd_seat::give_up() {
  if (!lease_) return;
  lease_.reset();
  revoke(id_);
}

// As far as that can be done: else the lease ends by itself.
void etcd_seat::revoke(std::int64_t lease) {
  static_cast<void>(etcd_.read(etcd_revoke_path, etcd_lease_request(lease)));
}

}  // namespace sluice
