#include "sluice/state/file_meta_store.hpp"

#include <algorithm>
#include <utility>

#include "sluice/state/meta_rules.hpp"
#include "sluice/state/posix_files.hpp"

namespace sluice {

namespace {

const std::string log_name = "truth.log";
const std::string witness_name = "truth.seen";
constexpr std::uint64_t least_records = 4;  // else a large truth would replace the log every time

}  // namespace

result<std::unique_ptr<file_meta_store>> file_meta_store::open(const std::string& directory,
                                                               std::uint64_t log_bytes) {
  auto files = open_posix_files(directory);
  if (!files) return files.failure();
  auto lock = directory_lock::take(directory);
  if (!lock) return lock.failure();
  auto store = std::make_unique<file_meta_store>(std::move(files).value(), log_bytes);
  store->lock_ = std::move(lock).value();
  return store;
}

file_meta_store::file_meta_store(std::unique_ptr<file_port> files, std::uint64_t log_bytes)
    : files_(std::move(files)), log_bytes_(log_bytes) {}

result<std::optional<meta_truth>> file_meta_store::load() {
  if (!broken_ && !loaded_)
    if (auto read = read_files(); !read) broken_ = read.failure();
  if (broken_) return *broken_;
  loaded_ = true;
  return truth_;
}

meta_answer file_meta_store::create(const job_id& job, const graph_hash& graph) {
  return write([&](const auto& now) { return created(now, job, graph); });
}
meta_answer file_meta_store::bump_generation(generation_id expected, std::uint64_t numbers) {
  return write([&](const auto& now) { return bumped(now, expected, numbers); });
}
meta_answer file_meta_store::put_commit(const manifest& m, std::uint64_t numbers) {
  return write([&](const auto& now) { return sealed(now, m, numbers); });
}
meta_answer file_meta_store::take_back_last(generation_id expected, std::uint64_t numbers) {
  return write_anew([&](const auto& now) { return taken_back(now, expected, numbers); });
}
meta_answer file_meta_store::begin_again(generation_id expected, const job_id& job,
                                         const graph_hash& graph, std::uint64_t numbers) {
  return write_anew(
      [&](const auto& now) { return begun_again(now, expected, job, graph, numbers); });
}

// A record that does not follow from the one before can only be the first of a log.
template <class Rule>
meta_answer file_meta_store::write_anew(Rule rule) {
  log_.reset();
  return write(rule);
}

template <class Rule>
meta_answer file_meta_store::write(Rule rule) {
  const auto unknown = [this] {
    return meta_answer{.outcome = meta_outcome::unknown, .truth = {}, .message = broken_->message};
  };
  if (!load()) return unknown();
  meta_answer answer = rule(truth_);
  if (answer.outcome != meta_outcome::done) return answer;
  if (auto kept = keep(answer.truth); !kept) {
    if (kept.failure().code == error_code::no_space)
      return {.outcome = meta_outcome::not_now, .truth = {}, .message = kept.failure().message};
    broken_ = kept.failure();
    return unknown();
  }
  truth_ = answer.truth;
  return answer;
}

result<std::optional<std::string>> file_meta_store::read_if_there(const std::string& name) {
  auto bytes = files_->read(name);
  if (bytes) return std::optional{std::move(bytes).value()};
  if (bytes.failure().code == error_code::not_found) return std::optional<std::string>{};
  return bytes.failure();
}

result<void> file_meta_store::read_files() {
  auto witness = read_if_there(witness_name);
  if (!witness) return witness.failure();
  const auto seen =
      witness.value() ? read_witness(*witness.value()) : std::optional<log_position>{};
  auto log = read_if_there(log_name);
  if (!log) return log.failure();
  if (!log.value()) {
    if (!seen) return {};
    return error{error_code::malformed,
                 path(log_name) + ": byte 0: the log is gone: " + std::to_string(seen->bytes) +
                     " bytes of it had been acknowledged"};
  }
  auto content = read_log(*log.value(), path(log_name), seen);
  if (!content) return content.failure();
  if (const auto torn = content.value().torn_bytes; torn > 0)
    notes_.push_back(path(log_name) + ": byte " + std::to_string(content.value().end.bytes) +
                     ": cut off " + std::to_string(torn) +
                     " bytes of a record whose write was broken off");
  truth_ = std::move(content.value().truth);
  writes_ = content.value().writes;
  end_ = content.value().end;
  return {};
}

result<void> file_meta_store::keep(const meta_truth& truth) {
  const bool too_long = end_.bytes > std::max(log_bytes_, least_records * record_bytes_);
  const bool anew = !log_ || too_long;
  if (auto done = anew ? replace_log(truth) : append_to_log(truth); !done) return done;
  ++writes_;
  let_witness_know(anew);
  return {};
}

result<void> file_meta_store::replace_log(const meta_truth& truth) {
  const auto head = begin_log(end_.log + 1);
  const auto record = log_record_of(truth, writes_ + 1, head.end);
  if (auto done = replace_durably(*files_, log_name, head.bytes + record.bytes); !done) return done;
  auto log = files_->append_to(log_name);
  // The record is durable: whatever keeps it from being opened, it is not that nothing happened.
  if (!log) return error{error_code::failed, log.failure().message};
  log_ = std::move(log).value();
  end_ = record.end;
  record_bytes_ = record.bytes.size();
  return {};
}

result<void> file_meta_store::append_to_log(const meta_truth& truth) {
  const auto record = log_record_of(truth, writes_ + 1, end_);
  if (auto done = log_->append(record.bytes); !done) return take_back(done.failure());
  if (auto done = log_->sync(); !done) return done;
  end_ = record.end;
  record_bytes_ = record.bytes.size();
  return {};
}

// A record that did not fit was not synced, and a part of it is not believed by anybody who reads
// the log. Once that is cut off the log is what it was, and the next record can take its place.
result<void> file_meta_store::take_back(error why) {
  if (why.code != error_code::no_space) return why;
  if (auto cut = files_->truncate(log_name, end_.bytes); !cut)
    return error{error_code::failed, why.message + "; " + cut.failure().message};
  return why;
}

// Not synced: it tells a log that was cut from one that never was longer, and a power failure that
// loses both its end and that of the log does not exist, because the log is synced. What it costs
// is a write to memory; what it may not do is to fail a commit that has happened.
void file_meta_store::let_witness_know(bool of_new_log) {
  const std::string entry = witness_entry(end_);
  const bool anew = of_new_log || witness_torn_;  // behind half an entry none would be found
  auto done = anew ? files_->truncate(witness_name, 0) : result<void>{};
  auto witness = files_->append_to(witness_name);
  if (!witness && witness.failure().code == error_code::not_found) {
    witness = files_->create(witness_name);
    done = {};
  }
  if (!witness) done = witness.failure();
  if (done) done = witness.value()->append(entry);
  witness_torn_ = !done;
  if (!done) notes_.push_back(done.failure().message);
}

std::string file_meta_store::path(const std::string& name) const {
  return files_->place() + "/" + name;
}

}  // namespace sluice
