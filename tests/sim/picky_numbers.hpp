#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sluice/connectors/generator.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/tests/sim/audit_records.hpp"

namespace sluice::sim {

/// Generated numbers, with a rejected piece before every tenth.
struct picky_numbers {
  using record_type = audited_number;
  static constexpr std::uint64_t rejected_every = 10;

  from::generate<audited_number> numbers;

  result<std::unique_ptr<source_reader>> open(const source_context& at) const;
  std::string describe() const { return "numbers, every tenth rejected"; }
};

/// A log on `disk` that shows what is rejected by epoch, for all processes.
std::shared_ptr<reject_log> rejects_on(sim_disk& disk);
/// The rejected pieces that can be seen, by place in the input. The last line may be cut.
std::vector<std::uint64_t> rejected_on(sim_disk& disk);

}  // namespace sluice::sim
