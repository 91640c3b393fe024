#include "sluice/operators/batching.hpp"

#include <algorithm>
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
  most_ = std::max(most_, rows_);
  if (sized() && rows_ == size_) return true;
  return every_batch() && (!sampling() || sample_in_ + rows_ >= smallest_sample);
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
  if (!adaptive_) return;
  if (!bypassing_) {
    if (in >= smallest_sample && ratio_ > bypass_above) switch_to(true, ratio_);
  } else if (!sampling()) {
    ++batches_;
    passed_rows_ += in;
  } else {
    sample_in_ += in;
    sample_out_ += out;
    if (sample_in_ < smallest_sample) return;
    const bool repeating =
        static_cast<double>(sample_out_) < return_below * static_cast<double>(sample_in_);
    switch_to(!repeating, static_cast<double>(sample_out_) / static_cast<double>(sample_in_));
  }
}

// Starts counting towards the next sample, also where everything stays as it is.
void batching::switch_to(bool bypass, double ratio) {
  if (bypass != bypassing_) {
    ++(bypass ? switched_.to_bypass : switched_.to_gathering);
    switch_ratio_ = ratio;
  }
  bypassing_ = bypass;
  batches_ = passed_rows_ = sample_in_ = sample_out_ = 0;
}

}  // namespace sluice
