#include "sluice/operators/snapshot_chain.hpp"

#include <utility>

#include "sluice/records/assert.hpp"

namespace sluice {

snapshot_chain::snapshot_chain(const instance_snapshot& last, std::uint64_t whole_bytes,
                               std::uint64_t changed_bytes) {
  if (last.blobs.empty()) return;
  files_ = last.blobs;
  inline_ = last.state;
  begun_ = file_since_whole_ = true;
  base_bytes_ = whole_bytes;
  delta_bytes_ = changed_bytes;
  deltas_ = files_.size() - 1;
}

bool snapshot_chain::wants_whole() const {
  return !begun_ || deltas_ >= most_deltas || delta_bytes_ > base_bytes_ + most_inline;
}

std::optional<snapshot_chain::file_content> snapshot_chain::add(const saved_state& what) {
  SLUICE_ASSERT(begun_ || what.whole, "the first snapshot of a chain is whole");
  begun_ = true;
  if (what.whole) {
    inline_.clear();
    base_bytes_ = delta_bytes_ = 0;
    deltas_ = 0;
    file_since_whole_ = false;
  }
  const std::size_t before = inline_.size();
  append_saved(inline_, what);
  (what.whole ? base_bytes_ : delta_bytes_) += inline_.size() - before;
  if (inline_.size() <= most_inline) {
    waiting_.push_back({what.whole, false, inline_});
    return std::nullopt;
  }
  file_content file{std::exchange(inline_, {}), !file_since_whole_};
  if (file_since_whole_) ++deltas_;
  file_since_whole_ = true;
  // What was in the answer alone is in the file now, so the file may replace those before it.
  waiting_.push_back({file.base, true, {}});
  return file;
}

void snapshot_chain::answer(std::optional<blob_ref> file, instance_snapshot& to) {
  SLUICE_ASSERT(!waiting_.empty() && waiting_.front().file == file.has_value(),
                "snapshots are answered for in order, with their files");
  taken& oldest = waiting_.front();
  if (oldest.whole) files_.clear();
  if (file) files_.push_back(std::move(*file));
  to.blobs = files_;
  to.state = std::move(oldest.state);
  waiting_.pop_front();
}

}  // namespace sluice
