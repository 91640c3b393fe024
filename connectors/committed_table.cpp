#include "sluice/connectors/committed_table.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/crc32c.hpp"

namespace sluice {

namespace {

constexpr std::size_t piece = 1 << 20;        // bytes read from a staged file at a time
constexpr std::size_t seals_kept = 16;        // epochs; at most two are undecided at a time
constexpr std::chrono::seconds patience{60};  // at the start of a generation
constexpr std::chrono::milliseconds first_pause{50}, longest_pause{2000};

using clock = std::chrono::steady_clock;

enum class applied { now, before, fenced };

// What no trying again can help against.
bool is_final(const error& why) { return why.code == error_code::needs_decision; }

}  // namespace

// Everything a work needs; used on one thread at a time, as works and `resolve` are.
struct committed_table::outside {
  std::string sink;
  std::string_view extension;
  std::shared_ptr<transaction_port> table;
  std::shared_ptr<outside_wait> wait;
  std::shared_ptr<file_port> folder;
  job_id job;

  error newer_generation() const {
    return {error_code::refused, "a newer generation of this run writes to " + table->place()};
  }

  // The staged rows of an epoch, given to the transaction; they must be those that were prepared.
  result<void> insert(const std::string& file, const std::string& seal) {
    const auto not_as_prepared = [&](const std::string& why) {
      return error{error_code::needs_decision, "what was prepared is not there as it was: " +
                                                   folder->place() + '/' + file + " (" + why + ')'};
    };
    std::uint64_t bytes = 0;
    std::uint32_t checksum = 0;
    for (;;) {
      auto next = folder->read_part(file, bytes, piece);
      if (!next && next.failure().code == error_code::not_found) return not_as_prepared("gone");
      if (!next) return next.failure();
      if (next.value().empty()) break;
      bytes += next.value().size();
      checksum = crc32c(next.value(), checksum);
      if (auto inserted = table->insert(next.value()); !inserted) return inserted;
    }
    if (seal_of(bytes, checksum) != seal) return not_as_prepared("changed");
    return table->insert({});
  }

  // Applies a decided epoch, or finds that it has been.
  result<applied> try_once(std::chrono::seconds longest, std::size_t instance,
                           generation_id generation, epoch_id epoch, const std::string& file,
                           const std::string& seal) {
    if (auto begun = table->begin(longest); !begun) return begun.failure();
    auto rows = table->rows(job, sink, instance);
    if (!rows) return rows.failure();
    if (rows.value().empty())
      return error{error_code::needs_decision, "the row of this sink in sluice_epochs of " +
                                                   table->place() +
                                                   " is gone: nobody knows what is in its table"};
    const epoch_row& row = rows.value().front();
    if (row.epoch >= epoch) return applied::before;
    if (row.generation > generation) return applied::fenced;
    if (auto inserted = insert(file, seal); !inserted) return inserted.failure();
    auto put = table->put(job, sink, {instance, generation, epoch});
    if (!put) return put.failure();
    if (!put.value()) return applied::fenced;
    if (auto done = table->commit(); !done) return done.failure();
    return applied::now;
  }

  result<void> apply(std::chrono::seconds longest, std::size_t instance, generation_id prepared_by,
                     generation_id generation, epoch_id epoch, const std::string& seal) {
    const std::string file = staged_file(instance, prepared_by, epoch, extension);
    for (auto pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
      const auto began = clock::now();
      auto done = try_once(longest, instance, generation, epoch, file, seal);
      if (!done || done.value() != applied::now) table->rollback();
      if (done) {
        if (longest.count() == 0 && wait) wait->over(sink);
        if (done.value() == applied::fenced) return newer_generation();
        // If it comes back after a power failure the next generation drops it.
        auto removed = folder->remove(file);
        return removed || removed.failure().code == error_code::not_found ? result<void>{}
                                                                          : removed;
      }
      const error& why = done.failure();
      if (is_final(why) || longest.count() > 0 || !wait) return why;
      const auto taken =
          std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
      if (!wait->waited(sink, why.message, taken) || !wait->wait(sink, why.message, pause))
        return why;
    }
  }

  // Puts our generation into the rows of all instances `at` stands for, and makes its own.
  result<void> fence(const sink_context& at, const resolution& how) {
    if (auto begun = table->begin(patience); !begun) return begun;
    auto rows = table->rows(job, sink, std::nullopt);
    if (!rows) return rows.failure();
    std::map<std::size_t, epoch_row> ours;
    for (const epoch_row& row : rows.value()) {
      if (row.generation > how.generation) return newer_generation();
      if (row.instance % at.instances == at.instance) ours[row.instance] = row;
    }
    for (const decided_epoch& one : how.decided)
      if (!one.prepared.empty() && !ours.contains(one.instance))
        return error{error_code::needs_decision,
                     "sluice_epochs of " + table->place() + " does not know of instance " +
                         std::to_string(one.instance) + ", which has prepared epoch " +
                         std::to_string(one.epoch.value) +
                         ": is it the same database? With another one the run needs a new "
                         "directory of checkpoints"};
    ours.try_emplace(at.instance,
                     epoch_row{.instance = at.instance, .generation = {}, .epoch = {}});
    for (auto& [instance, row] : ours) {
      row.generation = how.generation;
      auto put = table->put(job, sink, row);
      if (!put) return put.failure();
      if (!put.value()) return newer_generation();
    }
    return table->commit();
  }

  // Removes what is prepared and no longer wanted. If this process was stopped behind `fence`, a
  // newer generation may be at work: its names, which hold it, are left alone, and it uses no
  // others.
  result<void> drop_stages(const sink_context& at, generation_id generation) {
    auto names = folder->list();
    if (!names) return names.failure();
    for (const std::string& name : names.value()) {
      const auto own = staged_name::read(name, extension);
      if (!own || own->instance % at.instances != at.instance) continue;
      if (own->generation > generation.value) continue;
      if (auto removed = folder->remove(name);
          !removed && removed.failure().code != error_code::not_found)
        return removed;
    }
    return folder->sync_names();
  }
};

committed_table::committed_table(parts made)
    : made_(std::move(made)),
      outside_(std::make_shared<outside>(outside{.sink = made_.at.stage,
                                                 .extension = made_.format.extension,
                                                 .table = made_.table,
                                                 .wait = made_.at.wait,
                                                 .folder = nullptr,
                                                 .job = {}})) {}

committed_table::~committed_table() = default;

result<void> committed_table::write(const column_batch& rows) {
  SLUICE_ASSERT(rows_.has_value(), "a generation begins with resolve");
  if (auto refused = made_.refuse(rows); !refused) return refused;
  return rows_->write(rows);
}

prepare_work committed_table::prepare(generation_id generation, epoch_id epoch) {
  SLUICE_ASSERT(rows_.has_value(), "a generation begins with resolve");
  auto prepared = rows_->prepare(generation, epoch);
  seals_[epoch] = std::move(prepared.seal);
  if (seals_.size() > seals_kept) seals_.erase(seals_.begin());
  return std::move(prepared.work);
}

commit_work committed_table::commit(generation_id generation, epoch_id epoch) {
  const auto found = seals_.find(epoch);
  // Without rows, or of long ago: committed epochs are only asked for again by mistake.
  if (found == seals_.end() || found->second.empty()) return [] { return result<void>{}; };
  return [out = outside_, instance = made_.at.instance, generation, epoch, seal = found->second] {
    return out->apply(std::chrono::seconds{0}, instance, generation, generation, epoch, seal);
  };
}

result<void> committed_table::resolve(const resolution& how) {
  auto folder = made_.folder(how.job);
  if (!folder) return folder.failure();
  outside_->folder = std::move(folder).value();
  outside_->job = how.job;
  rows_.emplace(outside_->folder, made_.at, made_.format);
  rows_->begin(how.generation);
  if (auto fenced = outside_->fence(made_.at, how); !fenced) {
    made_.table->rollback();
    return fenced;
  }
  for (const decided_epoch& one : how.decided) {
    if (one.prepared.empty()) continue;
    if (auto done = outside_->apply(patience, one.instance, one.generation, how.generation,
                                    one.epoch, one.prepared);
        !done)
      return done;
  }
  return outside_->drop_stages(made_.at, how.generation);
}

}  // namespace sluice
