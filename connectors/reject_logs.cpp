#include "sluice/connectors/reject_logs.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "sluice/connectors/epoch_rejects.hpp"
#include "sluice/connectors/json_text.hpp"
#include "sluice/records/utf8.hpp"
#include "sluice/state/posix_files.hpp"

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

void append_rejected(std::string& to, std::string_view stage, const rejected_piece& piece) {
  const std::string_view shown = piece.text.substr(0, kept);
  to += "{\"source\":";
  append_json_string(to, stage);
  to += ",\"input\":";
  append_json_string(to, piece.input);
  to += ",\"offset\":" + std::to_string(piece.offset) + ",\"line\":" + std::to_string(piece.line);
  to += ",\"reason\":";
  append_json_string(to, piece.reason);
  to += ",\"text\":";
  append_json_string(to, shown);
  if (shown.size() < piece.text.size()) to += ",\"cut\":true";
  if (!is_utf8(shown)) {
    to += ",\"hex\":\"";
    append_hex(to, shown);
    to += '"';
  }
  to += "}\n";
}

result<void> file_reject_log::reject(std::string_view input, std::uint64_t offset,
                                     std::uint64_t line, std::string_view reason,
                                     std::string_view text) {
  const std::lock_guard lock(mutex_);
  begun_ = true;
  if (!file_)
    file_ = file_descriptor{::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)};
  if (!file_) return os_error("cannot open " + path_, errno);
  std::string row;
  append_rejected(row, stage_, {input, offset, line, reason, text});
  auto written = write_all(file_, row, path_);
  if (written) ++*count_;
  return written;
}

result<void> file_reject_log::open_by_epoch() {
  if (by_epoch_) return {};
  const std::filesystem::path path{path_};
  auto folder = open_posix_files(path.has_parent_path() ? path.parent_path().string() : ".");
  if (!folder) return folder.failure();
  by_epoch_ = std::make_shared<epoch_file>(std::move(folder).value(), path.filename().string());
  return {};
}

result<std::shared_ptr<epoch_rejects>> file_reject_log::by_epoch(std::size_t instance) {
  const std::lock_guard lock(mutex_);
  if (auto opened = open_by_epoch(); !opened) return opened.failure();
  return std::make_shared<epoch_rejects>(by_epoch_, stage_, instance, count_);
}

result<std::shared_ptr<epoch_file>> file_reject_log::shown_by_epoch() {
  const std::lock_guard lock(mutex_);
  if (auto opened = open_by_epoch(); !opened) return opened.failure();
  return by_epoch_;
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
