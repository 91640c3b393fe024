#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sluice/links/frame.hpp"
#include "sluice/messages/marker.hpp"
#include "sluice/records/column_batch.hpp"
#include "sluice/records/instant.hpp"

namespace sluice {

/// Bytes to be sent as they lie, and what keeps them there. Never changed again, so they may be
/// sent more than once, and by another thread.
struct frame_bytes {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

/// Which frame of which channel.
struct frame_number {
  job_id job;
  generation_id generation;
  channel_id channel;
  std::uint64_t seq = 0;
};

/// The frame of `rows`, which carries the promise `watermark` behind them.
///
///   | prologue | header | padding | validity? values text? of column 0, each padded to 64 | …
///
/// Sent from the batch's own buffer if `rows` is the only reference to it, so move it in; if the
/// columns lie as the frame wants them; and if the header fits in front. Else one buffer of `pool`
/// takes a copy. A batch that goes to several channels is copied for all but the last, so no two
/// frames ever share the room in front of the columns. Caller's part: nobody has a weak reference
/// to the batch, nor writes it. Any thread.
frame_bytes rows_frame(batch_ptr rows, instant watermark, const frame_number& at,
                       const buffer_pool& pool);
/// The frame of `m`.
frame_bytes marker_frame(const marker& m, const frame_number& at);

/// The records of a channel's rows; both outlive what is read.
struct channel_fields {
  channel_fields(const schema& of_rows, const schema* of_combined = nullptr)
      : rows(&of_rows), combined(of_combined) {}

  const schema* rows;
  const schema* combined;  ///< Of rows that are combined (`schema::combined`); null: none may be.
};

/// What a rows frame brought.
struct received_rows {
  batch_ptr rows;
  instant watermark;
};

/// The rows of `frame`, in which `find_fault` found nothing. They are read where they lie, which is
/// to stay as it is, if the frame has an owner, the columns are not in a short form and they begin
/// at a word; else copied into a batch of `pool`.
///
/// Sizes are checked against record, rows and length, and the bytes for what a column may hold,
/// before anything is allocated: ends of text ascend and stay inside, text is UTF-8 and ends
/// between characters, a bool is 0 or 1. Errors are `malformed` and name the column. So a frame
/// that is refused takes no more memory than its own.
result<received_rows> read_rows_frame(const frame_bytes& frame, const frame_head& head,
                                      const channel_fields& fields, const buffer_pool& pool,
                                      const frame_limits& limits);
result<marker> read_marker_frame(std::string_view frame, const frame_head& head);

}  // namespace sluice
