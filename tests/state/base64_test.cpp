#include "sluice/state/base64.hpp"

#include "sluice/sim/seeded_random.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("base64 is that of RFC 4648", "[base64]") {
  CHECK(base64_of("") == "");
  CHECK(base64_of("f") == "Zg==");
  CHECK(base64_of("fo") == "Zm8=");
  CHECK(base64_of("foo") == "Zm9v");
  CHECK(base64_of("foob") == "Zm9vYg==");
  CHECK(base64_of("fooba") == "Zm9vYmE=");
  CHECK(base64_of("foobar") == "Zm9vYmFy");
  CHECK(base64_of("\xFB\xFF") == "+/8=");
}

TEST_CASE("base64 gives back what it was made of", "[base64]") {
  sim::seeded_random random{7};
  std::string bytes;
  for (std::size_t size = 0; size < 300; ++size) {
    REQUIRE(bytes_of_base64(base64_of(bytes)) == bytes);
    bytes += static_cast<char>(random.below(256));
  }
}

TEST_CASE("a text that is not base64 stands for nothing", "[base64]") {
  const auto text = GENERATE(as<std::string>{}, "Z", "Zg", "Zg=", "Zg===", "=",
                             "====", "Z===", "Zg==Zg==", "Zm9-", "Zm 9", "Zh==", "Zm9=", "Zg=g");
  CAPTURE(text);
  CHECK_FALSE(bytes_of_base64(text));
}

}  // namespace sluice
