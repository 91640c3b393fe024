#pragma once

#include "sluice/state/meta_store.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

/// Writes the truth as docs/checkpoint-format.md has it.
void write_truth(snapshot_writer& out, const meta_truth& truth);
/// Reads what `write_truth` wrote. A truth that cannot be (more than two epochs, or not in order,
/// of a later generation than its own, beyond those reserved) makes the reader unsound.
meta_truth read_truth(snapshot_reader& in);

}  // namespace sluice
