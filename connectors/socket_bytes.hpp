#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "sluice/connectors/byte_source.hpp"

namespace sluice {

/// Connects to `host:port` over TCP, trying every address of the host, each for at most `within`.
/// The bytes are read without blocking. Errors: `cannot connect to HOST:PORT (reason)`.
result<std::unique_ptr<byte_source>> connect_to(const std::string& host, std::uint16_t port,
                                                std::chrono::milliseconds within);

}  // namespace sluice
