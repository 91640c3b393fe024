#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/messages/ids.hpp"

namespace sluice {

/// Whether a blob holds all of a state or what has changed since the blob before it.
enum class blob_kind : std::uint32_t { base = 1, delta = 2 };

/// Whose state a blob is, and as of when.
struct blob_identity {
  generation_id generation;
  epoch_id epoch;
  std::string stage;
  std::uint32_t instance = 0;
  blob_kind kind = blob_kind::base;

  bool operator==(const blob_identity&) const = default;
};

/// The name of its file: `count-0.2.17.delta` for stage `count`, instance 0, generation 2,
/// epoch 17. Bytes of the stage's name other than letters, digits, `_` and `-` become `%` and two
/// hexadecimal digits, and a long name is cut to a part of it and its hash: every stage has a file
/// name.
std::string blob_name(const blob_identity& what);

/// A name that `blob_name` gave, taken apart. The stage stays as it is in the name.
struct parsed_blob_name {
  std::string stage;
  std::uint32_t instance = 0;
  generation_id generation;
  epoch_id epoch;
  blob_kind kind = blob_kind::base;
  bool temporary = false;  ///< Of a file whose writing was broken off, or is under way.
};
/// Nothing if `name` is not that of a blob, whole or temporary.
std::optional<parsed_blob_name> parse_blob_name(std::string_view name);

}  // namespace sluice
