#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sluice/records/result.hpp"
#include "sluice/state/coordinator_seat.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// Opens the store named by `text`: `etcd://HOST:PORT,…/PREFIX`, or a directory. Nothing is asked
/// of etcd yet. Errors: the text (naming the character), a directory that cannot be used.
result<std::unique_ptr<meta_store>> open_meta_store(const std::string& text);

/// The seat of the coordinator of the run whose truth is there.
result<std::unique_ptr<coordinator_seat>> open_coordinator_seat(const std::string& text);

/// What is wrong with `text` as the name of a store, before anything is opened; empty: nothing.
std::string check_store_text(std::string_view text);

}  // namespace sluice
