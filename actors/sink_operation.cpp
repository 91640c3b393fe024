#include "sluice/actors/sink_operation.hpp"

#include "sluice/operators/stage_failure.hpp"

namespace sluice {

namespace {

void check(const result<void>& done) {
  if (!done) throw stage_failure(done.failure().message);
}

}  // namespace

void sink_operation::process(std::size_t, const batch_ptr& rows, outputs&) {
  check(writer_->write(*rows));
}

void sink_operation::end_epoch(const marker& m, outputs&) {
  check(writer_->flush(m.epoch));
  if (m.end && !writer_->commits()) check(writer_->close());
}

}  // namespace sluice
