#include "sluice/sim/sim_disk.hpp"

#include <algorithm>
#include <utility>

#include "sluice/state/file_names.hpp"

namespace sluice::sim {

namespace {

error power_is_off(const std::string& what) {
  return {error_code::unavailable, "cannot " + what + " (the power is off)"};
}
error went_wrong(const std::string& what) {
  return {error_code::failed, "cannot " + what + " (input/output error)"};
}

// What has reached the disk of `changes`, applied to `kept`. Bytes that a failed sync lost are a
// hole of zeros, but only if something behind them has arrived.
template <class Change>
void keep(std::string& kept, std::vector<Change>& changes) {
  const auto holds = [](const Change& each) { return !each.lost; };
  const auto end = std::find_if(changes.rbegin(), changes.rend(), holds).base();
  for (auto each = changes.begin(); each != end; ++each) {
    if (each->cut_to) kept.resize(*each->cut_to);
    kept += each->lost ? std::string(each->appended.size(), '\0') : each->appended;
  }
  changes.erase(changes.begin(), end);
}

template <class Names, class NameChange>
void take_effect(Names& to, const NameChange& how) {
  if (!how.gone.empty()) to.erase(how.gone);
  if (!how.made.empty()) to[how.made] = how.file;
}

}  // namespace

sim_disk::step sim_disk::next_step() {
  step now;
  if (const auto wrong = wrong_.find(steps_); wrong != wrong_.end()) now.fault = wrong->second;
  now.last = dark_after_ == steps_;
  if (now.last) dark_ = true;
  ++steps_;
  return now;
}

result<void> sim_disk::append(inode& to, std::span<const char> bytes, const std::string& name) {
  const step now = next_step();
  std::uint64_t fits = bytes.size();
  if (room_) fits = std::min(fits, *room_);
  if (now.fault) fits = now.fault == disk_fault::short_write && fits > 0 ? random_.below(fits) : 0;
  if (now.last) fits = std::min(fits, random_.below(bytes.size() + 1));
  const std::string taken{bytes.data(), fits};
  if (fits > 0) to.changes.push_back({.appended = taken});
  to.shown += taken;
  if (room_) *room_ -= fits;
  if (now.last) return power_is_off("write " + name);
  if (now.fault) return went_wrong("write " + name);
  if (fits < bytes.size())
    return error{error_code::no_space, "cannot write " + name + " (no space left on device)"};
  return {};
}

result<void> sim_disk::cut(inode& file, std::uint64_t bytes, const std::string& name) {
  const step now = next_step();
  if (now.fault) return went_wrong("cut " + name);
  file.changes.push_back({.cut_to = bytes});
  file.shown.resize(bytes);
  return now.last ? power_is_off("cut " + name) : result<void>{};
}

result<void> sim_disk::sync(inode& file, const std::string& name) {
  const step now = next_step();
  if (now.fault == disk_fault::lost_sync)
    for (auto& each : file.changes) each.lost = !each.cut_to;
  if (now.fault) return went_wrong("sync " + name);
  if (!now.last || random_.once_in(2)) keep(file.kept, file.changes);
  return now.last ? power_is_off("sync " + name) : result<void>{};
}

result<void> sim_disk::change_names(name_change how, const std::string& what) {
  const step now = next_step();
  if (now.fault) return went_wrong(what);
  take_effect(shown_, how);
  name_changes_.push_back(std::move(how));
  return now.last ? power_is_off(what) : result<void>{};
}

result<void> sim_disk::sync_names() {
  const step now = next_step();
  if (now.fault == disk_fault::lost_sync) name_changes_.clear();
  if (now.fault) return went_wrong("sync disk");
  if (!now.last || random_.once_in(2)) {
    for (const auto& each : name_changes_) take_effect(kept_, each);
    name_changes_.clear();
  }
  return now.last ? power_is_off("sync disk") : result<void>{};
}

void sim_disk::lose_changes(inode& file) {
  auto& changes = file.changes;
  if (!changes.empty()) {
    const std::uint64_t whole = random_.below(changes.size() + 1);
    if (whole < changes.size()) {
      auto& torn = changes[whole];
      torn.appended.resize(random_.below(torn.appended.size() + 1));
      if (torn.cut_to && random_.once_in(2)) torn.cut_to.reset();
      changes.resize(whole + 1);
    }
    keep(file.kept, changes);
    changes.clear();
  }
  file.shown = file.kept;
}

void sim_disk::fail_power() {
  const bool in_order = random_.once_in(2);
  const std::uint64_t first = random_.below(name_changes_.size() + 1);
  for (auto& [name, file] : kept_) lose_changes(*file);
  for (std::size_t i = 0; i < name_changes_.size(); ++i) {
    if (name_changes_[i].file) lose_changes(*name_changes_[i].file);
    if (in_order ? i < first : random_.once_in(2)) take_effect(kept_, name_changes_[i]);
  }
  shown_ = kept_;
  name_changes_.clear();
  dark_after_.reset();
  wrong_.clear();
  dark_ = false;
  ++boot_;
}

// What both kinds of port share: they are of one start of one process.
class sim_process {
 public:
  explicit sim_process(sim_disk& disk, std::uint64_t boot) : disk_(disk), boot_(boot) {}

 protected:
  bool dead() const;
  sim_disk& disk_;
  std::uint64_t boot_;
};

class sim_output final : public output_port, public sim_process {
 public:
  sim_output(const sim_process& of, sim_disk::inode_ref file, std::string name)
      : sim_process(of), file_(std::move(file)), name_(std::move(name)) {}

  result<void> append(std::span<const char> bytes) override {
    return dead() ? power_is_off("write " + name_) : disk_.append(*file_, bytes, name_);
  }
  result<void> sync() override {
    return dead() ? power_is_off("sync " + name_) : disk_.sync(*file_, name_);
  }

 private:
  sim_disk::inode_ref file_;
  std::string name_;
};

class sim_port final : public file_port, public sim_process {
 public:
  using sim_process::sim_process;

  result<std::unique_ptr<output_port>> create(const std::string& name) override {
    const std::string what = "create " + path(name);
    if (auto sound = begin(what, {name}); !sound) return sound.failure();
    if (disk_.shown_.contains(name)) return exists(what);
    auto file = std::make_shared<sim_disk::inode>();
    if (auto made = disk_.change_names({.gone = {}, .made = name, .file = file}, what); !made)
      return made.failure();
    return std::make_unique<sim_output>(*this, std::move(file), path(name));
  }

  result<std::unique_ptr<output_port>> append_to(const std::string& name) override {
    auto file = find("open", name);
    if (!file) return file.failure();
    return std::make_unique<sim_output>(*this, std::move(file).value(), path(name));
  }

  result<std::string> read(const std::string& name) override {
    auto file = find("read", name);
    if (!file) return file.failure();
    return file.value()->shown;
  }

  result<std::uint64_t> size(const std::string& name) override {
    auto file = find("look at", name);
    if (!file) return file.failure();
    return std::uint64_t{file.value()->shown.size()};
  }

  result<void> rename(const std::string& from, const std::string& to) override {
    return move(from, to, false);
  }
  result<void> replace(const std::string& from, const std::string& to) override {
    return move(from, to, true);
  }

  result<void> remove(const std::string& name) override {
    auto file = find("remove", name);
    if (!file) return file.failure();
    return disk_.change_names({.gone = name, .made = {}, .file = file.value()},
                              "remove " + path(name));
  }

  result<void> truncate(const std::string& name, std::uint64_t bytes) override {
    auto file = find("cut", name);
    return file ? disk_.cut(*file.value(), bytes, path(name)) : result<void>{file.failure()};
  }

  result<std::vector<std::string>> list() override {
    if (dead()) return power_is_off("list " + place());
    std::vector<std::string> names;
    for (const auto& [name, file] : disk_.shown_) names.push_back(name);
    return names;
  }

  result<void> sync_names() override {
    return dead() ? power_is_off("sync " + place()) : disk_.sync_names();
  }
  std::string place() const override { return "disk"; }

 private:
  std::string path(const std::string& name) const { return place() + "/" + name; }

  static error exists(const std::string& what) {
    return {error_code::refused, "cannot " + what + " (file exists)"};
  }

  result<void> begin(const std::string& what, std::initializer_list<std::string> names) const {
    if (dead()) return power_is_off(what);
    for (const auto& name : names)
      if (auto usable = check_file_name(name); !usable) return usable;
    return {};
  }

  result<sim_disk::inode_ref> find(const std::string& verb, const std::string& name) const {
    const std::string what = verb + " " + path(name);
    if (auto sound = begin(what, {name}); !sound) return sound.failure();
    const auto found = disk_.shown_.find(name);
    if (found == disk_.shown_.end())
      return error{error_code::not_found, "cannot " + what + " (no such file or directory)"};
    return found->second;
  }

  result<void> move(const std::string& from, const std::string& to, bool onto) {
    auto file = find("rename", from);
    if (!file) return file.failure();
    const std::string what = "rename " + path(from) + " to " + to;
    if (auto sound = begin(what, {to}); !sound) return sound;
    if (!onto && disk_.shown_.contains(to)) return exists(what);
    return disk_.change_names({.gone = from, .made = to, .file = file.value()}, what);
  }
};

bool sim_process::dead() const { return disk_.dark_ || boot_ != disk_.boot_; }

std::unique_ptr<file_port> sim_disk::open() { return std::make_unique<sim_port>(*this, boot_); }

}  // namespace sluice::sim
