#include "sluice/state/meta_log.hpp"

#include <algorithm>
#include <utility>

#include "sluice/records/assert.hpp"
#include "sluice/records/crc32c.hpp"
#include "sluice/state/meta_truth_bytes.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace {

constexpr std::string_view magic = "sluice-l";
constexpr std::uint32_t version = 1;
constexpr std::size_t head_bytes = 8 + 4 + 8 + 4;
constexpr std::uint32_t record_mark = 0x64726372;  // "rcrd"
constexpr std::size_t record_head_bytes = 4 + 4 + 8 + 4 + 4;
constexpr std::size_t checked_record_head = 4 + 4 + 8;  // what the first checksum is of
constexpr std::size_t witness_bytes = 8 + 8 + 4 + 4;

// Reads a log from its head to its end, and remembers where it is for the error.
class log_reader {
 public:
  log_reader(std::string_view bytes, const std::string& path,
             const std::optional<log_position>& seen)
      : bytes_(bytes), path_(path), seen_(seen) {}

  result<log_content> read() {
    if (auto head = read_head(); !head) return head.failure();
    content_.end = {number_, head_bytes, crc32c(bytes_.substr(0, head_bytes - 4))};
    bool acknowledged = !seen_ || seen_->log != number_;
    while (!at_end()) {
      if (auto record = read_record(); !record) return record.failure();
      acknowledged = acknowledged || content_.end == *seen_;
    }
    if (content_.writes == 0) return wrong("the log ends before its first record does");
    if (!acknowledged && seen_->bytes > content_.end.bytes)
      return wrong("the log is cut here: " + std::to_string(seen_->bytes) +
                   " bytes of it had been acknowledged");
    if (!acknowledged) return wrong("the records up to here are not those that were acknowledged");
    content_.torn_bytes = left().size();
    return std::move(content_);
  }

 private:
  std::string_view left() const { return bytes_.substr(content_.end.bytes); }

  error wrong(const std::string& what) const {
    return {error_code::malformed,
            path_ + ": byte " + std::to_string(content_.end.bytes) + ": " + what};
  }

  result<void> read_head() {
    if (bytes_.size() < head_bytes) return wrong("the log ends within its head");
    snapshot_reader in{bytes_.substr(0, head_bytes)};
    if (in.raw(magic.size()) != magic) return wrong("this is no commit log");
    const auto found = in.value<std::uint32_t>();
    if (found != version)
      return wrong("format version " + std::to_string(found) + " is unknown; known is " +
                   std::to_string(version));
    number_ = in.value<std::uint64_t>();
    if (in.value<std::uint32_t>() != crc32c(bytes_.substr(0, head_bytes - 4)))
      return wrong("the head does not match its checksum");
    if (seen_ && seen_->log > number_)
      return wrong("this is log " + std::to_string(number_) + ", an older one than the last, " +
                   std::to_string(seen_->log));
    return {};
  }

  // True at the end, or before a record of which a part is missing. The length that says so is
  // believed only if the record's head matches its checksum.
  bool at_end() const {
    if (left().size() < record_head_bytes) return true;
    snapshot_reader in{left()};
    in.raw(4);
    const auto payload = in.value<std::uint32_t>();
    return head_is_sound() && left().size() - record_head_bytes < payload;
  }

  bool head_is_sound() const {
    snapshot_reader in{left().substr(checked_record_head)};
    return in.value<std::uint32_t>() == crc32c(left().substr(0, checked_record_head));
  }

  result<void> read_record() {
    if (!head_is_sound()) return wrong("the head of a record does not match its checksum");
    snapshot_reader head{left().substr(0, record_head_bytes)};
    if (head.value<std::uint32_t>() != record_mark) return wrong("no record begins here");
    const auto size = head.value<std::uint32_t>();
    const auto write = head.value<std::uint64_t>();
    head.raw(4);
    const auto checksum = head.value<std::uint32_t>();
    const auto payload = left().substr(record_head_bytes, size);
    if (checksum !=
        crc32c(payload, crc32c(left().substr(0, checked_record_head), content_.end.checksum)))
      return wrong("record " + std::to_string(write) + " does not match its checksum");

    snapshot_reader in{payload};
    meta_truth truth = read_truth(in);
    if (auto whole = in.finish(); !whole)
      return wrong("record " + std::to_string(write) + ", " + whole.failure().message);
    if (content_.writes != 0 && !follows(truth, write))
      return wrong("record " + std::to_string(write) + " does not follow from the one before");
    content_.truth = std::move(truth);
    content_.writes = write;
    content_.end = {number_, content_.end.bytes + record_head_bytes + size, checksum};
    return {};
  }

  bool follows(const meta_truth& next, std::uint64_t write) const {
    const meta_truth& before = content_.truth;
    const auto sealed_to = [](const meta_truth& of) {
      return of.last() ? of.last()->epoch : epoch_id{};
    };
    return write == content_.writes + 1 && next.job == before.job && next.graph == before.graph &&
           next.generation >= before.generation && next.reserved_to >= before.reserved_to &&
           sealed_to(next) >= sealed_to(before);
  }

  std::string_view bytes_;
  const std::string& path_;
  const std::optional<log_position>& seen_;
  std::uint64_t number_ = 0;
  log_content content_;
};

}  // namespace

log_head begin_log(std::uint64_t log) {
  snapshot_writer out;
  out.raw(magic);
  out.value(version);
  out.value(log);
  const std::uint32_t checksum = crc32c(out.bytes());
  out.value(checksum);
  return {out.take(), {log, head_bytes, checksum}};
}

log_record log_record_of(const meta_truth& truth, std::uint64_t write, const log_position& at) {
  snapshot_writer payload;
  write_truth(payload, truth);
  SLUICE_ASSERT(payload.bytes().size() <= UINT32_MAX, "a record holds less than 4 GiB");
  snapshot_writer out;
  out.value(record_mark);
  out.value(static_cast<std::uint32_t>(payload.bytes().size()));
  out.value(write);
  const std::uint32_t of_head = crc32c(out.bytes());
  const std::uint32_t chained = crc32c(payload.bytes(), crc32c(out.bytes(), at.checksum));
  out.value(of_head);
  out.value(chained);
  out.raw(payload.bytes());
  const std::uint64_t end = at.bytes + out.bytes().size();
  return {out.take(), {at.log, end, chained}};
}

result<log_content> read_log(std::string_view bytes, const std::string& path,
                             const std::optional<log_position>& seen) {
  return log_reader{bytes, path, seen}.read();
}

std::string witness_entry(const log_position& at) {
  snapshot_writer out;
  out.value(at.log);
  out.value(at.bytes);
  out.value(at.checksum);
  out.value(crc32c(out.bytes()));
  return out.take();
}

std::optional<log_position> read_witness(std::string_view bytes) {
  std::optional<log_position> furthest;
  for (; bytes.size() >= witness_bytes; bytes.remove_prefix(witness_bytes)) {
    snapshot_reader in{bytes};
    log_position at;
    at.log = in.value<std::uint64_t>();
    at.bytes = in.value<std::uint64_t>();
    at.checksum = in.value<std::uint32_t>();
    if (in.value<std::uint32_t>() != crc32c(bytes.substr(0, witness_bytes - 4))) continue;
    if (!furthest || *furthest < at) furthest = at;
  }
  return furthest;
}

}  // namespace sluice
