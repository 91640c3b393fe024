#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sluice/apps/fraud/handbook_world.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice::fraud {

/// A row of a world with its number and the place of its terminal.
struct numbered_row {
  std::uint64_t tx_id = 0;
  world_row row;
  place where;
};

/// One instance's share of the rows of a world, in order of time, a piece at a time.
class payment_rows {
 public:
  virtual ~payment_rows() = default;
  /// Puts the next rows into `into`, which is empty; no more than fit a batch.
  virtual result<read_state> read(std::vector<numbered_row>& into) = 0;
  virtual int wake_descriptor() const { return -1; }
  virtual read_progress progress() const = 0;
  /// Where the next row stands, as `source_reader::position`.
  virtual std::string position() const = 0;
  virtual std::uint64_t rejected() const { return 0; }
};

/// Where the rows of a world come from; opened once by each instance of each source. All rows of a
/// customer are in the share of one instance.
struct payment_input {
  std::function<result<std::unique_ptr<payment_rows>>(const source_context&)> open;
  std::string what;  ///< For `graph`: `generated, 5000 customers …`.
};

/// The rows of a world that is generated when the first source opens it.
payment_input generated_payments(const world_parameters& parameters);
/// The rows of `world`, which must have been generated.
payment_input payments_of(std::shared_ptr<const handbook_world> world);

/// The rows of a CSV file with the columns of `world_text_head`. Whatever is no such row is
/// rejected with its place in the file: also one that is older than the row before it, or whose
/// fraud is not 1 with a scenario and 0 without. One instance reads the file. Terminals have no
/// place: R5 never fires.
payment_input payments_in_file(const std::string& path);

}  // namespace sluice::fraud
