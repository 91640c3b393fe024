#include "sluice/connectors/staged_bytes.hpp"

#include <utility>

#include "sluice/records/crc32c.hpp"

namespace sluice {

std::string seal_of(std::uint64_t bytes, std::uint32_t checksum) {
  return std::to_string(bytes) + ' ' + std::to_string(checksum);
}

std::string seal_of(std::string_view bytes) { return seal_of(bytes.size(), crc32c(bytes)); }

// Gives the buffer to the file of this epoch, which is begun with it.
result<void> staged_bytes::hand_over() {
  if (!open_) {
    open_name_ = begin_ + '.' + std::to_string(generation_.value) + '.' + std::to_string(++files_) +
                 extension_ + ".writing";
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

staged_bytes::prepared staged_bytes::prepare(std::string name) {
  auto handed = hand_over();
  if (!handed) return {{}, [e = handed.failure()] { return result<std::string>{e}; }};
  std::string seal = seal_of(std::exchange(bytes_, 0), std::exchange(checksum_, 0));
  return {seal,
          [folder = folder_, file = std::exchange(open_, nullptr), from = open_name_,
           to = std::move(name), seal]() -> result<std::string> {
            if (auto synced = file->sync(); !synced) return synced.failure();
            if (auto renamed = folder->rename(from, to); !renamed) return renamed.failure();
            if (auto synced = folder->sync_names(); !synced) return synced.failure();
            return seal;
          }};
}

}  // namespace sluice
