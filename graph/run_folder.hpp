#pragma once

#include <string>

#include "sluice/records/result.hpp"
#include "sluice/state/directory_lock.hpp"

namespace sluice {

/// The folder in `$TMPDIR` of a run of several nodes on this machine: of its sockets, and of its
/// checkpoints if none are to stay. It goes with this object. Folders of processes that were killed
/// go when the next one is made. Move-only.
class run_folder {
 public:
  /// Errors: no folder can be made.
  static result<run_folder> make();
  ~run_folder();
  run_folder(run_folder&& other) noexcept;
  run_folder& operator=(run_folder&&) = delete;

  const std::string& path() const { return path_; }

 private:
  run_folder(std::string path, directory_lock held)
      : path_(std::move(path)), held_(std::move(held)) {}

  std::string path_;  // empty: moved from
  directory_lock held_;
};

}  // namespace sluice
