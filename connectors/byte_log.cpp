#include "sluice/connectors/byte_log.hpp"

#include <algorithm>
#include <utility>

#include "sluice/connectors/file_name_parts.hpp"
#include "sluice/records/crc32c.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace {

constexpr std::string_view magic = "sluice-b";
constexpr std::uint32_t version = 1;
constexpr std::uint32_t record_mark = 0x62636572;  // recb
constexpr std::size_t head_bytes = 8 + 4 + 16 + 8 + 4;
constexpr std::size_t checked_record_head = 4 + 4 + 4;
constexpr std::size_t record_head_bytes = checked_record_head + 4 + 4;
constexpr std::size_t witness_bytes = 8 + 8 + 4;
constexpr std::string_view name_begin = "bytes.", name_end = ".log";
const std::string witness_name = "bytes.seen";

std::string name_of(std::uint64_t begin) {
  return std::string(name_begin) + twenty_digits(begin) + std::string(name_end);
}

std::optional<std::uint64_t> begin_of(const std::string& name) {
  std::string_view rest = name;
  const auto begin = take(rest, name_begin) ? take_number(rest) : std::nullopt;
  return begin && name_of(*begin) == name ? begin : std::nullopt;
}

// How far the part that begins at `begin` had come, in bytes of its file, at the furthest.
std::optional<std::uint64_t> seen_of(std::string_view witness, std::uint64_t begin) {
  std::optional<std::uint64_t> furthest;
  for (; witness.size() >= witness_bytes; witness.remove_prefix(witness_bytes)) {
    snapshot_reader in{witness};
    const auto part = in.value<std::uint64_t>();
    const auto bytes = in.value<std::uint64_t>();
    if (in.value<std::uint32_t>() != crc32c(witness.substr(0, witness_bytes - 4))) continue;
    if (part == begin) furthest = std::max(furthest.value_or(0), bytes);
  }
  return furthest;
}

// Where the newest part begins.
std::optional<std::uint64_t> newest_in(std::string_view witness) {
  std::optional<std::uint64_t> newest;
  for (; witness.size() >= witness_bytes; witness.remove_prefix(witness_bytes)) {
    snapshot_reader in{witness};
    const auto part = in.value<std::uint64_t>();
    in.raw(8);
    if (in.value<std::uint32_t>() != crc32c(witness.substr(0, witness_bytes - 4))) continue;
    newest = std::max(newest.value_or(0), part);
  }
  return newest;
}

}  // namespace

// What one file holds.
struct byte_log::content {
  job_id job;
  std::string bytes;
  bool ended = false;
  bool done = false;
};

error byte_log::wrong(const std::string& name, const std::string& what) const {
  return {error_code::malformed, files_->place() + '/' + name + ": " + what};
}

result<std::unique_ptr<byte_log>> byte_log::open(std::shared_ptr<file_port> files, job_id job,
                                                 std::uint64_t file_bytes) {
  std::unique_ptr<byte_log> log{new byte_log(std::move(files), job, file_bytes)};
  if (auto loaded = log->load(); !loaded) return loaded.failure();
  return log;
}

result<void> byte_log::load() {
  auto names = files_->list();
  if (!names) return names.failure();
  auto witness = files_->read(witness_name);
  if (!witness && witness.failure().code != error_code::not_found) return witness.failure();
  const std::string seen = witness ? witness.value() : std::string{};
  bool done = false, others = false;
  for (const std::string& name : names.value()) {  // in the order of the bytes
    const auto begin = begin_of(name);
    if (!begin) continue;
    if (!parts_.empty() && *begin != end_)
      return wrong(name, "bytes are missing before this file: it begins with byte " +
                             std::to_string(*begin) + ", the one before ends with byte " +
                             std::to_string(end_));
    auto read = read_part(name, *begin, seen_of(seen, *begin));
    if (!read) return read.failure();
    others = others || read.value().job != job_;
    end_ = *begin + read.value().bytes.size();
    parts_.push_back({name, *begin, end_});
    ended_ = ended_ || read.value().ended;
    done = done || read.value().done;
    if (!read.value().bytes.empty()) within_line_ = read.value().bytes.back() != '\n';
  }
  if (const auto newest = newest_in(seen);
      newest && (parts_.empty() || parts_.back().begin < *newest))
    return wrong(name_of(*newest), "the file is gone");
  if (!others) return {};
  if (done) return remove_all();
  return error{error_code::needs_decision,
               files_->place() +
                   " holds bytes that another run has received and may not have worked off; go on "
                   "with its checkpoints, or give the bytes up by removing the directory"};
}

result<byte_log::content> byte_log::read_part(const std::string& name, std::uint64_t begin,
                                              std::optional<std::uint64_t> seen) const {
  auto file = files_->read(name);
  if (!file) return file.failure();
  std::string_view left = file.value();
  if (left.size() < head_bytes) {
    // A process may have died before it had written the head; then it had acknowledged nothing.
    if (seen) return wrong(name, "the file is cut within its head");
    return content{.job = job_, .bytes = {}};
  }
  snapshot_reader head{left.substr(0, head_bytes)};
  if (head.raw(magic.size()) != magic) return wrong(name, "this is no log of bytes");
  if (const auto found = head.value<std::uint32_t>(); found != version)
    return wrong(name, "format version " + std::to_string(found) + " is unknown; known is " +
                           std::to_string(version));
  content all;
  for (auto& half : all.job.value) half = head.value<std::uint64_t>();
  const bool its_own = head.value<std::uint64_t>() == begin;
  std::uint32_t checksum = crc32c(left.substr(0, head_bytes - 4));
  if (head.value<std::uint32_t>() != checksum)
    return wrong(name, "the head does not match its checksum");
  if (!its_own) return wrong(name, "the file is that of another name");
  left.remove_prefix(head_bytes);
  const auto at = [&] { return file.value().size() - left.size(); };
  while (!left.empty()) {
    const auto bad = [&](const std::string& what) {
      return wrong(name, "byte " + std::to_string(at()) + ": " + what);
    };
    if (left.size() < record_head_bytes) break;
    snapshot_reader in{left};
    const auto mark = in.value<std::uint32_t>();
    const auto is = in.value<std::uint32_t>();
    const auto size = in.value<std::uint32_t>();
    if (in.value<std::uint32_t>() != crc32c(left.substr(0, checked_record_head)))
      return bad("the head of a record does not match its checksum");
    const auto chained = in.value<std::uint32_t>();
    if (mark != record_mark || is < 1 || is > 3) return bad("no record begins here");
    if (left.size() - record_head_bytes < size) break;
    const auto bytes = left.substr(record_head_bytes, size);
    if (chained != crc32c(bytes, crc32c(left.substr(0, checked_record_head), checksum)))
      return bad("a record does not match its checksum");
    checksum = chained;
    all.bytes += bytes;
    all.ended = all.ended || is == static_cast<std::uint32_t>(kind::end);
    all.done = all.done || is == static_cast<std::uint32_t>(kind::done);
    left.remove_prefix(record_head_bytes + size);
  }
  if (seen && *seen > at())
    return wrong(name, "byte " + std::to_string(at()) + ": the file is cut here: " +
                           std::to_string(*seen) + " bytes of it had been acknowledged");
  return all;
}

result<void> byte_log::remove_all() {
  for (const part& one : parts_)
    if (auto removed = files_->remove(one.name); !removed) return removed;
  parts_.clear();
  end_ = 0;
  ended_ = within_line_ = false;
  if (auto removed = files_->remove(witness_name);
      !removed && removed.failure().code != error_code::not_found)
    return removed;
  return files_->sync_names();
}

std::uint64_t byte_log::begin() const { return parts_.empty() ? end_ : parts_.front().begin; }

result<void> byte_log::check_holds(std::uint64_t offset) const {
  if (offset > end_)
    return error{error_code::malformed, files_->place() + " has lost bytes: it ends before byte " +
                                            std::to_string(end_) + ", and byte " +
                                            std::to_string(offset) + " had been worked off"};
  if (offset < begin())
    return wrong(parts_.front().name, "bytes are missing before this file: byte " +
                                          std::to_string(offset) + " was not worked off");
  return {};
}

// Never goes on with a file of another process: what a sync that failed had left in memory only
// would be behind it.
result<void> byte_log::begin_part() {
  snapshot_writer head;
  head.raw(magic);
  head.value(version);
  for (const auto half : job_.value) head.value(half);
  head.value(end_);
  checksum_ = crc32c(head.bytes());
  head.value(checksum_);
  const std::string name = name_of(end_);
  // An empty one of a process that died at once.
  if (!parts_.empty() && parts_.back().begin == end_) {
    if (auto removed = files_->remove(name); !removed) return removed;
    parts_.pop_back();
  }
  auto file = files_->create(name);
  if (!file) return file.failure();
  if (auto written = file.value()->append(head.bytes()); !written) return written;
  if (auto synced = file.value()->sync(); !synced) return synced;
  if (auto synced = files_->sync_names(); !synced) return synced;
  open_ = std::move(file).value();
  written_ = head.bytes().size();
  parts_.push_back({name, end_, end_});
  let_witness_know(/*of_new_part=*/true);
  return {};
}

result<void> byte_log::append_record(kind is, std::string_view bytes) {
  if (!open_ || written_ > file_bytes_)
    if (auto begun = begin_part(); !begun) return begun;
  snapshot_writer out;
  out.value(record_mark);
  out.value(static_cast<std::uint32_t>(is));
  out.value(static_cast<std::uint32_t>(bytes.size()));
  const std::uint32_t of_head = crc32c(out.bytes());
  const std::uint32_t chained = crc32c(bytes, crc32c(out.bytes(), checksum_));
  out.value(of_head);
  out.value(chained);
  out.raw(bytes);
  if (auto written = open_->append(out.bytes()); !written) return written;
  if (auto synced = open_->sync(); !synced) return synced;
  checksum_ = chained;
  written_ += out.bytes().size();
  end_ += bytes.size();
  parts_.back().end = end_;
  if (!bytes.empty()) within_line_ = bytes.back() != '\n';
  cached_name_.clear();
  let_witness_know(/*of_new_part=*/false);
  return {};
}

result<void> byte_log::append(std::string_view bytes) { return append_record(kind::bytes, bytes); }
result<void> byte_log::append_end() {
  if (ended_) return {};
  auto appended = append_record(kind::end, {});
  ended_ = static_cast<bool>(appended);
  return appended;
}
result<void> byte_log::append_done() { return append_record(kind::done, {}); }

// Not synced, and may fail: as the witness of the commit log.
void byte_log::let_witness_know(bool of_new_part) {
  snapshot_writer entry;
  entry.value(parts_.back().begin);
  entry.value(written_);
  entry.value(crc32c(entry.bytes()));
  if (of_new_part) static_cast<void>(files_->truncate(witness_name, 0));
  auto witness = files_->append_to(witness_name);
  if (!witness) witness = files_->create(witness_name);
  if (witness) static_cast<void>(witness.value()->append(entry.bytes()));
}

result<std::size_t> byte_log::read(std::uint64_t offset, std::span<char> room) {
  const auto found = std::find_if(parts_.begin(), parts_.end(), [&](const part& p) {
    return p.begin <= offset && offset < p.end;
  });
  if (found == parts_.end()) return std::size_t{0};
  if (cached_name_ != found->name) {
    auto read = read_part(found->name, found->begin, std::nullopt);
    if (!read) return read.failure();
    cached_ = std::move(read.value().bytes);
    cached_name_ = found->name;
  }
  return cached_.copy(room.data(), room.size(), offset - found->begin);
}

std::vector<std::string> byte_log::forget_before(std::uint64_t offset) {
  std::vector<std::string> names;
  while (parts_.size() > 1 && parts_.front().end <= offset) {
    names.push_back(parts_.front().name);
    parts_.erase(parts_.begin());
  }
  return names;
}

}  // namespace sluice
