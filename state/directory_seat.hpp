#pragma once

#include <optional>
#include <string>

#include "sluice/state/coordinator_seat.hpp"
#include "sluice/state/directory_lock.hpp"

namespace sluice {

/// The seat beside the embedded store: a locked directory, `DIRECTORY/coordinator`, which the
/// operating system frees when its holder is gone, however it ended. For processes of one machine.
/// The lock of the store itself is another one, taken when that is opened.
class directory_seat final : public coordinator_seat {
 public:
  /// Makes the directory, if need be, with the first attempt.
  explicit directory_seat(const std::string& directory) : place_(directory + "/coordinator") {}

  result<bool> try_take(const seat_holder& me, instant now) override;
  /// Just after the seat was taken this may still be the one who had it before.
  result<std::optional<seat_holder>> holder() override;
  bool keep(instant) override { return lock_.has_value(); }
  bool held(instant) const override { return lock_.has_value(); }
  void give_up() override { lock_.reset(); }

 private:
  std::string place_;
  std::optional<directory_lock> lock_;
};

}  // namespace sluice
