#include "sluice/records/hash.hpp"

#include <xxhash.h>

namespace sluice {

std::uint64_t hash_key(std::string_view key) { return XXH3_64bits(key.data(), key.size()); }

}  // namespace sluice
