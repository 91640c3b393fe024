#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "sluice/records/assert.hpp"

namespace sluice::bench {

/// A new folder below the temporary directory (`TMPDIR`), gone with this.
class scratch_folder {
 public:
  scratch_folder() {
    std::string path = (std::filesystem::temp_directory_path() / "sluice-bench-XXXXXX").string();
    SLUICE_ASSERT(::mkdtemp(path.data()) != nullptr, "the temporary directory can be written to");
    path_ = path;
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  std::string path(const std::string& name = {}) const {
    return name.empty() ? path_ : path_ + '/' + name;
  }

 private:
  std::string path_;
};

}  // namespace sluice::bench
