#include "sluice/connectors/input_files.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/hash.hpp"

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

namespace {

// Hash of `bytes` bytes of `from` at `offset`, which must be there.
result<std::uint64_t> hash_at(const byte_source& from, std::uint64_t offset, std::size_t bytes) {
  std::string text(bytes, '\0');
  auto got = from.look(offset, text);
  if (!got) return got.failure();
  text.resize(got.value());
  return hash_key(text);
}

struct seen_bytes {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
};
result<seen_bytes> seen_before(const byte_source& from, std::uint64_t offset) {
  if (from.verified()) return seen_bytes{};
  const std::size_t bytes = std::min<std::uint64_t>(offset, file_position::looked_at);
  auto head = hash_at(from, 0, bytes);
  if (!head) return head.failure();
  auto tail = hash_at(from, offset - bytes, bytes);
  if (!tail) return tail.failure();
  return seen_bytes{head.value(), tail.value()};
}

}  // namespace

result<file_position> input_files::position(std::uint64_t offset) const {
  file_position here;
  here.file = static_cast<std::uint32_t>(std::min(at_, names_.size()));
  if (!window_) return here;
  here.name = names_[at_];
  here.offset = offset;
  auto seen = seen_before(window_->bytes(), offset);
  if (!seen) return seen.failure();
  here.head = seen.value().head;
  here.tail = seen.value().tail;
  return here;
}

result<void> input_files::find(const file_position& position) {
  const bool at_end = position.file == names_.size() && position.name.empty();
  if (!at_end && (position.file >= names_.size() || names_[position.file] != position.name))
    return error{error_code::malformed,
                 "the list of files is not the one that was being read: no longer file " +
                     std::to_string(position.file + 1) + ": " + position.name};
  while (at_ < position.file)
    if (auto advanced = advance(); !advanced) return advanced;
  if (at_end) return {};
  auto seen = seen_before(window_->bytes(), position.offset);
  if (!seen) return seen.failure();
  if (seen.value().head != position.head || seen.value().tail != position.tail)
    return error{error_code::malformed, "not the file that was being read, before byte " +
                                            std::to_string(position.offset) + ": " + position.name};
  return {};
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
