#pragma once

#include "sluice/links/keys.hpp"

namespace sluice {

/// Draws a new pair from the operating system's random source. Its public half can stand in a file
/// of settings as it is: no `${` is in it, which begins a variable there.
key_pair new_key_pair();

/// Whether the halves of a pair belong together. Both are Z85.
bool belong_together(const key_pair& keys);

}  // namespace sluice
