#pragma once

#include <string>

#include "sluice/records/result.hpp"
#include "sluice/state/file_descriptor.hpp"

namespace sluice {

/// Holds a directory for one process: nobody else can take it until this is gone, or the process
/// is, however it ended. Nothing that lies in the directory can be removed to get round it.
/// The file `holder` in it says who holds it, for messages. Move-only.
class directory_lock {
 public:
  /// `unavailable` if it is held: `DIRECTORY is in use by process 4711`.
  static result<directory_lock> take(const std::string& directory);
  /// The process that holds it, as the system and the process itself say; 0 if nobody does. Takes
  /// nothing. Errors: there is no such directory, it cannot be told.
  static result<int> holder_of(const std::string& directory);

 private:
  explicit directory_lock(file_descriptor held) : held_(std::move(held)) {}

  file_descriptor held_;
};

}  // namespace sluice
