#include "sluice/state/meta_truth_bytes.hpp"

namespace sluice {

namespace {

// The fewest bytes each takes: what bounds their number before room is made for them.
constexpr std::size_t least_blob = 8 + 8 + 4;
constexpr std::size_t least_instance = 8 + 4 + 8 + 1 + 8 + 8;
constexpr std::size_t least_manifest = 8 + 8 + 1 + 8;

void write_instance(snapshot_writer& out, const instance_snapshot& of) {
  out.text(of.stage);
  out.value(of.instance);
  out.value(of.epoch.value);
  out.value(of.ended);
  out.text(of.state);
  out.count(of.blobs.size());
  for (const auto& blob : of.blobs) {
    out.text(blob.name);
    out.value(blob.bytes);
    out.value(blob.checksum);
  }
}

instance_snapshot read_instance(snapshot_reader& in) {
  instance_snapshot of;
  of.stage = in.text();
  of.instance = in.value<std::uint32_t>();
  of.epoch.value = in.value<std::uint64_t>();
  of.ended = in.value<bool>();
  of.state = in.text();
  for (auto left = in.count(least_blob); left > 0; --left) {
    blob_ref blob;
    blob.name = in.text();
    blob.bytes = in.value<std::uint64_t>();
    blob.checksum = in.value<std::uint32_t>();
    of.blobs.push_back(std::move(blob));
  }
  return of;
}

manifest read_manifest(snapshot_reader& in) {
  manifest m;
  m.generation.value = in.value<std::uint64_t>();
  m.epoch.value = in.value<std::uint64_t>();
  m.end = in.value<bool>();
  for (auto left = in.count(least_instance); left > 0; --left)
    m.instances.push_back(read_instance(in));
  return m;
}

void check(snapshot_reader& in, const meta_truth& truth) {
  if (truth.sealed.size() > 2) in.refuse("more than two sealed epochs");
  epoch_id before;
  for (const auto& m : truth.sealed) {
    if (m.epoch <= before) in.refuse("sealed epochs are not in order");
    if (m.epoch > truth.reserved_to) in.refuse("a sealed epoch was never reserved");
    if (m.generation > truth.generation) in.refuse("an epoch was sealed by a later generation");
    before = m.epoch;
  }
}

}  // namespace

void write_truth(snapshot_writer& out, const meta_truth& truth) {
  for (const auto half : truth.job.value) out.value(half);
  out.value(truth.graph.value);
  out.value(truth.generation.value);
  out.value(truth.reserved_to.value);
  out.count(truth.sealed.size());
  for (const auto& m : truth.sealed) {
    out.value(m.generation.value);
    out.value(m.epoch.value);
    out.value(m.end);
    out.count(m.instances.size());
    for (const auto& of : m.instances) write_instance(out, of);
  }
}

meta_truth read_truth(snapshot_reader& in) {
  meta_truth truth;
  for (auto& half : truth.job.value) half = in.value<std::uint64_t>();
  truth.graph.value = in.value<std::uint64_t>();
  truth.generation.value = in.value<std::uint64_t>();
  truth.reserved_to.value = in.value<std::uint64_t>();
  for (auto left = in.count(least_manifest); left > 0; --left)
    truth.sealed.push_back(read_manifest(in));
  if (in.sound()) check(in, truth);
  return truth;
}

}  // namespace sluice
