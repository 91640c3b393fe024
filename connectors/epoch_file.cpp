#include "sluice/connectors/epoch_file.hpp"

#include <algorithm>
#include <utility>

#include "sluice/connectors/file_name_parts.hpp"
#include "sluice/connectors/staged_bytes.hpp"
#include "sluice/records/crc32c.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace {

constexpr std::string_view magic = "sluice-a";
constexpr std::uint32_t version = 1;
constexpr std::size_t checksum_bytes = 4;

}  // namespace

std::string epoch_file::begin_of(std::size_t instance) const {
  return '.' + name_ + '.' + std::to_string(instance);
}

std::string epoch_file::staged_name(const decided_epoch& what) const {
  return begin_of(what.instance) + '.' + std::to_string(what.generation.value) + '.' +
         twenty_digits(what.epoch.value) + ".staged";
}

result<void> epoch_file::resolve(const resolution& how, std::size_t instance,
                                 std::size_t instances) {
  if (how.fresh)
    if (auto gone = forget(); !gone) return gone;
  if (auto finished = finish_append(); !finished) return finished;
  for (const decided_epoch& one : how.decided)
    if (auto appended = append(one); !appended) return appended;
  return drop_prepared(instance, instances, how.generation);
}

error epoch_file::wrong(const std::string& file, const std::string& what) const {
  return {error_code::malformed, folder_->place() + '/' + file + ": " + what};
}

result<void> epoch_file::append(const decided_epoch& what) {
  if (what.prepared.empty()) return {};
  if (auto loaded = load(); !loaded) return loaded;
  const std::string from = staged_name(what);
  const auto begun = progress_->begun.find(what.instance);
  const bool was_begun = begun != progress_->begun.end() && begun->second >= what.epoch.value;
  // Another one was begun since, so this one was finished; its piece has come back after a power
  // failure, for its removal was not synced.
  if (was_begun && progress_->last != what) {
    auto gone = folder_->remove(from);
    return gone || gone.failure().code == error_code::not_found ? result<void>{} : gone;
  }
  auto piece = folder_->read(from);
  if (!piece && piece.failure().code == error_code::not_found) {
    if (was_begun) return {};
    return wrong(from,
                 "the file is gone, and " + progress_name() + " does not say that it was appended");
  }
  if (!piece) return piece.failure();
  if (seal_of(piece.value()) != what.prepared) return wrong(from, "not as it was prepared");
  if (progress_->last != what) {
    auto size = folder_->size(name_);
    if (!size && size.failure().code != error_code::not_found) return size.failure();
    progress next{what, size ? size.value() : 0, progress_->begun};
    next.begun[what.instance] = what.epoch.value;
    if (auto kept = replace_durably(*folder_, progress_name(), bytes_of(next)); !kept) return kept;
    progress_ = std::move(next);
  }
  if (auto appended = append_piece(piece.value()); !appended) return appended;
  return folder_->remove(from);
}

result<void> epoch_file::append_piece(const std::string& piece) {
  auto size = folder_->size(name_);
  if (size && size.value() > progress_->at)
    if (auto cut = folder_->truncate(name_, progress_->at); !cut) return cut;
  auto file = size ? folder_->append_to(name_) : folder_->create(name_);
  if (!file) return file.failure();
  if (auto appended = file.value()->append(piece); !appended) return appended;
  if (auto synced = file.value()->sync(); !synced) return synced;
  return size ? result<void>{} : folder_->sync_names();
}

result<void> epoch_file::finish_append() {
  progress_.reset();  // a write of an earlier generation may have failed half way
  if (auto loaded = load(); !loaded) return loaded;
  // Behind the epoch that was appended last nothing is staged of it.
  auto names = folder_->list();
  if (!names) return names.failure();
  const std::string staged = staged_name(progress_->last);
  const bool there =
      std::find(names.value().begin(), names.value().end(), staged) != names.value().end();
  return there ? append(decided_epoch{progress_->last}) : result<void>{};
}

result<void> epoch_file::drop_prepared(std::size_t instance, std::size_t instances,
                                       generation_id generation) {
  auto names = folder_->list();
  if (!names) return names.failure();
  const std::string begin = '.' + name_ + '.';
  for (const std::string& name : names.value()) {
    if (!name.starts_with(begin) || (!name.ends_with(".staged") && !name.ends_with(".writing")))
      continue;
    std::string_view rest = std::string_view{name}.substr(begin.size());
    const auto of = take_number(rest);
    if (!of || *of % instances != instance || !take(rest, ".")) continue;
    if (take_number(rest).value_or(0) > generation.value) continue;
    auto removed = folder_->remove(name);
    if (!removed && removed.failure().code != error_code::not_found) return removed;
  }
  return folder_->sync_names();
}

result<void> epoch_file::forget() {
  progress_ = progress{};
  for (const std::string& name : {progress_name(), name_})
    if (auto removed = folder_->remove(name);
        !removed && removed.failure().code != error_code::not_found)
      return removed;
  return folder_->sync_names();
}

result<void> epoch_file::load() {
  if (progress_) return {};
  auto bytes = folder_->read(progress_name());
  if (!bytes && bytes.failure().code != error_code::not_found) return bytes.failure();
  if (!bytes) {
    progress_ = progress{};
    return {};
  }
  auto read = read_progress(bytes.value());
  if (!read) return read.failure();
  progress_ = std::move(read).value();
  return {};
}

std::string epoch_file::bytes_of(const progress& p) {
  snapshot_writer out;
  out.raw(magic);
  out.value(version);
  out.value(p.last.generation.value);
  out.value(p.last.epoch.value);
  out.value<std::uint64_t>(p.last.instance);
  out.text(p.last.prepared);
  out.value(p.at);
  out.count(p.begun.size());
  for (const auto& [instance, epoch] : p.begun) {
    out.value<std::uint64_t>(instance);
    out.value(epoch);
  }
  out.value(crc32c(out.bytes()));
  return out.take();
}

result<epoch_file::progress> epoch_file::read_progress(std::string_view bytes) const {
  const std::string name = progress_name();
  if (bytes.substr(0, magic.size()) != magic || bytes.size() < magic.size() + 4 + checksum_bytes)
    return wrong(name, "this is no record of what was appended");
  const auto content = bytes.substr(0, bytes.size() - checksum_bytes);
  snapshot_reader end{bytes.substr(content.size())};
  if (end.value<std::uint32_t>() != crc32c(content))
    return wrong(name, "the file does not match its checksum");
  snapshot_reader in{content};
  in.raw(magic.size());
  if (const auto found = in.value<std::uint32_t>(); found != version)
    return wrong(name, "format version " + std::to_string(found) + " is unknown; known is " +
                           std::to_string(version));
  progress p;
  p.last.generation.value = in.value<std::uint64_t>();
  p.last.epoch.value = in.value<std::uint64_t>();
  p.last.instance = in.value<std::uint64_t>();
  p.last.prepared = in.text();
  p.at = in.value<std::uint64_t>();
  for (auto left = in.count(16); left > 0; --left) {
    const auto instance = in.value<std::uint64_t>();
    p.begun[instance] = in.value<std::uint64_t>();
  }
  if (auto whole = in.finish(); !whole) return wrong(name, whole.failure().message);
  return p;
}

}  // namespace sluice
