#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/connectors/epoch_output.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice {

/// One file to which several instances append what they have prepared, each piece once its epoch is
/// decided, and once whatever is killed on the way. Of the file `bad.jsonl`:
///
///   bad.jsonl                                        what is decided
///   .bad.jsonl.3.7.00000000000000000042.staged       instance 3, generation 7, epoch 42: prepared
///   .bad.jsonl.appending                             which piece is being appended, and where
///
/// A piece that was broken off is cut off again and appended anew, for where it begins was durable
/// before its first byte. A reader of the file sees whole pieces, but for the one that is being
/// appended. Somebody may take the file away between two pieces; then it begins anew.
///
/// Calls block; made by one thread at a time, of one process: that of the coordinator. Others only
/// put pieces beside the file.
class epoch_file {
 public:
  epoch_file(std::shared_ptr<file_port> folder, std::string name)
      : folder_(std::move(folder)), name_(std::move(name)) {}

  /// What a piece is called while it is prepared.
  std::string staged_name(const decided_epoch& what) const;
  /// Under which name instance `instance` writes before that, as of `staged_bytes`.
  std::string begin_of(std::size_t instance) const;

  /// Appends what was prepared, unless that was done. Errors: `malformed`, the piece is gone or is
  /// not as it was prepared.
  result<void> append(const decided_epoch& what);
  /// How a generation begins for instance `instance` of `instances`: appends what is prepared of
  /// decided epochs, and drops everything else that is.
  result<void> resolve(const resolution& how, std::size_t instance, std::size_t instances);

  std::shared_ptr<file_port> folder() const { return folder_; }

 private:
  struct progress {
    decided_epoch last;                               ///< Being appended, or appended last.
    std::uint64_t at = 0;                             ///< Where it begins, in bytes.
    std::map<std::size_t, std::uint64_t> begun = {};  ///< The newest epoch of each instance.
  };
  result<void> load();
  // What was being appended when a process died.
  result<void> finish_append();
  // What an instance, and those it stands for, have prepared in generations up to `generation`:
  // what a newer one has is left to it.
  result<void> drop_prepared(std::size_t instance, std::size_t instances, generation_id generation);
  // Everything: another run begins here.
  result<void> forget();
  result<void> append_piece(const std::string& piece);
  static std::string bytes_of(const progress& p);
  result<progress> read_progress(std::string_view bytes) const;
  error wrong(const std::string& file, const std::string& what) const;
  std::string progress_name() const { return '.' + name_ + ".appending"; }

  std::shared_ptr<file_port> folder_;
  std::string name_;
  std::optional<progress> progress_;  // nothing before `load`
};

}  // namespace sluice
