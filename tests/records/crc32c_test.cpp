#include "sluice/records/crc32c.hpp"

#include <string>
#include <string_view>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("checksums are those of RFC 3720", "[crc32c]") {
  using namespace std::string_view_literals;
  std::string up, down;
  for (int i = 0; i < 32; ++i) {
    up.push_back(static_cast<char>(i));
    down.push_back(static_cast<char>(31 - i));
  }
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AAu);
  CHECK(crc32c(std::string(32, '\xFF')) == 0x62A8AB43u);
  CHECK(crc32c(up) == 0x46DD794Eu);
  CHECK(crc32c(down) == 0x113FDB5Cu);
  // An iSCSI read command (PDU), the last example of B.4.
  const auto command =
      "\x01\xC0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x14\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x14\x00\x00\x00\x18"
      "\x28\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00"sv;
  CHECK(crc32c(command) == 0xD9963A56u);
  CHECK(crc32c("123456789"sv) == 0xE3069283u);
}

TEST_CASE("a checksum of pieces is that of the whole", "[crc32c]") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text.push_back(static_cast<char>(i * 7));
  const std::string_view all{text};
  CHECK(crc32c(std::string_view{}) == 0);
  for (std::size_t cut = 0; cut <= all.size(); cut += 37)
    CHECK(crc32c(all.substr(cut), crc32c(all.substr(0, cut))) == crc32c(all));
}

}  // namespace sluice
