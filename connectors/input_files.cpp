#include "sluice/connectors/input_files.hpp"

#include <utility>

namespace sluice {

result<input_files> input_files::open(std::vector<std::string> paths) {
  input_files files;
  files.names_ = std::move(paths);
  for (const auto& name : files.names_) {
    auto bytes = open_file(name);
    if (!bytes) return bytes.failure();
    files.sizes_.push_back(bytes.value()->size());
    if (files.window_) continue;
    files.window_.emplace(std::move(bytes).value());
    if (auto skipped = files.window_->skip_byte_order_mark(); !skipped) return skipped.failure();
  }
  return files;
}

result<input_files> input_files::of(std::string name, std::unique_ptr<byte_source> bytes,
                                    std::size_t block) {
  input_files files;
  files.names_.push_back(std::move(name));
  files.sizes_.push_back(bytes->size());
  files.window_.emplace(std::move(bytes), block);
  if (auto skipped = files.window_->skip_byte_order_mark(); !skipped) return skipped.failure();
  return files;
}

result<void> input_files::advance() {
  window_.reset();
  if (++at_ >= names_.size()) return {};
  auto bytes = open_file(names_[at_]);
  if (!bytes) return bytes.failure();
  window_.emplace(std::move(bytes).value());
  return window_->skip_byte_order_mark();
}

read_progress input_files::progress() const {
  read_progress so_far;
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    so_far.total += sizes_[i];
    if (i < at_) so_far.done += sizes_[i];
  }
  if (window_) so_far.done += window_->offset();
  return so_far;
}

}  // namespace sluice
