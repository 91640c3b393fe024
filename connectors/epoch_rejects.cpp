#include "sluice/connectors/epoch_rejects.hpp"

#include <utility>

#include "sluice/connectors/reject_logs.hpp"

namespace sluice {

epoch_rejects::epoch_rejects(std::shared_ptr<epoch_file> file, std::string stage,
                             std::size_t instance,
                             std::shared_ptr<std::atomic<std::uint64_t>> total)
    : file_(std::move(file)),
      stage_(std::move(stage)),
      instance_(instance),
      total_(std::move(total)),
      rows_(file_->folder(), file_->begin_of(instance), "") {}

result<void> epoch_rejects::reject(std::string_view input, std::uint64_t offset, std::uint64_t line,
                                   std::string_view reason, std::string_view text) {
  append_rejected(rows_.buffer(), stage_, {input, offset, line, reason, text});
  ++*total_;
  return rows_.written();
}

prepare_work epoch_rejects::prepare(generation_id generation, epoch_id epoch) {
  if (rows_.empty()) return {};
  return rows_.prepare(file_->staged_name({epoch, generation, instance_, {}})).work;
}

}  // namespace sluice
