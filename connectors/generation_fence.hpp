#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connectors/epoch_output.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice {

/// Keeps a process that was stopped while it opened a generation, and goes on when others have
/// taken over, from the files of newer generations (docs/protocol.md 13). An empty file in the
/// folder says that a generation has begun there, at an instance:
///
///   .part-00003.0123456789abcdef0123456789abcdef.7.csv.fence     instance 3, job, generation 7
///
/// It is durable before anything else of the generation is written, and goes only when the one of a
/// newer generation is there, or another run has the folder.
class generation_fence {
 public:
  /// Of the files in `folder` whose names begin with `begin` and a number, and are of `extension`;
  /// for instance `instance` of `instances`, which also stands for former ones.
  struct place {
    file_port& folder;
    std::string_view begin;      ///< `.part-`
    std::string_view extension;  ///< `.csv`; may be empty.
    std::size_t instance = 0;
    std::size_t instances = 1;
  };

  /// Makes the fence of the generation that begins as `how` says. Errors: `refused`, a newer
  /// generation or another run has begun here, and nothing is changed; what the folder says.
  static result<generation_fence> raise(const place& at, const resolution& how);

  /// What was in the folder behind the fence, and is of this generation, an older one or another
  /// run: no newer generation had made anything of it.
  const std::vector<std::string>& names() const { return names_; }

  /// Removes file `name`, of which no newer generation makes another: its own are in the name.
  result<void> remove(const std::string& name);

  /// Removes file `name` of another run, one of `names`, of which this generation or a newer
  /// one of this run may make a file too: that one is never removed.
  result<void> bury(const std::string& name);

  /// To be called last: removes the fences of older generations once something is sealed and, if
  /// nothing is, those of other runs.
  result<void> finish();

 private:
  struct parts {
    std::size_t instance = 0;
    std::string job;
    std::uint64_t generation = 0;
  };

  generation_fence(const place& at, const resolution& how);
  std::optional<parts> read(std::string_view name) const;
  std::string buried(const std::string& name) const;
  bool is_ours(std::size_t instance) const { return instance % at_.instances == at_.instance; }
  std::string_view buried_by(std::string_view name) const;
  result<bool> is_newest();
  result<void> unearth();

  place at_;
  std::string job_;
  std::uint64_t generation_;
  bool fresh_;
  std::string name_;
  bool first_ = true;  // no older generation has begun here
  std::vector<std::string> names_;
  std::vector<std::string> buried_;  // by us
};

}  // namespace sluice
