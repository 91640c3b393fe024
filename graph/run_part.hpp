#pragma once

#include <memory>

#include "sluice/graph/node_part.hpp"

namespace sluice {

/// The actors of a deployment on threads of their own.
class run_part final : public node_part {
 public:
  run_part(deployment planned, std::size_t threads, engine::options chosen, node_links links = {});
  ~run_part() override;
  run_part(const run_part&) = delete;
  run_part& operator=(const run_part&) = delete;

  engine& run() override;

 private:
  struct inside;
  std::unique_ptr<inside> inside_;
};

/// Makes parts that run on `threads` threads each.
node_part_maker parts_on_threads(std::size_t threads);

}  // namespace sluice
