#include "sluice/connectors/committed_files.hpp"

#include <utility>

#include "sluice/connectors/generation_fence.hpp"

namespace sluice {

namespace {

// Makes the staged file visible. Where a file of the epoch is there already, it must be the same.
result<void> show(file_port& folder, const std::string& from, const std::string& to) {
  auto renamed = folder.rename(from, to);
  if (renamed || renamed.failure().code != error_code::refused) return renamed;
  auto there = folder.read(to);
  if (!there) return there.failure();
  auto ours = folder.read(from);
  if (!ours) return ours.failure();
  if (there.value() != ours.value())
    return error{error_code::malformed, "a file of this epoch with other rows is there already: " +
                                            folder.place() + '/' + to};
  return folder.remove(from);
}

}  // namespace

std::string staged_file_name(const decided_epoch& of, std::string_view extension) {
  return staged_file(of.instance, of.generation, of.epoch, extension);
}

committed_files::committed_files(std::shared_ptr<file_port> folder, const sink_context& at,
                                 row_format format)
    : folder_(std::move(folder)), at_(at), format_(format), rows_(folder_, at_, format_) {}

commit_work committed_files::commit(generation_id generation, epoch_id epoch) {
  return [folder = folder_, from = staged_file(at_.instance, generation, epoch, format_.extension),
          to = committed_file(at_.instance, epoch, format_.extension)]() -> result<void> {
    auto shown = show(*folder, from, to);
    // Nothing staged: the epoch had no rows, or was committed before.
    if (!shown && shown.failure().code == error_code::not_found) return {};
    if (!shown) return shown;
    return folder->sync_names();
  };
}

// The file of a decided epoch must be there, staged or committed, as it was prepared.
result<void> committed_files::finish(const decided_epoch& decided) {
  if (decided.prepared.empty()) return {};
  const std::string from =
      staged_file(decided.instance, decided.generation, decided.epoch, format_.extension);
  const std::string to = committed_file(decided.instance, decided.epoch, format_.extension);
  for (const std::string& name : {from, to}) {
    auto there = folder_->read(name);
    if (!there && there.failure().code == error_code::not_found) continue;
    if (!there) return there.failure();
    if (seal_of(there.value()) != decided.prepared)
      return error{error_code::malformed,
                   "not as it was prepared: " + folder_->place() + '/' + name};
    if (name == to) return {};
    auto shown = show(*folder_, from, to);
    // Gone meanwhile: a process that was stopped before it was replaced has shown it just now.
    if (shown || shown.failure().code != error_code::not_found) return shown;
  }
  return error{error_code::malformed, "what was prepared is gone: neither " + folder_->place() +
                                          '/' + from + " nor " + folder_->place() + '/' + to +
                                          " is there"};
}

result<void> committed_files::resolve(const resolution& how) {
  rows_.begin(how.generation);
  auto fence = generation_fence::raise({.folder = *folder_,
                                        .begin = ".part-",
                                        .extension = format_.extension,
                                        .instance = at_.instance,
                                        .instances = at_.instances},
                                       how);
  if (!fence) return fence.failure();
  for (const decided_epoch& one : how.decided)
    if (auto done = finish(one); !done) return done;
  for (const std::string& name : fence.value().names()) {
    const auto own = staged_name::read(name, format_.extension);
    if (!own || own->instance % at_.instances != at_.instance) continue;
    const bool committed = own->is == staged_name::kind::committed;
    if (!how.fresh && (committed || own->generation > how.generation.value)) continue;
    // Names that this generation or a newer one makes files of.
    const bool used = how.fresh && (committed || own->generation >= how.generation.value);
    auto removed = used ? fence.value().bury(name) : fence.value().remove(name);
    if (!removed) return removed;
  }
  return fence.value().finish();
}

}  // namespace sluice
