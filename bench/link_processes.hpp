#pragma once

#include <memory>
#include <string>

#include "sluice/bench/harness/contest.hpp"
#include "sluice/bench/link_ends.hpp"

namespace sluice::bench {

/// What crosses.
struct link_rows {
  keyed_input input{};
  std::uint64_t rows = 0;
  std::size_t batch_rows = 8192;
};

/// A way whose taking end is a process of its own, which is this program started again. It lives as
/// long as this.
class linked_processes {
 public:
  linked_processes(const link_way& way, const link_rows& what);
  ~linked_processes();

  /// One run over all rows, from the first that is made until the other process has added up the
  /// last. CPU time is of both. Throws `std::runtime_error` if the other process is gone.
  outcome run();

 private:
  struct contents;
  std::unique_ptr<contents> all_;
};

/// True if this process was started to be a taking end.
bool is_taking_process(int argc, char** argv);
/// What it then does. Returns its exit code.
int taking_process(int argc, char** argv);

}  // namespace sluice::bench
