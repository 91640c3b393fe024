#include "sluice/links/keys.hpp"

#include <random>
#include <string>
#include <vector>

#include "sluice/links/z85.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

// The test vector of CURVE's specification (rfc.zeromq.org/spec/26).
const std::string public_text = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
const std::string secret_text = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";

const std::string file_text =
    "sluice-key 1\nnode worker-1\npublic " + public_text + "\nsecret " + secret_text + "\n";

}  // namespace

TEST_CASE("keys are written in Z85 and read back", "[keys][F1501]") {
  CHECK(to_z85(key_value{0xBB, 0x88, 0x47, 0x1D, 0x65, 0xE2, 0x65, 0x9B, 0x30, 0xC5, 0x5A,
                         0x53, 0x21, 0xCE, 0xBB, 0x5A, 0xAB, 0x2B, 0x70, 0xA3, 0x98, 0x64,
                         0x5C, 0x26, 0xDC, 0xA2, 0xB2, 0xFC, 0xB4, 0x3F, 0xC5, 0x18}) ==
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID");
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 1'000; ++i) {
    key_value key{};
    for (auto& byte : key) byte = static_cast<unsigned char>(random());
    const std::string text = to_z85(key);
    CHECK(text.size() == key_characters);
    CHECK(read_z85(text) == key);
  }
}

TEST_CASE("what is not Z85 is no key", "[keys][F1501]") {
  std::string text = public_text;
  CHECK(read_z85(text));
  for (const char other : {' ', '"', '\\', '\n', '\0', ',', '~', '\x80'}) {
    text[7] = other;
    CHECK_FALSE(read_z85(text));
  }
  CHECK_FALSE(read_z85(public_text + "0"));
  CHECK_FALSE(read_z85(public_text.substr(1)));
  CHECK_FALSE(read_z85(""));
  // Five characters can be more than four bytes: 2^32 is the first.
  const std::string zeros(key_characters - 5, '0');
  CHECK(read_z85(zeros + "%nSc0"));
  CHECK_FALSE(read_z85(zeros + "%nSc1"));
  CHECK_FALSE(read_z85(zeros + "#####"));
}

TEST_CASE("a key file has four lines", "[keys][F1501]") {
  const node_key key{"worker-1", {public_text, secret_text}};
  CHECK(key_file_text(key) == file_text);
  const node_key read = read_key_file_text(file_text).value();
  CHECK(read.node == key.node);
  CHECK(read.keys.public_key == key.keys.public_key);
  CHECK(read.keys.secret_key == key.keys.secret_key);
}

TEST_CASE("what is wrong with a key file is said by its line, not by what stands there",
          "[keys][F1501]") {
  struct wrong_file {
    std::string text, message;
  };
  const auto with = [](const std::string& what, const std::string& instead) {
    std::string text = file_text;
    return text.replace(text.find(what), what.size(), instead);
  };
  const std::vector<wrong_file> files{
      {"", "line 1 of a key file is: sluice-key 1"},
      {with("key 1", "key 2"), "line 1 of a key file is: sluice-key 1"},
      {with("node worker-1", "node"), "line 2 of a key file begins with: node "},
      {with("worker-1", ""), "line 2 of a key file names a node"},
      {with("worker-1", "a/b"), "line 2 of a key file names a node"},
      {with("public", "pubic"), "line 3 of a key file begins with: public "},
      {with(public_text, public_text + "x"), "line 3 of a key file holds a key of 40 characters"},
      {with("secret", "sekret"), "line 4 of a key file begins with: secret "},
      {with(secret_text, secret_text.substr(1)),
       "line 4 of a key file holds a key of 40 characters"},
      {with(secret_text + "\n", secret_text + "\r\n"),
       "line 4 of a key file holds a key of 40 characters"},
      {file_text + "\n", "a key file has four lines"},
      {file_text.substr(0, file_text.find("secret")), "line 4 of a key file begins with: secret "}};
  for (const wrong_file& wrong : files) {
    INFO(wrong.text);
    const auto read = read_key_file_text(wrong.text);
    REQUIRE_FALSE(read);
    CHECK(read.failure() == error{error_code::malformed, wrong.message});
  }
}

TEST_CASE("an entry of the allow-list is a line of TOML", "[keys][F1501]") {
  CHECK(allowed_key_line({"worker-1", node_role::data, public_text}) ==
        "worker-1 = \"data " + public_text + "\"");
  CHECK(allowed_key_line({"h\"i\\ä", node_role::coordinator, public_text}) ==
        "\"h\\\"i\\\\ä\" = \"coordinator " + public_text + "\"");
  for (const node_role role : {node_role::data, node_role::coordinator}) {
    const allowed_key key{"ä b", role, public_text};
    CHECK(read_allowed_key("ä b", std::string(to_string(role)) + ' ' + public_text).value() == key);
  }
}

TEST_CASE("what is wrong with an entry is said with its node", "[keys][F1501]") {
  const auto problem = [](const std::string& node, const std::string& value) {
    return read_allowed_key(node, value).failure().message;
  };
  const std::string role = "key of node a: it begins with a role, data or coordinator";
  const std::string key =
      "key of node a: behind its role stands a public key of 40 characters, Z85";
  CHECK(problem("a", "") == role);
  CHECK(problem("a", public_text) == role);
  CHECK(problem("a", "Data " + public_text) == role);
  CHECK(problem("a", "data") == key);
  CHECK(problem("a", "data ") == key);
  CHECK(problem("a", "data  " + public_text) == key);
  CHECK(problem("a", "data " + public_text + " ") == key);
  CHECK(problem("a/b", "data " + public_text) == "a node cannot be named so: a/b");
}

TEST_CASE("the name of a key is one of a node and of a file", "[keys][U27]") {
  for (const char* name : {"worker-1", "a", "a.b_c", "ä b"}) CHECK(is_key_name(name));
  for (const char* name : {"", "a/b", ".", "..", ".a", "-a", "a\nb", "a\x7f", "\xff"})
    CHECK_FALSE(is_key_name(name));
}

}  // namespace sluice
