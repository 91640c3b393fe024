#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sluice/tests/support/child_process.hpp"

namespace sluice {

/// Members of one etcd cluster on ports of 127.0.0.1, with their data in a folder of their own; all
/// gone at the end. Throws `std::runtime_error` if etcd is not there or does not come up.
class etcd_process {
 public:
  explicit etcd_process(std::size_t members = 1, bool encrypted = false);
  etcd_process(const etcd_process&) = delete;
  etcd_process& operator=(const etcd_process&) = delete;

  /// `etcd://127.0.0.1:PORT,…/PREFIX`, all members; `etcds://…?ca=FILE` if they are encrypted.
  std::string address(const std::string& prefix) const;
  std::uint16_t port(std::size_t member = 0) const { return members_[member].client_port; }
  /// Waits until a leader answers.
  void wait_until_ready() const;

  /// Sends a signal to a member; SIGKILL also waits for its end.
  void send(int signal_number, std::size_t member = 0);
  /// Starts a member that has ended, on its old data.
  void start(std::size_t member = 0);

 private:
  struct member {
    std::uint16_t client_port = 0;
    std::uint16_t peer_port = 0;
    std::unique_ptr<child_process> process;
  };
  std::string url(std::uint16_t port) const;
  std::string name(std::size_t member) const { return "member" + std::to_string(member); }

  scratch_folder folder_;
  std::string keeper_;
  std::string program_;
  std::string cluster_;
  std::string certificate_;  ///< Of the clients' side; empty: not encrypted.
  std::vector<member> members_;
};

/// A port of 127.0.0.1 that nobody listens on.
std::uint16_t free_port();

}  // namespace sluice
