#include "sluice/state/etcd_client.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace sluice {

namespace {

constexpr int fine = 200;

bool answered(const http_outcome& outcome) {
  return outcome.how == http_outcome::kind::answered && outcome.status == fine;
}

// What was wrong: the reason etcd gives, else the status.
std::string reason_of(const http_outcome& outcome) {
  if (outcome.how != http_outcome::kind::answered) return outcome.why;
  const std::string status = "HTTP status " + std::to_string(outcome.status);
  const std::string reason = read_etcd_reason(outcome.body);
  return reason.empty() ? status : reason + ", " + status;
}

// The only refusals known to come before anything happens. That the space of the database is
// exceeded, for one, is also said of a write that was made.
bool too_large(const http_outcome& outcome) {
  if (outcome.how != http_outcome::kind::answered || outcome.status == fine) return false;
  const std::string reason = read_etcd_reason(outcome.body);
  return reason == "etcdserver: request is too large" ||
         reason.starts_with("grpc: received message larger than max");
}

}  // namespace

etcd_client::etcd_client(const etcd_address& address, const etcd_timing& timing) : timing_(timing) {
  for (const auto& server : address.servers) servers_.emplace_back(server, address.authorities);
}

// Asks one server after the other until an outcome is `final`, or patience is at its end. What a
// request took is what it says itself: nothing here reads a clock.
template <class Final>
http_outcome etcd_client::ask(const std::string& path, const std::string& body, Final final) {
  std::chrono::milliseconds waited{0};
  for (std::size_t tried = 1;; ++tried) {
    http_outcome outcome = servers_[current_].post(path, body, timing_.request);
    outcome.why = servers_[current_].server() + ": " + reason_of(outcome);
    if (final(outcome)) return outcome;
    waited += outcome.took;
    const bool round_ends = tried % servers_.size() == 0;
    if (round_ends && waited >= timing_.patience) return outcome;
    current_ = (current_ + 1) % servers_.size();
    if (!round_ends) continue;
    std::this_thread::sleep_for(timing_.pause);
    waited += timing_.pause;
  }
}

result<std::string> etcd_client::read(const std::string& path, const std::string& body) {
  http_outcome outcome = ask(path, body, answered);
  if (answered(outcome)) return std::move(outcome.body);
  return error{error_code::unavailable, "etcd does not answer: " + outcome.why};
}

etcd_written etcd_client::write(const std::string& path, const std::string& body) {
  using kind = etcd_written::kind;
  const auto sent = [](const http_outcome& outcome) {
    return outcome.how != http_outcome::kind::not_sent;
  };
  http_outcome outcome = ask(path, body, sent);
  if (answered(outcome)) return {kind::answered, std::move(outcome.body), {}};
  const kind how = too_large(outcome) ? kind::too_large
                   : sent(outcome)    ? kind::unknown
                                      : kind::unreached;
  // The next one to be asked is another one: this one may be cut off from its leader.
  current_ = (current_ + 1) % servers_.size();
  return {how, {}, std::move(outcome.why)};
}

result<void> etcd_client::believe(const etcd_head& head) {
  const std::string who = servers_[current_].server();
  if (seen_ && seen_->cluster != head.cluster)
    return error{error_code::malformed, who + " is of cluster " + head.cluster +
                                            ", not of the one asked before: " + seen_->cluster};
  if (seen_ && head.revision < seen_->revision)
    return error{error_code::malformed,
                 who + " is at revision " + std::to_string(head.revision) +
                     ", before one seen already: " + std::to_string(seen_->revision)};
  seen_ = head;
  return {};
}

std::string etcd_client::name() const {
  std::string all = "etcd at ";
  for (const auto& server : servers_)
    all += (&server == &servers_.front() ? "" : ", ") + server.server();
  return all;
}

}  // namespace sluice
