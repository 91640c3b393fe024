#include "sluice/connectors/reject_logs.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "sluice/connectors/json_text.hpp"
#include "sluice/records/utf8.hpp"

namespace sluice {

namespace {

constexpr std::size_t kept = 4096;

void append_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[c & 15];
  }
}

}  // namespace

std::string file_reject_log::default_path(const std::string& stage) {
  return stage + ".rejected.jsonl";
}

void file_reject_log::begin(const std::string& stage, bool goes_on) {
  const std::lock_guard lock(mutex_);
  if (begun_) return;
  begun_ = true;
  stage_ = stage;
  if (!goes_on) ::unlink(path_.c_str());  // most often there is none
}

result<void> file_reject_log::reject(std::string_view input, std::uint64_t offset,
                                     std::uint64_t line, std::string_view reason,
                                     std::string_view text) {
  const std::string_view shown = text.substr(0, kept);
  const std::lock_guard lock(mutex_);
  begun_ = true;
  if (!file_)
    file_ = file_descriptor{::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)};
  if (!file_) return os_error("cannot open " + path_, errno);
  std::string row = "{\"source\":";
  append_json_string(row, stage_);
  row += ",\"input\":";
  append_json_string(row, input);
  row += ",\"offset\":" + std::to_string(offset) + ",\"line\":" + std::to_string(line);
  row += ",\"reason\":";
  append_json_string(row, reason);
  row += ",\"text\":";
  append_json_string(row, shown);
  if (shown.size() < text.size()) row += ",\"cut\":true";
  if (!is_utf8(shown)) {
    row += ",\"hex\":\"";
    append_hex(row, shown);
    row += '"';
  }
  row += "}\n";
  auto written = write_all(file_, row, path_);
  if (written) ++count_;
  return written;
}

result<void> memory_reject_log::reject(std::string_view input, std::uint64_t offset,
                                       std::uint64_t line, std::string_view reason,
                                       std::string_view text) {
  const std::lock_guard lock(mutex_);
  rows_.push_back(
      {std::string(input), offset, line, std::string(reason), std::string(text.substr(0, kept))});
  return {};
}

std::uint64_t memory_reject_log::count() const {
  const std::lock_guard lock(mutex_);
  return rows_.size();
}

std::vector<rejected_row> memory_reject_log::rows() const {
  const std::lock_guard lock(mutex_);
  return rows_;
}

}  // namespace sluice
