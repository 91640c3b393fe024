#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sluice/state/meta_store.hpp"

namespace sluice {

/// Where a store keeps its truth. Every `open` is a new coordinator.
class meta_store_place {
 public:
  virtual ~meta_store_place() = default;
  /// Opens the store. Unless `shared`, the one opened before is gone.
  virtual std::unique_ptr<meta_store> open() = 0;
  /// Several coordinators can have it open at once.
  virtual bool shared() const = 0;
};

/// A kind of store the conformance suite holds to `meta_store`; a new one is one line in the list.
struct kind_of_store {
  std::string name;
  std::function<std::unique_ptr<meta_store_place>()> new_place;  ///< Empty.
};
std::vector<kind_of_store> kinds_of_store();

/// A manifest that uses everything a manifest has.
manifest some_manifest(generation_id generation, epoch_id epoch);

}  // namespace sluice
