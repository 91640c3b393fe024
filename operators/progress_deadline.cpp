#include "sluice/operators/progress_deadline.hpp"

namespace sluice {

void progress_deadline::reported(std::size_t who, std::uint64_t work, bool writing,
                                 std::uint64_t now) {
  const auto [before, first] = work_.try_emplace(who, work);
  if (writing || (!first && work != before->second)) moved(now);
  before->second = work;
}

progress_deadline::verdict progress_deadline::look(std::uint64_t now) {
  if (deadline_ == 0 || now < moved_ + look_every()) return verdict::wait;
  return now < moved_ + deadline_ ? verdict::ask : verdict::expired;
}

}  // namespace sluice
