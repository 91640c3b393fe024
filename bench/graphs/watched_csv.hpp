#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sluice/connectors/sink.hpp"
#include "sluice/sluice.hpp"

namespace sluice::bench {

/// What a bench wants to know of a sink in its own process.
struct sink_hooks {
  std::function<void()> passed{};   ///< Rows are written, flushed or closed. The sink's thread.
  std::function<void()> visible{};  ///< An epoch is committed. The thread of the works.
};

/// `to::csv`, watched.
class watched_csv {
 public:
  watched_csv(const std::string& folder, sink_hooks hooks)
      : to_(folder), hooks_(std::move(hooks)) {}

  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const;
  result<void> try_open(const sink_context& at) const { return to_.try_open(at); }
  std::string describe() const { return to_.describe(); }
  bool commits() const { return to_.commits(); }
  result<bool> shows(const sink_context& at, const decided_epoch& of) const {
    return to_.shows(at, of);
  }

 private:
  to::csv to_;
  sink_hooks hooks_;
};

}  // namespace sluice::bench
