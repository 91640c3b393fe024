// Reads bytes as every answer of etcd, and as the text of a seat and the address of a store:
// whatever they are, they are read or refused.
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/state/base64.hpp"
#include "sluice/state/coordinator_seat.hpp"
#include "sluice/state/etcd_address.hpp"
#include "sluice/state/etcd_json.hpp"
#include "sluice/tests/fuzz/read_outcome.hpp"

namespace sluice {

namespace {

template <class Answer>
void check(const result<Answer>& answer) {
  if (!answer) fuzz::require(answer.failure().code == error_code::malformed);
}

void read_as_everything(std::string_view bytes) {
  const auto range = read_etcd_range(bytes);
  check(range);
  if (range) fuzz::require(!range.value().head.cluster.empty());
  if (range && range.value().found) fuzz::require(range.value().found->revision > 0);
  const auto put = read_etcd_put(bytes);
  check(put);
  if (put && put.value().written) fuzz::require(!put.value().found);
  check(read_etcd_grant(bytes));
  check(read_etcd_keep_alive(bytes));
  read_etcd_reason(bytes);

  const auto decoded = bytes_of_base64(bytes);
  if (decoded) fuzz::require(base64_of(*decoded) == bytes);
  const auto who = read_seat_text(bytes);
  check(who);
  if (who) fuzz::require(read_seat_text(seat_text(who.value())).value() == who.value());
  const auto address = parse_etcd_address(bytes);
  if (address) fuzz::require(!address.value().servers.empty() && names_etcd(bytes));
}

}  // namespace

}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::read_as_everything({reinterpret_cast<const char*>(data), size});
  return 0;
}
