#include "sluice/bench/graphs/watched_csv.hpp"

namespace sluice::bench {
namespace {

class watched_writer final : public sink_writer {
 public:
  watched_writer(std::unique_ptr<sink_writer> to, sink_hooks hooks)
      : to_(std::move(to)), hooks_(std::move(hooks)) {}

  result<void> write(const column_batch& rows) override { return passed(to_->write(rows)); }
  result<void> flush(epoch_id epoch) override { return passed(to_->flush(epoch)); }
  result<void> close() override { return passed(to_->close()); }
  bool commits() const override { return to_->commits(); }
  prepare_work prepare(generation_id generation, epoch_id epoch) override {
    return to_->prepare(generation, epoch);
  }
  commit_work commit(generation_id generation, epoch_id epoch) override {
    return [work = to_->commit(generation, epoch), visible = hooks_.visible]() -> result<void> {
      if (work)
        if (auto done = work(); !done) return done;
      if (visible) visible();
      return {};
    };
  }
  result<void> resolve(const resolution& how) override { return to_->resolve(how); }

 private:
  result<void> passed(result<void> done) const {
    if (hooks_.passed) hooks_.passed();
    return done;
  }

  std::unique_ptr<sink_writer> to_;
  sink_hooks hooks_;
};

}  // namespace

result<std::unique_ptr<sink_writer>> watched_csv::open(const sink_context& at) const {
  auto writer = to_.open(at);
  if (!writer) return writer;
  return std::unique_ptr<sink_writer>{
      std::make_unique<watched_writer>(std::move(writer).value(), hooks_)};
}

}  // namespace sluice::bench
