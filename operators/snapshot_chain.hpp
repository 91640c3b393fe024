#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sluice/messages/checkpoint.hpp"
#include "sluice/operators/saved_state.hpp"

namespace sluice {

/// How the snapshots of one instance become a base and what changed behind it (DESIGN 6): which of
/// them are whole, and which travel with the answer instead of lying in a file. Pure.
///
///   base file | delta file | delta file | small deltas, in the commit record
///
/// Small snapshots are gathered in the commit record, so that a stage of little state costs no
/// fsync. A snapshot is whole again once what changed has grown to the size of the base.
class snapshot_chain {
 public:
  /// Bytes up to which snapshots lie in the commit record.
  static constexpr std::size_t most_inline = 4096;
  /// Files behind a base.
  static constexpr std::size_t most_deltas = 64;

  /// Begins with a whole snapshot.
  snapshot_chain() = default;
  /// Goes on behind `last`, an answer of which the whole piece and those behind it take so many
  /// bytes. One without files begins anew.
  snapshot_chain(const instance_snapshot& last, std::uint64_t whole_bytes,
                 std::uint64_t changed_bytes);

  /// True if the next snapshot must be whole.
  bool wants_whole() const;

  /// Takes the next snapshot. Returns what is to be written into a file before it is durable;
  /// nothing if it lies in the answer.
  struct file_content {
    std::string bytes;
    bool base = false;  ///< It replaces every file before it.
  };
  [[nodiscard]] std::optional<file_content> add(const saved_state& what);

  /// The oldest snapshot that has not been answered for is durable, with the file that was asked
  /// for, if one was. Fills in where it is.
  void answer(std::optional<blob_ref> file, instance_snapshot& to);
  /// Snapshots not answered for.
  std::size_t waiting() const { return waiting_.size(); }

 private:
  struct taken {
    bool whole = false;
    bool file = false;
    std::string state;
  };

  std::deque<taken> waiting_;
  std::vector<blob_ref> files_;  // of the newest snapshot answered for
  std::string inline_;           // pieces behind the last file
  bool begun_ = false;
  bool file_since_whole_ = false;
  std::uint64_t base_bytes_ = 0;
  std::uint64_t delta_bytes_ = 0;
  std::size_t deltas_ = 0;
};

}  // namespace sluice
