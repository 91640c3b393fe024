#pragma once

#include <memory>
#include <string>

#include "sluice/bench/link_work.hpp"

namespace sluice::bench {

/// A way for batches from one thread to another, in order.
class link_way {
 public:
  virtual ~link_way() = default;
  virtual outcome run(link_work& work) = 0;
};

/// Over a pair of connected sockets, bytes and nothing else: the bound.
std::unique_ptr<link_way> raw_tcp();
std::unique_ptr<link_way> raw_unix();

/// Over ZeroMQ, PUSH to PULL, a message a batch, filled where it lies and taken where it came; at
/// most 131,072 rows or four batches wait at each end. `address` as ZeroMQ spells it; with `curve`
/// encrypted.
std::unique_ptr<link_way> plain_zeromq(const std::string& address, bool curve,
                                       std::size_t batch_rows);

}  // namespace sluice::bench
