#pragma once

#include <cstdint>
#include <string>

namespace sluice::sim {

/// The line that runs one seed again: `reproduce: SLUICE_SEED=17, word count`. While it lives it is
/// also printed when the process is aborted, as a broken invariant does. One at a time.
class reproduction {
 public:
  reproduction(const std::string& scenario, std::uint64_t seed);
  ~reproduction();
  reproduction(const reproduction&) = delete;
  reproduction& operator=(const reproduction&) = delete;

  std::string text() const;
};

}  // namespace sluice::sim
