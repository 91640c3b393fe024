#pragma once

#include <cstdint>
#include <string>

namespace sluice {

/// `1,234,567`
std::string grouped(std::uint64_t number);
/// Three digits and a unit of a thousand: `950`, `12.3 k`, `1.23 M`.
std::string rounded(double number);
/// `512 B`, `64.0 KiB`, `2.00 MiB`
std::string bytes_text(std::uint64_t bytes);
/// Minutes and seconds, hours from one on: `0:12`, `1:02:03`.
std::string clock_text(std::uint64_t seconds);
/// A count and what is counted: `1 epoch`, `3 epochs`.
std::string counted(std::uint64_t number, const char* what);
/// With so many decimals: `0.82`.
std::string decimal(double number, int decimals);

}  // namespace sluice
