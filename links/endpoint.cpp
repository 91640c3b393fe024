#include "sluice/links/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace sluice {

endpoint_reach reach_of(const std::string& endpoint) {
  constexpr auto length = sizeof "ipc://" - 1;
  if (endpoint.starts_with("ipc://") && endpoint.size() > length)
    return endpoint_reach::this_machine;
  if (!endpoint.starts_with("tcp://")) return endpoint_reach::none;
  const std::size_t colon = endpoint.rfind(':');
  if (colon < length) return endpoint_reach::none;
  std::string host = endpoint.substr(length, colon - length);
  in_addr four{};
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1)
    return ntohl(four.s_addr) >> 24 == IN_LOOPBACKNET ? endpoint_reach::this_machine
                                                      : endpoint_reach::network;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  in6_addr six{};
  if (::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six))
    return endpoint_reach::this_machine;
  return endpoint_reach::network;
}

}  // namespace sluice
