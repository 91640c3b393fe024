#include "sluice/state/directory_seat.hpp"

#include <utility>

#include "sluice/state/posix_files.hpp"

namespace sluice {

namespace {

const std::string name_of_seat = "seat";

}  // namespace

result<bool> directory_seat::try_take(const seat_holder& me, instant) {
  if (lock_) return true;
  auto files = open_posix_files(place_);
  if (!files) return files.failure();
  auto lock = directory_lock::take(place_);
  if (!lock && lock.failure().code == error_code::unavailable) return false;
  if (!lock) return lock.failure();
  if (auto told = replace_durably(*files.value(), name_of_seat, seat_text(me)); !told)
    return told.failure();
  lock_ = std::move(lock).value();
  return true;
}

result<std::optional<seat_holder>> directory_seat::holder() {
  const std::optional<seat_holder> nobody;
  auto files = open_posix_files(place_);
  if (!files) return files.failure();
  if (!lock_) {
    const auto lock = directory_lock::take(place_);  // for a moment
    if (lock) return nobody;
    if (lock.failure().code != error_code::unavailable) return lock.failure();
  }
  auto text = files.value()->read(name_of_seat);
  if (!text && text.failure().code == error_code::not_found) return nobody;
  if (!text) return text.failure();
  auto who = read_seat_text(text.value());
  if (!who)
    return error{who.failure().code, place_ + "/" + name_of_seat + ": " + who.failure().message};
  return std::optional{std::move(who).value()};
}

}  // namespace sluice
