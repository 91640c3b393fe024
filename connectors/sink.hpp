#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>

#include "sluice/messages/ids.hpp"
#include "sluice/records/column_batch.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// Where a writer is opened: instance `instance` of `instances` of the stage `stage`, for rows of
/// `fields`.
struct sink_context {
  std::string stage;
  std::size_t instance = 0;
  std::size_t instances = 1;
  const schema* fields = nullptr;
};

/// Writes what reaches one instance of a sink. Owned and called by one sink actor.
class sink_writer {
 public:
  virtual ~sink_writer() = default;
  virtual result<void> write(const column_batch& rows) = 0;
  /// The marker of `epoch` has arrived: makes everything written so far visible outside.
  virtual result<void> flush(epoch_id epoch) = 0;
  /// Nothing follows; the last `flush` has been called.
  virtual result<void> close() { return {}; }
};

/// What may stand in `.sink(name, connector)`. It may also have `try_open(at)`, which returns a
/// `result<void>` that says whether `open` would succeed and changes nothing outside, and `bool
/// prints()`, which says that its rows go to stdout.
template <class C>
concept sink_connector = requires(const C& c, const sink_context& at) {
  { c.open(at) } -> std::same_as<result<std::unique_ptr<sink_writer>>>;
  { c.describe() } -> std::convertible_to<std::string>;
};

}  // namespace sluice
