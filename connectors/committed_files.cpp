#include "sluice/connectors/committed_files.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "sluice/records/crc32c.hpp"

namespace sluice {

namespace {

constexpr std::size_t block = 256 * 1024;
constexpr std::string_view writing = ".writing";
constexpr std::string_view staged = ".staged";

std::string part_of(std::size_t instance) {
  char text[32];
  std::snprintf(text, sizeof text, "part-%05zu", instance);
  return text;
}

// Twenty digits: every number there is, in the order of text.
std::string digits(std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%020llu", static_cast<unsigned long long>(number));
  return text;
}

std::string staged_name(std::size_t instance, generation_id generation, epoch_id epoch,
                        std::string_view extension) {
  return '.' + part_of(instance) + '.' + std::to_string(generation.value) + '.' +
         digits(epoch.value) + std::string(extension) + std::string(staged);
}
std::string committed_name(std::size_t instance, epoch_id epoch, std::string_view extension) {
  return part_of(instance) + '.' + digits(epoch.value) + std::string(extension);
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}
bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

// A name of ours, taken apart.
struct own_name {
  enum class kind { writing, staged, committed } is = kind::writing;
  std::uint64_t instance = 0;
  std::uint64_t generation = 0;
  std::uint64_t epoch = 0;
};

std::optional<own_name> read_name(std::string_view name, std::string_view extension) {
  own_name read;
  const bool hidden = take(name, ".");
  if (!take(name, "part-")) return std::nullopt;
  const auto instance = take_number(name);
  if (!instance) return std::nullopt;
  read.instance = *instance;
  if (!hidden && name == extension) {  // of a run without checkpoints
    read.is = own_name::kind::committed;
    return read;
  }
  if (!take(name, ".")) return std::nullopt;
  const auto first = take_number(name);
  if (!first) return std::nullopt;
  if (!hidden) {
    read.is = own_name::kind::committed;
    read.epoch = *first;
    return name == extension ? std::optional{read} : std::nullopt;
  }
  read.generation = *first;
  if (!take(name, ".")) return std::nullopt;
  const auto second = take_number(name);
  if (!second) return std::nullopt;
  read.epoch = *second;
  if (!take(name, extension)) return std::nullopt;
  read.is = name == staged ? own_name::kind::staged : own_name::kind::writing;
  return name == staged || name == writing ? std::optional{read} : std::nullopt;
}

// What tells a prepared file from any other.
std::string seal_of(std::uint64_t bytes, std::uint32_t checksum) {
  return std::to_string(bytes) + ' ' + std::to_string(checksum);
}

// Makes the staged file visible. Where a file of the epoch is there already, it must be the same.
result<void> show(file_port& folder, const std::string& from, const std::string& to) {
  auto renamed = folder.rename(from, to);
  if (renamed || renamed.failure().code != error_code::refused) return renamed;
  auto there = folder.read(to);
  if (!there) return there.failure();
  auto ours = folder.read(from);
  if (!ours) return ours.failure();
  if (there.value() != ours.value())
    return error{error_code::malformed, "a file of this epoch with other rows is there already: " +
                                            folder.place() + '/' + to};
  return folder.remove(from);
}

}  // namespace

committed_files::committed_files(std::shared_ptr<file_port> folder, const sink_context& at,
                                 row_format format)
    : folder_(std::move(folder)), at_(at), format_(format) {}

result<void> committed_files::write(const column_batch& rows) {
  if (!open_ && buffer_.empty() && format_.head) format_.head(buffer_, *at_.fields);
  for (std::size_t row = 0; row < rows.size(); ++row) format_.row(buffer_, rows, row);
  return buffer_.size() < block ? result<void>{} : hand_over();
}

// Gives the buffer to the file of this epoch, which is begun with it.
result<void> committed_files::hand_over() {
  if (!open_) {
    open_name_ = '.' + part_of(at_.instance) + '.' + std::to_string(generation_.value) + '.' +
                 std::to_string(++files_) + std::string(format_.extension) + std::string(writing);
    auto begun = folder_->create(open_name_);
    if (!begun) return begun.failure();
    open_ = std::move(begun).value();
  }
  bytes_ += buffer_.size();
  checksum_ = crc32c(buffer_, checksum_);
  auto appended = open_->append(buffer_);
  buffer_.clear();
  return appended;
}

prepare_work committed_files::prepare(generation_id generation, epoch_id epoch) {
  if (!open_ && buffer_.empty()) return [] { return result<std::string>{std::string{}}; };
  auto handed = hand_over();
  if (!handed) return [e = handed.failure()] { return result<std::string>{e}; };
  return [folder = folder_, file = std::exchange(open_, nullptr), from = open_name_,
          to = staged_name(at_.instance, generation, epoch, format_.extension),
          seal = seal_of(std::exchange(bytes_, 0),
                         std::exchange(checksum_, 0))]() -> result<std::string> {
    if (auto synced = file->sync(); !synced) return synced.failure();
    if (auto renamed = folder->rename(from, to); !renamed) return renamed.failure();
    if (auto synced = folder->sync_names(); !synced) return synced.failure();
    return seal;
  };
}

commit_work committed_files::commit(generation_id generation, epoch_id epoch) {
  return [folder = folder_, from = staged_name(at_.instance, generation, epoch, format_.extension),
          to = committed_name(at_.instance, epoch, format_.extension)]() -> result<void> {
    auto shown = show(*folder, from, to);
    // Nothing staged: the epoch had no rows, or was committed before.
    if (!shown && shown.failure().code == error_code::not_found) return {};
    if (!shown) return shown;
    return folder->sync_names();
  };
}

// The file of a decided epoch must be there, staged or committed, as it was prepared.
result<void> committed_files::finish(const decided_epoch& decided) {
  if (decided.prepared.empty()) return {};
  const std::string from =
      staged_name(decided.instance, decided.generation, decided.epoch, format_.extension);
  const std::string to = committed_name(decided.instance, decided.epoch, format_.extension);
  auto there = folder_->read(from);
  const bool is_staged = static_cast<bool>(there);
  if (!is_staged && there.failure().code == error_code::not_found) there = folder_->read(to);
  if (!there) return there.failure();
  if (seal_of(there.value().size(), crc32c(there.value())) != decided.prepared)
    return error{error_code::malformed,
                 "not as it was prepared: " + folder_->place() + '/' + (is_staged ? from : to)};
  return is_staged ? show(*folder_, from, to) : result<void>{};
}

result<void> committed_files::resolve(const resolution& how) {
  generation_ = how.generation;
  for (const decided_epoch& one : how.decided)
    if (auto done = finish(one); !done) return done;
  auto names = folder_->list();
  if (!names) return names.failure();
  for (const std::string& name : names.value()) {
    const auto own = read_name(name, format_.extension);
    if (!own || own->instance % at_.instances != at_.instance) continue;
    if (own->is == own_name::kind::committed && !how.fresh) continue;
    if (own->generation > how.generation.value && !how.fresh) continue;  // this one is late
    if (auto removed = folder_->remove(name); !removed) return removed;
  }
  return folder_->sync_names();
}

}  // namespace sluice
