#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

std::size_t snapshot_writer::begin_text() {
  count(0);
  return bytes_.size();
}

void snapshot_writer::end_text(std::size_t began) {
  snapshot_writer length;
  length.count(bytes_.size() - began);
  bytes_.replace(began - length.bytes_.size(), length.bytes_.size(), length.bytes_);
}

void snapshot_writer::text(std::string_view bytes) {
  count(bytes.size());
  raw(bytes);
}

std::string_view snapshot_reader::text() { return raw(count(1)); }

std::size_t snapshot_reader::count(std::size_t least_bytes) {
  const auto n = value<std::uint64_t>();
  if (n <= left() / least_bytes) return static_cast<std::size_t>(n);
  refuse(std::to_string(n) + " values do not fit into the " + std::to_string(left()) +
         " bytes that are left");
  return 0;
}

std::string_view snapshot_reader::raw(std::size_t n) {
  if (!sound()) return {};
  if (n > left()) {
    refuse(std::to_string(n) + " bytes are wanted, " + std::to_string(left()) + " are left");
    return {};
  }
  at_ += n;
  return bytes_.substr(at_ - n, n);
}

void snapshot_reader::refuse(std::string_view why) {
  if (!sound()) return;
  wrong_ = "byte " + std::to_string(at_) + ": " + std::string{why};
}

result<void> snapshot_reader::finish() {
  if (sound() && left() > 0) refuse(std::to_string(left()) + " bytes are left over");
  if (sound()) return {};
  return error{error_code::malformed, wrong_};
}

}  // namespace sluice
