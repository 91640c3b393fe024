#pragma once

#include <memory>
#include <string>

#include "sluice/connectors/sink.hpp"

namespace sluice::to {

/// Takes rows and drops them: for measuring, and for graphs that act on the way.
class nothing {
 public:
  result<std::unique_ptr<sink_writer>> open(const sink_context&) const {
    return std::unique_ptr<sink_writer>{std::make_unique<writer>()};
  }
  result<void> try_open(const sink_context&) const { return {}; }
  std::string describe() const { return "nothing"; }

 private:
  class writer final : public sink_writer {
   public:
    result<void> write(const column_batch&) override { return {}; }
    result<void> flush(epoch_id) override { return {}; }
  };
};

}  // namespace sluice::to
