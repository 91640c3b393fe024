#include "sluice/state/checkpoint_store.hpp"

#include <map>
#include <set>
#include <utility>

#include "sluice/records/crc32c.hpp"

namespace sluice {

namespace {

// What has to stay for the manifests of a truth.
class reach {
 public:
  explicit reach(const meta_truth& truth) : current_(truth.generation) {
    for (const auto& m : truth.sealed)
      for (const auto& of : m.instances)
        for (const auto& blob : of.blobs) {
          named_.insert(blob.name);
          if (const auto parsed = parse_blob_name(blob.name))
            first_.try_emplace({parsed->stage, parsed->instance}, parsed->epoch);
        }
  }

  // The oldest manifest comes first, and its base before its deltas: `first_` is that base. A base
  // that is folded in the background is never of an earlier epoch than the one it replaces.
  bool keeps(const std::string& name, const parsed_blob_name& parsed) const {
    if (parsed.generation > current_ || named_.contains(name)) return true;
    if (parsed.generation < current_) return false;
    const auto first = first_.find({parsed.stage, parsed.instance});
    return first == first_.end() || parsed.epoch >= first->second;
  }

 private:
  generation_id current_;
  std::set<std::string> named_;
  std::map<std::pair<std::string, std::uint32_t>, epoch_id> first_;
};

std::string owner(const std::string& stage, std::uint32_t instance) {
  return stage + ", instance " + std::to_string(instance);
}

}  // namespace

result<blob_ref> checkpoint_store::write(const blob_identity& what, std::string_view content) {
  auto bytes = pack_blob(what, content, limits_);
  if (!bytes) return bytes.failure();
  blob_ref ref{blob_name(what), bytes.value().size(), crc32c(bytes.value())};
  if (auto written = write_durably(*files_, ref.name, bytes.value()); !written)
    return written.failure();
  if (listed_for_) known_.insert(ref.name);
  return ref;
}

result<checkpoint_blob> checkpoint_store::read_one(const blob_ref& ref) {
  auto bytes = files_->read(ref.name);
  if (!bytes && bytes.failure().code == error_code::not_found)
    return error{error_code::malformed, path(ref.name) + ": the file is gone"};
  if (!bytes) return bytes.failure();
  const std::size_t size = bytes.value().size();
  if (size != ref.bytes)
    return error{error_code::malformed, path(ref.name) + ": the file has " + std::to_string(size) +
                                            " bytes; the manifest says " +
                                            std::to_string(ref.bytes)};
  if (crc32c(bytes.value()) != ref.checksum)
    return error{error_code::malformed,
                 path(ref.name) + ": the file does not match its checksum in the manifest"};
  return unpack_blob(bytes.value(), path(ref.name), limits_);
}

result<std::vector<std::string>> checkpoint_store::read(const instance_snapshot& of) {
  std::vector<std::string> chain;
  epoch_id before;
  for (const auto& ref : of.blobs) {
    auto blob = read_one(ref);
    if (!blob) return blob.failure();
    const auto wrong = [&](const std::string& what) {
      return error{error_code::malformed, path(ref.name) + ": " + what};
    };
    const blob_identity& is = blob.value().what;
    if (is.stage != of.stage || is.instance != of.instance)
      return wrong("the file is of " + owner(is.stage, is.instance) + ", not of " +
                   owner(of.stage, of.instance));
    if (blob_name(is) != ref.name)
      return wrong("the file is that of another name: " + blob_name(is));
    if ((is.kind == blob_kind::base) != chain.empty())
      return wrong(chain.empty() ? "the chain begins with a delta" : "a base within the chain");
    if (is.epoch <= before && !chain.empty()) return wrong("the chain is not in order of epochs");
    before = is.epoch;
    chain.push_back(std::move(blob.value().content));
  }
  return chain;
}

// Listing costs as much as there are files, and a run seals ten times a second.
result<void> checkpoint_store::know_files(const meta_truth& truth) {
  if (listed_for_ != truth.generation) {
    auto names = files_->list();
    if (!names) return names.failure();
    known_.clear();
    for (auto& name : names.value())
      if (parse_blob_name(name)) known_.insert(std::move(name));
    listed_for_ = truth.generation;
  }
  for (const auto& m : truth.sealed)
    for (const auto& of : m.instances)
      for (const auto& blob : of.blobs) known_.insert(blob.name);
  return {};
}

// Removals are not synced: one that comes back after a crash is collected again.
result<std::vector<std::string>> checkpoint_store::collect(const meta_truth& truth) {
  const reach needed{truth};
  if (auto known = know_files(truth); !known) return known.failure();
  std::vector<std::string> removed;
  for (auto next = known_.begin(); next != known_.end();) {
    const std::string& name = *next;
    const auto parsed = parse_blob_name(name);
    if (!parsed || needed.keeps(name, *parsed)) {
      ++next;
      continue;
    }
    auto gone = files_->remove(name);
    if (!gone && gone.failure().code != error_code::not_found) return gone.failure();
    if (gone) removed.push_back(name);
    next = known_.erase(next);
  }
  return removed;
}

}  // namespace sluice
