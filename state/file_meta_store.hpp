#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/state/directory_lock.hpp"
#include "sluice/state/file_port.hpp"
#include "sluice/state/meta_log.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// The embedded store: one directory, one process, a log that is synced with every write
/// (docs/checkpoint-format.md). For one machine, or a cluster whose coordinator has a fixed host.
///
///   truth.log        the records; the last one is the truth
///   truth.seen       how far the log had come, so that a log that was cut is known as such
///   truth.log.tmp    a log about to take the other's place
///
/// The first write after opening, and one that finds the log too long, begins a new log with one
/// record, which takes the old one's place by rename. So what the log held in memory only, because
/// a sync of it had failed in a process before this one, is on the disk before anybody acts on it.
///
/// What goes wrong in a write is `unknown`: the store answers nothing else from then on, and the
/// process must exit (docs/protocol.md D7). Only a disk that is full before anything was synced is
/// `not_now`: what was written of the record is cut off again.
class file_meta_store final : public meta_store {
 public:
  /// A log that is longer, in bytes, is replaced, unless four records make up most of it.
  static constexpr std::uint64_t usual_log_bytes = 1 << 20;

  /// Opens the store in `directory`, making that if need be. `unavailable` while another process
  /// has it open: the message names that process.
  static result<std::unique_ptr<file_meta_store>> open(const std::string& directory,
                                                       std::uint64_t log_bytes = usual_log_bytes);
  /// A store in `files`, which nobody else uses.
  explicit file_meta_store(std::unique_ptr<file_port> files,
                           std::uint64_t log_bytes = usual_log_bytes);

  result<std::optional<meta_truth>> load() override;
  meta_answer create(const job_id& job, const graph_hash& graph) override;
  meta_answer bump_generation(generation_id expected, std::uint64_t numbers) override;
  meta_answer put_commit(const manifest& m, std::uint64_t numbers) override;
  meta_answer take_back_last(generation_id expected, std::uint64_t numbers) override;
  meta_answer begin_again(generation_id expected, const job_id& job, const graph_hash& graph,
                          std::uint64_t numbers) override;

  /// What happened that no answer tells, a sentence each: a record cut off that was never
  /// acknowledged, a witness that could not be written.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  template <class Rule>
  meta_answer write(Rule rule);
  template <class Rule>
  meta_answer write_anew(Rule rule);
  result<void> read_files();
  result<std::optional<std::string>> read_if_there(const std::string& name);
  result<void> keep(const meta_truth& truth);
  result<void> replace_log(const meta_truth& truth);
  result<void> append_to_log(const meta_truth& truth);
  result<void> take_back(error why);
  void let_witness_know(bool of_new_log);
  std::string path(const std::string& name) const;

  std::optional<directory_lock> lock_;
  std::unique_ptr<file_port> files_;
  std::uint64_t log_bytes_;
  bool loaded_ = false;
  std::optional<error> broken_;  ///< Why nothing is answered any more.
  std::optional<meta_truth> truth_;
  std::uint64_t writes_ = 0;
  log_position end_;
  std::unique_ptr<output_port> log_;  ///< Null until a write has replaced the log.
  std::uint64_t record_bytes_ = 0;    ///< Of the last record.
  bool witness_torn_ = false;         ///< Its last entry may be half an entry.
  std::vector<std::string> notes_;
};

}  // namespace sluice
