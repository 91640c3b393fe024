#include "sluice/connectors/staged_rows.hpp"

#include <charconv>
#include <cstdio>
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

}  // namespace

std::optional<staged_name> staged_name::read(std::string_view name, std::string_view extension) {
  staged_name read;
  const bool hidden = take(name, ".");
  if (!take(name, "part-")) return std::nullopt;
  const auto instance = take_number(name);
  if (!instance) return std::nullopt;
  read.instance = *instance;
  if (!hidden && name == extension) {  // of a run without checkpoints
    read.is = kind::committed;
    return read;
  }
  if (!take(name, ".")) return std::nullopt;
  const auto first = take_number(name);
  if (!first) return std::nullopt;
  if (!hidden) {
    read.is = kind::committed;
    read.epoch = *first;
    return name == extension ? std::optional{read} : std::nullopt;
  }
  read.generation = *first;
  if (!take(name, ".")) return std::nullopt;
  const auto second = take_number(name);
  if (!second) return std::nullopt;
  read.epoch = *second;
  if (!take(name, extension)) return std::nullopt;
  read.is = name == staged ? kind::staged : kind::writing;
  return name == staged || name == writing ? std::optional{read} : std::nullopt;
}

std::string staged_file(std::size_t instance, generation_id generation, epoch_id epoch,
                        std::string_view extension) {
  return '.' + part_of(instance) + '.' + std::to_string(generation.value) + '.' +
         digits(epoch.value) + std::string(extension) + std::string(staged);
}

std::string committed_file(std::size_t instance, epoch_id epoch, std::string_view extension) {
  return part_of(instance) + '.' + digits(epoch.value) + std::string(extension);
}

std::string seal_of(std::uint64_t bytes, std::uint32_t checksum) {
  return std::to_string(bytes) + ' ' + std::to_string(checksum);
}

result<void> staged_rows::write(const column_batch& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!open_ && buffer_.empty() && format_.head) format_.head(buffer_, *at_.fields);
    format_.row(buffer_, rows, row);
    if (buffer_.size() < block) continue;
    if (auto handed = hand_over(); !handed) return handed;
  }
  return {};
}

// Gives the buffer to the file of this epoch, which is begun with it.
result<void> staged_rows::hand_over() {
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

staged_rows::prepared staged_rows::prepare(generation_id generation, epoch_id epoch) {
  if (!open_ && buffer_.empty()) return {{}, [] { return result<std::string>{std::string{}}; }};
  auto handed = hand_over();
  if (!handed) return {{}, [e = handed.failure()] { return result<std::string>{e}; }};
  std::string seal = seal_of(std::exchange(bytes_, 0), std::exchange(checksum_, 0));
  return {seal,
          [folder = folder_, file = std::exchange(open_, nullptr), from = open_name_,
           to = staged_file(at_.instance, generation, epoch, format_.extension),
           seal]() -> result<std::string> {
            if (auto synced = file->sync(); !synced) return synced.failure();
            if (auto renamed = folder->rename(from, to); !renamed) return renamed.failure();
            if (auto synced = folder->sync_names(); !synced) return synced.failure();
            return seal;
          }};
}

}  // namespace sluice
