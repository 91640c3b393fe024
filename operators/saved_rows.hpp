#pragma once

#include <memory>

#include "sluice/records/column_batch.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

/// Appends the rows of `rows`, column by column, for a checkpoint.
void save_rows(snapshot_writer& to, const column_batch& rows);

/// Reads what `save_rows` wrote of rows with `fields`; null if it is not all there or makes no
/// sense, and `from` has failed.
std::shared_ptr<column_batch> load_rows(snapshot_reader& from, const schema& fields,
                                        const buffer_pool& pool);

}  // namespace sluice
