#include "sluice/links/curve_keys.hpp"

#include <array>

#include <zmq.h>

#include "sluice/links/z85.hpp"
#include "sluice/records/assert.hpp"

namespace sluice {

key_pair new_key_pair() {
  for (;;) {
    std::array<char, key_characters + 1> open{}, secret{};
    SLUICE_ASSERT(zmq_curve_keypair(open.data(), secret.data()) == 0, "ZeroMQ is built with CURVE");
    key_pair keys{open.data(), secret.data()};
    if (keys.public_key.find("${") == std::string::npos) return keys;
  }
}

bool belong_together(const key_pair& keys) {
  std::array<char, key_characters + 1> open{};
  return zmq_curve_public(open.data(), keys.secret_key.c_str()) == 0 &&
         keys.public_key == open.data();
}

}  // namespace sluice
