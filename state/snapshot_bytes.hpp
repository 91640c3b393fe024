#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "sluice/records/result.hpp"

namespace sluice {

/// What can lie in a snapshot as it is: numbers and truth values.
template <class T>
concept plain_value = std::is_arithmetic_v<T> && !std::same_as<T, long double>;

/// Writes plain values one behind the other, as snapshots and the commit log hold them: integers
/// little-endian in the width of their type, floats as their bits, `bool` as a byte 0 or 1, text as
/// its length (64 bits) and its bytes. Nothing says what a value is: it is read in the same order.
///
///   snapshot_writer out;
///   out.count(names.size());
///   for (const auto& name : names) out.text(name);
///   store(out.bytes());
class snapshot_writer {
 public:
  template <plain_value T>
  void value(T v) {
    std::uint64_t bits = bits_of(v);
    char raw[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i, bits >>= 8) raw[i] = static_cast<char>(bits);
    bytes_.append(raw, sizeof(T));
  }
  void text(std::string_view bytes);
  /// Begins a text of which the length is known at its end; returns where, for `end_text`.
  std::size_t begin_text();
  void end_text(std::size_t began);
  /// How many of something follow.
  void count(std::size_t n) { value<std::uint64_t>(n); }
  /// Bytes as they are, without a length.
  void raw(std::string_view bytes) { bytes_ += bytes; }

  const std::string& bytes() const { return bytes_; }
  std::string take() { return std::move(bytes_); }

 private:
  template <class T>
  static std::uint64_t bits_of(T v) {
    if constexpr (std::same_as<T, double>)
      return std::bit_cast<std::uint64_t>(v);
    else if constexpr (std::same_as<T, float>)
      return std::bit_cast<std::uint32_t>(v);
    else
      return static_cast<std::uint64_t>(v);
  }

  std::string bytes_;
};

/// Reads what a `snapshot_writer` wrote. Never looks beyond the end of its bytes: the first value
/// that is not there, or is impossible, is remembered, and from then on every value is 0 or empty,
/// every count 0. So a loop ends, and one question at the end is enough:
///
///   snapshot_reader in{bytes};
///   std::vector<std::string> names;
///   for (auto left = in.count(8); left > 0; --left) names.emplace_back(in.text());
///   if (auto whole = in.finish(); !whole) return whole.failure();
///
/// The bytes must outlive the reader and the texts it gave.
class snapshot_reader {
 public:
  explicit snapshot_reader(std::string_view bytes) : bytes_(bytes) {}

  template <plain_value T>
  T value() {
    std::uint64_t bits = 0;
    const std::string_view taken = raw(sizeof(T));
    for (std::size_t i = taken.size(); i-- > 0;)
      bits = bits << 8 | static_cast<unsigned char>(taken[i]);
    return value_of<T>(bits);
  }
  std::string_view text();
  /// How many of something follow, each of at least `least_bytes` (not 0): no more than fit into
  /// what is left, so that as many may be reserved.
  std::size_t count(std::size_t least_bytes);
  /// The next `n` bytes.
  std::string_view raw(std::size_t n);

  /// Makes what is read wrong, for a reason the reader cannot see: `kind is 7`.
  void refuse(std::string_view why);
  /// True while nothing has been wrong.
  bool sound() const { return wrong_.empty(); }
  /// Where the next value begins, in bytes.
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }
  /// Success if nothing was wrong and nothing is left over; else `malformed`, saying what and at
  /// which byte.
  result<void> finish();

 private:
  template <class T>
  T value_of(std::uint64_t bits) {
    if constexpr (std::same_as<T, double>) {
      return std::bit_cast<double>(bits);
    } else if constexpr (std::same_as<T, float>) {
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    } else if constexpr (std::same_as<T, bool>) {
      if (bits > 1) refuse("a truth value is neither 0 nor 1");
      return bits == 1;
    } else {
      return static_cast<T>(bits);
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::string wrong_;
};

}  // namespace sluice
