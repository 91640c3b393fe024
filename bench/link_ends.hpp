#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sluice/bench/link_work.hpp"
#include "sluice/links/keys.hpp"

namespace sluice::bench {

/// A way for batches from one process to another, in order.
struct link_way {
  std::string name;  ///< `raw tcp`; how a process that is started is told.
  enum class kind { sockets, zeromq, hub } over = kind::sockets;
  bool tcp = true;  ///< Else Unix sockets.
  bool curve = false;
  bool checksums = false;  ///< CRC32C at both ends, where a hub has its own.
};

/// Every way there is.
const std::vector<link_way>& link_ways();
const link_way& link_way_named(const std::string& name);

/// What both ends know.
struct link_place {
  std::string folder;  ///< Of Unix sockets.
  std::size_t batch_rows = 8192;
  key_pair maker{}, taker{};  ///< For CURVE.
};

/// The end that makes batches, in one process. Runs are numbered from 1; both ends begin each.
class link_maker {
 public:
  virtual ~link_maker() = default;
  /// The other end has begun run `number`. Returns once batches may be made.
  virtual void begin(std::uint64_t number) { static_cast<void>(number); }
  virtual void make(const link_work& work, std::uint64_t batch) = 0;
};

/// The end that takes them, in another.
class link_taker {
 public:
  virtual ~link_taker() = default;
  /// Where the maker connects, without blanks.
  virtual std::string address() const = 0;
  virtual void begin(std::uint64_t number) { static_cast<void>(number); }
  virtual void take(link_work& work, std::uint64_t batch) = 0;
};

std::unique_ptr<link_taker> make_taker(const link_way& way, const link_place& at);
std::unique_ptr<link_maker> make_maker(const link_way& way, const link_place& at,
                                       const std::string& address);

// By what the way is over. Sockets alone are the bound; over ZeroMQ alone, PUSH to PULL, a message
// a batch is filled where it lies and taken where it came, and at most 131,072 rows or four batches
// wait at each end; hubs have credit for as many.
std::unique_ptr<link_taker> socket_taker(const link_way& way, const link_place& at);
std::unique_ptr<link_maker> socket_maker(const link_way& way, const link_place& at,
                                         const std::string& address);
std::unique_ptr<link_taker> zeromq_taker(const link_way& way, const link_place& at);
std::unique_ptr<link_maker> zeromq_maker(const link_way& way, const link_place& at,
                                         const std::string& address);
std::unique_ptr<link_taker> hub_taker(const link_way& way, const link_place& at);
std::unique_ptr<link_maker> hub_maker(const link_way& way, const link_place& at,
                                      const std::string& address);

inline constexpr std::uint64_t link_window_rows = 131'072;

}  // namespace sluice::bench
