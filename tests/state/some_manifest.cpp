#include "sluice/tests/state/meta_store_places.hpp"

namespace sluice {

manifest some_manifest(generation_id generation, epoch_id epoch) {
  const std::string number = std::to_string(epoch.value);
  instance_snapshot source{
      .stage = "source", .instance = 1, .ended = true, .state = "offset " + number, .blobs = {}};
  instance_snapshot count{
      .stage = "count",
      .instance = 0,
      .ended = false,
      .state = std::string("\0\xFF", 2),
      .blobs = {{.name = "base", .bytes = 100, .checksum = 1},
                {.name = number, .bytes = epoch.value, .checksum = 0xFFFFFFFF}}};
  return {.generation = generation,
          .epoch = epoch,
          .end = epoch.value % 5 == 0,
          .instances = {std::move(count), std::move(source)}};
}

}  // namespace sluice
