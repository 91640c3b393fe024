#include "sluice/apps/fraud/sha256.hpp"

#include "sluice/tests/support/catch.hpp"

using sluice::fraud::sha256;
using sluice::fraud::sha256_hex;

// The examples of FIPS 180-2, appendix B, and the hash of nothing.
TEST_CASE("sha256 gives the hashes of the standard's examples", "[sha256]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256 does not depend on how a text is cut", "[sha256]") {
  std::string text;
  for (int i = 0; i < 300; ++i) text.push_back(static_cast<char>(i));
  for (std::size_t piece : {1, 7, 63, 64, 65, 128}) {
    sha256 hash;
    for (std::size_t at = 0; at < text.size(); at += piece) hash.add(text.substr(at, piece));
    CHECK(hash.hex() == sha256_hex(text));
  }
}

TEST_CASE("sha256 may be asked and then go on", "[sha256]") {
  sha256 hash;
  hash.add("ab");
  CHECK(hash.hex() == sha256_hex("ab"));
  hash.add("c");
  CHECK(hash.hex() == sha256_hex("abc"));
}
