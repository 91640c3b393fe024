#pragma once

#include <memory>

#include "sluice/connectors/sink.hpp"
#include "sluice/operators/operation.hpp"

namespace sluice {

/// Hands rows to a writer and flushes it at markers: the operation of a sink stage.
class sink_operation final : public operation {
 public:
  explicit sink_operation(std::shared_ptr<sink_writer> writer) : writer_(std::move(writer)) {}

  void process(std::size_t input, const batch_ptr& rows, outputs& out) override;
  void end_epoch(const marker& m, outputs& out) override;

 private:
  std::shared_ptr<sink_writer> writer_;
};

}  // namespace sluice
