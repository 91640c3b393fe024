#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/sim/seeded_random.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice::sim {

/// What a disk may do wrong while the power is on.
enum class disk_fault {
  io_error,     ///< The call fails and changes nothing.
  short_write,  ///< An append fails after a part of its bytes; other calls as io_error.
  /// A sync fails; what it should have kept is never kept, though reads show it until the power
  /// fails and later syncs say that they succeed. Other calls as io_error.
  lost_sync,
};

/// A directory in memory that keeps only what was synced (docs/protocol.md 16). When the power
/// fails
///
///   * of each file's writes and cuts since its last sync only so many survive, in order; of the
///     last one any number of bytes (torn);
///   * of the names created, renamed and removed since the last `sync_names` some survive: a seed
///     in two keeps the first so many, the other any of them, each by itself. A rename is one step.
///
/// Every call that changes something is one step, and the power can be made to fail within it.
class sim_disk {
 public:
  explicit sim_disk(std::uint64_t seed) : random_(seed) {}

  /// The directory, as a process started now sees it. Usable until `fail_power` or `kill`: then
  /// every call fails with `unavailable`. Must not outlive the disk.
  std::unique_ptr<file_port> open();

  /// The process ends, the machine lives on: nothing is lost.
  void kill() { ++boot_; }
  /// The power fails, and comes back: what was not synced is lost, as the seed will have it.
  void fail_power();
  /// The power fails within the step after the next `steps` ones; then the processes are dead, and
  /// `fail_power` must be called.
  void fail_power_after(std::uint64_t steps) { dark_after_ = steps_ + steps; }
  /// The step after the next `steps` ones goes wrong.
  void go_wrong_after(std::uint64_t steps, disk_fault how) { wrong_[steps_ + steps] = how; }
  /// Only `bytes` more may be written: then appends write what fits and fail with `no_space`.
  void leave_room(std::optional<std::uint64_t> bytes) { room_ = bytes; }

  /// Steps so far: calls that changed something, or tried to.
  std::uint64_t steps() const { return steps_; }
  /// The power has failed within a step, and `fail_power` is due.
  bool dark() const { return dark_; }

 private:
  friend class sim_output;
  friend class sim_process;
  friend class sim_port;

  struct change {
    std::string appended = {};
    std::optional<std::uint64_t> cut_to = {};
    bool lost = false;  ///< A sync of it failed.
  };
  struct inode {
    std::string shown;  ///< What reads see.
    std::string kept;   ///< What survives for certain.
    std::vector<change> changes;
  };
  using inode_ref = std::shared_ptr<inode>;
  struct name_change {
    std::string gone;  ///< No longer a name; empty: none.
    std::string made;  ///< Now the name of `file`; empty: none.
    inode_ref file;
  };
  using name_map = std::map<std::string, inode_ref>;

  // How a step is to go: the power fails in it, or something is wrong with it.
  struct step {
    bool last = false;
    std::optional<disk_fault> fault;
  };

  step next_step();
  result<void> append(inode& to, std::span<const char> bytes, const std::string& name);
  result<void> cut(inode& file, std::uint64_t bytes, const std::string& name);
  result<void> sync(inode& file, const std::string& name);
  result<void> change_names(name_change how, const std::string& what);
  result<void> sync_names();
  void lose_changes(inode& file);

  seeded_random random_;
  name_map shown_;
  name_map kept_;
  std::vector<name_change> name_changes_;
  std::optional<std::uint64_t> room_;
  std::optional<std::uint64_t> dark_after_;
  std::map<std::uint64_t, disk_fault> wrong_;
  std::uint64_t steps_ = 0;
  std::uint64_t boot_ = 0;
  bool dark_ = false;
};

}  // namespace sluice::sim
