#include "sluice/operators/batching.hpp"

#include <limits>

namespace sluice {

batching::batching(batch_policy policy, std::size_t size, bool adaptive)
    : policy_(policy), size_(size), adaptive_(adaptive && policy != batch_policy::off) {}

std::size_t batching::room() const {
  if (!sized()) return std::numeric_limits<std::size_t>::max();
  return size_ - rows_;
}

bool batching::took(std::size_t n) {
  rows_ += n;
  return every_batch() || (sized() && rows_ == size_);
}

bool batching::flushes_at(const marker& m) const {
  return policy_ == batch_policy::mini ? m.commit || m.end : true;
}

flush_cause batching::cause() const {
  return sized() && rows_ == size_ ? flush_cause::size : flush_cause::batch;
}

void batching::flushed(std::size_t out) {
  const std::size_t in = rows_;
  rows_ = 0;
  if (in == 0) return;
  ratio_ = static_cast<double>(out) / static_cast<double>(in);
  if (!adaptive_ || in < smallest_sample) return;
  if (!bypassing_) {
    bypassing_ = ratio_ > bypass_above;
    since_sample_ = 0;
  } else if (++since_sample_ == sample_every) {
    bypassing_ = ratio_ >= return_below;
    since_sample_ = 0;
  }
}

}  // namespace sluice
