#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sluice/records/result.hpp"

namespace sluice {

/// A file being written. Nothing is durable before `sync` has succeeded.
class output_port {
 public:
  virtual ~output_port() = default;
  /// Appends all of `bytes`, or fails: after `no_space` some of them may be there.
  virtual result<void> append(std::span<const char> bytes) = 0;
  /// fsync. Once it has failed the file is lost: it is never tried again (docs/protocol.md D7), so
  /// its error is never `no_space`, of which one would think that it passes.
  virtual result<void> sync() = 0;
};

/// One directory of files, as far as checkpoints, staged output and the commit log need it. The
/// real one is POSIX; the simulated one loses what was not synced. Names are single path
/// components. Calls block; made by one thread at a time.
class file_port {
 public:
  virtual ~file_port() = default;

  /// Begins a new file; fails with `refused` if `name` exists.
  virtual result<std::unique_ptr<output_port>> create(const std::string& name) = 0;
  /// Opens a file to append to; fails with `not_found` if there is none.
  virtual result<std::unique_ptr<output_port>> append_to(const std::string& name) = 0;
  /// The whole file; `not_found` if there is none.
  virtual result<std::string> read(const std::string& name) = 0;
  /// At most `bytes` bytes of the file, from byte `from` on; empty behind its end.
  virtual result<std::string> read_part(const std::string& name, std::uint64_t from,
                                        std::size_t bytes);
  /// Bytes of the file; `not_found` if there is none.
  virtual result<std::uint64_t> size(const std::string& name) = 0;
  /// Renames, never onto an existing name: then `refused`. Durable after `sync_names`.
  virtual result<void> rename(const std::string& from, const std::string& to) = 0;
  /// Renames, in place of what is there.
  virtual result<void> replace(const std::string& from, const std::string& to) = 0;
  virtual result<void> remove(const std::string& name) = 0;
  /// Cuts `name` to `bytes` bytes.
  virtual result<void> truncate(const std::string& name, std::uint64_t bytes) = 0;
  /// Names in the directory, sorted.
  virtual result<std::vector<std::string>> list() = 0;
  /// fsync of the directory: names created, renamed and removed so far are durable. Its error is
  /// never `no_space`, as that of `output_port::sync`.
  virtual result<void> sync_names() = 0;
  /// Where this is, for messages.
  virtual std::string place() const = 0;
};

/// Writes `bytes` durably under `name`, which must be new: a temporary file, fsync, rename, fsync
/// of the directory (docs/protocol.md D2). After an error nothing stands under `name` that was not
/// complete; after `no_space` nothing at all has happened.
result<void> write_durably(file_port& to, const std::string& name, std::span<const char> bytes);

/// The same in place of what stands under `name`, if anything does: at every moment that is all of
/// the old bytes or all of the new ones, and after `no_space` still the old ones.
result<void> replace_durably(file_port& to, const std::string& name, std::span<const char> bytes);

}  // namespace sluice
