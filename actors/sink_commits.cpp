#include "sluice/actors/sink_commits.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/assert.hpp"

namespace sluice {

void sink_commits::prepare(const marker& m, std::function<void(result<std::string>)> done) {
  waiting_.push_back({m});
  if (!writer_->commits()) return how_->queue->post([done] { done(std::string{}); });
  how_->queue->post([work = writer_->prepare(how_->generation, m.epoch), done] { done(work()); });
}

bool sink_commits::commit(epoch_id epoch, std::function<void(result<void>)> done) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const waiting& w) { return w.mark.epoch == epoch; });
  if (found == waiting_.end() || std::exchange(found->decided, true)) return false;
  if (!writer_->commits()) {
    how_->queue->post([done] { done({}); });
    return true;
  }
  how_->queue->post([work = writer_->commit(how_->generation, epoch), done] { done(work()); });
  return true;
}

bool sink_commits::committing() const {
  return std::any_of(waiting_.begin(), waiting_.end(), [](const waiting& w) { return w.decided; });
}

result<marker> sink_commits::committed(epoch_id epoch) {
  SLUICE_ASSERT(!waiting_.empty() && waiting_.front().mark.epoch == epoch,
                "epochs of a sink become visible in order");
  const marker m = waiting_.front().mark;
  waiting_.pop_front();
  if (m.end && writer_->commits())
    if (auto closed = writer_->close(); !closed) return closed.failure();
  return m;
}

}  // namespace sluice
