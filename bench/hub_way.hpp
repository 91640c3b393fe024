#pragma once

#include <memory>
#include <string>

#include "sluice/bench/link_bounds.hpp"

namespace sluice::bench {

/// Over two hubs, a thread each, with credit: a window of 131,072 rows or four batches. `data` and
/// `control` are endpoints to bind at the taking end; with `curve` both ends have keys.
struct hub_way_options {
  std::string data;
  std::string control;
  std::string others;  ///< Of the making end: `ipc://`, its two ports get `-data` and `-control`.
  bool curve = false;
  std::size_t batch_rows = 8192;
};
std::unique_ptr<link_way> hub_way(const hub_way_options& options);

}  // namespace sluice::bench
