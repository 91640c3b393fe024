#include "sluice/connectors/staged_rows.hpp"

#include "sluice/connectors/file_name_parts.hpp"

namespace sluice {

namespace {

constexpr std::string_view writing = ".writing";
constexpr std::string_view staged = ".staged";

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
         twenty_digits(epoch.value) + std::string(extension) + std::string(staged);
}

std::string committed_file(std::size_t instance, epoch_id epoch, std::string_view extension) {
  return part_of(instance) + '.' + twenty_digits(epoch.value) + std::string(extension);
}

staged_rows::staged_rows(std::shared_ptr<file_port> folder, const sink_context& at,
                         row_format format)
    : instance_(at.instance),
      fields_(at.fields),
      format_(format),
      bytes_(std::move(folder), '.' + part_of(at.instance), std::string(format.extension)) {}

result<void> staged_rows::write(const column_batch& rows) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (bytes_.empty() && format_.head) format_.head(bytes_.buffer(), *fields_);
    format_.row(bytes_.buffer(), rows, row);
    if (auto handed = bytes_.written(); !handed) return handed;
  }
  return {};
}

staged_bytes::prepared staged_rows::prepare(generation_id generation, epoch_id epoch) {
  if (bytes_.empty()) return {{}, [] { return result<std::string>{std::string{}}; }};
  return bytes_.prepare(staged_file(instance_, generation, epoch, format_.extension));
}

}  // namespace sluice
