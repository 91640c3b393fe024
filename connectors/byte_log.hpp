#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/messages/ids.hpp"
#include "sluice/records/result.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice {

/// Bytes that came in from where they cannot be asked for again, durable before anybody acts on
/// them (docs/checkpoint-format.md). They are counted from 0 through all files:
///
///   bytes.00000000000000000000.log    a head, then records, each synced before it is acknowledged
///   bytes.00000000000008388608.log    begun where the other was full, or a process had ended
///   bytes.seen                        how far the last file had come, so that one that was cut is
///                                     known as such
///
/// One process, one thread; `collect` may be called on another one.
class byte_log {
 public:
  /// A file that is longer, in bytes, is followed by another one.
  static constexpr std::uint64_t usual_file_bytes = 8 << 20;

  /// Opens the log of the run `job` in `files`; every byte is verified. What another run left is
  /// removed if that has ended. Errors: `malformed`; `needs_decision`, another run has received
  /// bytes that may not have been worked off.
  static result<std::unique_ptr<byte_log>> open(std::shared_ptr<file_port> files, job_id job,
                                                std::uint64_t file_bytes = usual_file_bytes);

  std::uint64_t begin() const;  ///< The oldest byte that is still there.
  /// `malformed` unless byte `offset` is there, or comes next.
  result<void> check_holds(std::uint64_t offset) const;
  std::uint64_t end() const { return end_; }  ///< Behind the newest.
  bool ended() const { return ended_; }       ///< Nothing will ever follow.
  /// True if the last byte does not end a line.
  bool within_line() const { return within_line_; }

  /// Appends `bytes`; they are durable when it returns. After an error nothing more may be
  /// appended.
  result<void> append(std::string_view bytes);
  /// Nothing will follow, durably.
  result<void> append_end();
  /// Reads at most `room.size()` bytes from `offset` on, which is not before `begin`; 0 at the end.
  result<std::size_t> read(std::uint64_t offset, std::span<char> room);

  /// The files whose bytes all lie before `offset`, but never the last one, are forgotten; returns
  /// their names, to be removed from `files` by whoever has time for that.
  std::vector<std::string> forget_before(std::uint64_t offset);
  /// Everything is worked off: another run may begin here. To be called behind `append_end`.
  result<void> append_done();

  std::shared_ptr<file_port> files() const { return files_; }

 private:
  enum class kind : std::uint32_t { bytes = 1, end = 2, done = 3 };
  struct part {
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  struct content;

  byte_log(std::shared_ptr<file_port> files, job_id job, std::uint64_t file_bytes)
      : files_(std::move(files)), job_(job), file_bytes_(file_bytes) {}

  result<void> load();
  result<content> read_part(const std::string& name, std::uint64_t begin,
                            std::optional<std::uint64_t> seen) const;
  result<void> remove_all();
  result<void> begin_part();
  result<void> append_record(kind is, std::string_view bytes);
  void let_witness_know(bool of_new_part);
  error wrong(const std::string& name, const std::string& what) const;

  std::shared_ptr<file_port> files_;
  job_id job_;
  std::uint64_t file_bytes_;
  std::vector<part> parts_;  // oldest first
  std::uint64_t end_ = 0;
  bool ended_ = false;
  bool within_line_ = false;
  std::unique_ptr<output_port> open_;  // the last part, once this process has begun one
  std::uint64_t written_ = 0;          // bytes of its file
  std::uint32_t checksum_ = 0;         // of its last record
  std::string cached_name_;            // the part that was read last …
  std::string cached_;                 // … and its bytes
};

}  // namespace sluice
