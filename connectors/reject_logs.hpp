#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/state/file_descriptor.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice {

class epoch_file;

/// What is known of a rejected row; `text` is cut to 4 KiB.
struct rejected_piece {
  std::string_view input;
  std::uint64_t offset = 0;
  std::uint64_t line = 0;
  std::string_view reason;
  std::string_view text;
};
/// Appends the line of a rejected row, with its end.
void append_rejected(std::string& to, std::string_view stage, const rejected_piece& piece);

/// Keeps rejected rows in a file of JSON lines, made when the first one comes:
///
///   {"source":"payments","input":"a.csv","offset":310,"line":7,"reason":"…","text":"…"}
///
/// Text is cut to 4 KiB (`"cut":true`); text that is not UTF-8 is also there byte by byte, as
/// `"hex"`. Every row is in the file when `reject` returns; in a run with checkpoints once its
/// epoch is decided (`by_epoch`). Thread-safe.
class file_reject_log final : public reject_log {
 public:
  /// `STAGE.rejected.jsonl`
  static std::string default_path(const std::string& stage);

  explicit file_reject_log(std::string path) : path_(std::move(path)) {}

  /// Says whose rows these are and removes what an earlier run left at the path, unless the run
  /// goes on from a checkpoint. Only the first call does something, and none after the first
  /// reject.
  void begin(const std::string& stage, bool goes_on = false) override;

  /// Errors: the file cannot be made or written.
  result<void> reject(std::string_view input, std::uint64_t offset, std::uint64_t line,
                      std::string_view reason, std::string_view text) override;
  result<std::shared_ptr<epoch_rejects>> by_epoch(std::size_t instance) override;
  result<std::shared_ptr<epoch_file>> shown_by_epoch() override;
  std::uint64_t count() const override { return *count_; }
  const std::string& path() const { return path_; }

 private:
  result<void> open_by_epoch();

  std::string path_;
  std::mutex mutex_;
  bool begun_ = false;
  std::string stage_;
  file_descriptor file_;
  std::shared_ptr<epoch_file> by_epoch_;
  std::shared_ptr<std::atomic<std::uint64_t>> count_ =
      std::make_shared<std::atomic<std::uint64_t>>(0);
};

/// A row that was rejected; `text` is cut to 4 KiB.
struct rejected_row {
  std::string input;
  std::uint64_t offset = 0;
  std::uint64_t line = 0;
  std::string reason;
  std::string text;

  bool operator==(const rejected_row&) const = default;
};

/// Keeps rejected rows in memory, for tests. Thread-safe.
class memory_reject_log final : public reject_log {
 public:
  result<void> reject(std::string_view input, std::uint64_t offset, std::uint64_t line,
                      std::string_view reason, std::string_view text) override;
  std::uint64_t count() const override;
  std::vector<rejected_row> rows() const;

 private:
  mutable std::mutex mutex_;
  std::vector<rejected_row> rows_;
};

}  // namespace sluice
