#include "sluice/bench/link_ends.hpp"

#include <algorithm>
#include <stdexcept>

namespace sluice::bench {

const std::vector<link_way>& link_ways() {
  using kind = link_way::kind;
  static const std::vector<link_way> all{
      {.name = "raw tcp"},
      {.name = "raw unix", .tcp = false},
      {.name = "raw tcp crc", .checksums = true},
      {.name = "zeromq tcp", .over = kind::zeromq},
      {.name = "zeromq tcp crc", .over = kind::zeromq, .checksums = true},
      {.name = "zeromq ipc", .over = kind::zeromq, .tcp = false},
      {.name = "zeromq tcp curve", .over = kind::zeromq, .curve = true},
      {.name = "tcp", .over = kind::hub},
      {.name = "ipc", .over = kind::hub, .tcp = false},
      {.name = "tcp curve", .over = kind::hub, .curve = true}};
  return all;
}

const link_way& link_way_named(const std::string& name) {
  const auto it = std::find_if(link_ways().begin(), link_ways().end(),
                               [&](const link_way& way) { return way.name == name; });
  if (it == link_ways().end()) throw std::invalid_argument("no such way over a link: " + name);
  return *it;
}

std::unique_ptr<link_taker> make_taker(const link_way& way, const link_place& at) {
  switch (way.over) {
    case link_way::kind::sockets:
      return socket_taker(way, at);
    case link_way::kind::zeromq:
      return zeromq_taker(way, at);
    case link_way::kind::hub:
      return hub_taker(way, at);
  }
  return nullptr;
}

std::unique_ptr<link_maker> make_maker(const link_way& way, const link_place& at,
                                       const std::string& address) {
  switch (way.over) {
    case link_way::kind::sockets:
      return socket_maker(way, at, address);
    case link_way::kind::zeromq:
      return zeromq_maker(way, at, address);
    case link_way::kind::hub:
      return hub_maker(way, at, address);
  }
  return nullptr;
}

}  // namespace sluice::bench
