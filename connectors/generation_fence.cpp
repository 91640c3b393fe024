#include "sluice/connectors/generation_fence.hpp"

#include <algorithm>
#include <utility>

#include "sluice/connectors/file_name_parts.hpp"
#include "sluice/messages/job_text.hpp"

namespace sluice {

// Why this is right. Generations of a job are numbered by the truth, each is begun by one process
// an instance, and a process may be stopped between any two lines here and go on at any time.
//
//   raise    make fence G | list: L1 | list: L2 | a fence above G in L2: give up
//   then     remove what is in L1 and nowhere else, last the fences below G
//
// (a) The highest fence of a job stays: only a higher generation removes it, which made its own
//     before. So once generation N has made its fence, every later list shows one of N or above.
// (b) Who finds no higher fence in L2 has nothing of a newer generation N in L1: had L1 held a file
//     of N, the fence of N was there before that file, so before L2 began. One list would not do:
//     it is not made in one moment, and may have passed the place of the fence when that was made.
// (c) A name in L1 may become the name of another file before it is removed, for removing goes by
//     name. Names that hold a generation below ours cannot: nobody uses them any more. The others
//     (of another run's files: committed ones hold no generation, and its generations may be ours
//     or above) are renamed into a name that holds the job. A rename never replaces, so it is done
//     once in a job, by whoever is first; and N makes a file of that name only when the other run's
//     is gone, so behind that rename. Who comes late is refused, and leaves the file of N alone.
// (d) That name must stay taken while somebody late may come: one below us, whose fence was there
//     before ours (the others find ours in their L2), or one above, who has listed before we were
//     done. If there was no fence below ours in L2, and is none above when all is renamed, nobody
//     can come, and the renamed files go at once. Else they stay, empty, until another run begins.
//     For this the fences below ours stay as long as nothing is sealed; behind that nobody renames.
//
// A list is taken to show every fence that is there from its beginning to its end.

namespace {

constexpr std::string_view fence = ".fence";
constexpr std::string_view dropped = ".dropped";
constexpr std::size_t job_digits = 32;

// It may be gone already: a process that was stopped, or replaced this one, has done the same.
result<void> remove_if_there(file_port& folder, const std::string& name) {
  auto removed = folder.remove(name);
  return removed || removed.failure().code == error_code::not_found ? result<void>{} : removed;
}

}  // namespace

generation_fence::generation_fence(const place& at, const resolution& how)
    : at_(at), job_(text_of(how.job)), generation_(how.generation.value), fresh_(how.fresh) {
  name_ = std::string(at.begin) + five_digits(at.instance) + '.' + job_ + '.' +
          std::to_string(generation_) + std::string(at.extension) + std::string(fence);
}

std::optional<generation_fence::parts> generation_fence::read(std::string_view name) const {
  if (!take(name, at_.begin)) return std::nullopt;
  const auto instance = take_number(name);
  if (!instance || !take(name, ".") || name.size() < job_digits) return std::nullopt;
  parts read{
      .instance = *instance, .job = std::string(name.substr(0, job_digits)), .generation = 0};
  name.remove_prefix(job_digits);
  if (!take(name, ".")) return std::nullopt;
  const auto generation = take_number(name);
  if (!generation || !take(name, at_.extension) || name != fence) return std::nullopt;
  read.generation = *generation;
  return read;
}

result<generation_fence> generation_fence::raise(const place& at, const resolution& how) {
  generation_fence made{at, how};
  auto file = at.folder.create(made.name_);
  // It is there if this generation has tried before.
  if (!file && file.failure().code != error_code::refused) return file.failure();
  if (auto synced = at.folder.sync_names(); !synced) return synced.failure();
  auto names = at.folder.list();
  if (!names) return names.failure();
  made.names_ = std::move(names).value();
  auto again = at.folder.list();
  if (!again) return again.failure();
  bool there = false;
  std::uint64_t newest = made.generation_;
  for (const std::string& name : again.value()) {
    there = there || name == made.name_;
    const auto one = made.read(name);
    if (!one || one->job != made.job_) continue;
    newest = std::max(newest, one->generation);
    made.first_ = made.first_ && one->generation >= made.generation_;
  }
  if (newest == made.generation_ && there) return made;
  if (auto removed = remove_if_there(at.folder, made.name_); !removed) return removed.failure();
  return error{error_code::refused,
               (there || newest > made.generation_
                    ? "generation " + std::to_string(newest) + " has begun here"
                    : std::string{"another run has begun here"}) +
                   ", this is generation " + std::to_string(made.generation_) + ": " +
                   at.folder.place()};
}

std::string generation_fence::buried(const std::string& name) const {
  return (name.starts_with('.') ? "" : ".") + name + '.' + job_ + std::string(dropped);
}

// The job of a renamed file that is ours to see to; empty if `name` is none.
std::string_view generation_fence::buried_by(std::string_view name) const {
  if (!name.ends_with(dropped)) return {};
  name.remove_suffix(dropped.size());
  const auto instance = take(name, at_.begin) ? take_number(name) : std::nullopt;
  if (!instance || !is_ours(*instance) || name.size() < job_digits) return {};
  const std::string_view rest = name.substr(0, name.size() - job_digits);
  if (rest.find(std::string(at_.extension) + '.') == rest.npos) return {};
  return name.substr(rest.size());
}

result<void> generation_fence::remove(const std::string& name) {
  return remove_if_there(at_.folder, name);
}

result<void> generation_fence::bury(const std::string& name) {
  const std::string to = buried(name);
  auto moved = at_.folder.rename(name, to);
  if (!moved && moved.failure().code != error_code::refused &&
      moved.failure().code != error_code::not_found)
    return moved;
  if (moved) buried_.push_back(to);
  return {};
}

result<bool> generation_fence::is_newest() {
  auto names = at_.folder.list();
  if (!names) return names.failure();
  return std::none_of(names.value().begin(), names.value().end(), [this](const auto& name) {
    const auto one = read(name);
    return one && one->job == job_ && one->generation > generation_;
  });
}

// Rule (d). What stays takes no room.
result<void> generation_fence::unearth() {
  for (const std::string& name : names_)
    if (buried_by(name) == job_) buried_.push_back(name);
  if (buried_.empty()) return {};
  if (auto synced = at_.folder.sync_names(); !synced) return synced;
  auto newest = is_newest();
  if (!newest) return newest.failure();
  for (const std::string& name : buried_) {
    if (newest.value() && first_) {
      if (auto removed = remove(name); !removed) return removed;
    } else if (auto emptied = at_.folder.truncate(name, 0);
               !emptied && emptied.failure().code != error_code::not_found) {
      return emptied;
    }
  }
  return {};
}

result<void> generation_fence::finish() {
  if (auto done = unearth(); !done) return done;
  for (const std::string& name : names_) {
    bool goes = false;
    if (const auto one = read(name))
      goes = is_ours(one->instance) &&
             (one->job == job_ ? one->generation < generation_ && !fresh_ : fresh_);
    else if (const auto by = buried_by(name); !by.empty())
      goes = fresh_ && by != job_;
    if (!goes) continue;
    if (auto removed = remove(name); !removed) return removed;
  }
  return at_.folder.sync_names();
}

}  // namespace sluice
