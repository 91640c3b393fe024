#include "sluice/state/checkpoint_blob.hpp"

#include <zstd.h>

#include "sluice/records/crc32c.hpp"
#include "sluice/state/snapshot_bytes.hpp"

namespace sluice {

namespace {

constexpr std::string_view magic = "sluice-c";
constexpr std::string_view end_magic = "c-eciuls";
constexpr std::uint32_t version = 1;
constexpr std::size_t fixed_head = 8 + 4 + 4 + 8 + 8 + 4 + 8 + 8 + 8;  // without the stage's name
constexpr std::size_t trailer = 8 + 8 + 4;
constexpr std::size_t least_file = fixed_head + 8 + 4 + trailer;

struct blob_head {
  blob_identity what;
  std::uint64_t content_bytes = 0;
  std::uint64_t packed_bytes = 0;
};

class blob_reader {
 public:
  blob_reader(std::string_view bytes, const std::string& path, const blob_limits& limits)
      : bytes_(bytes), path_(path), limits_(limits) {}

  result<checkpoint_blob> read() {
    if (auto frame = check_frame(); !frame) return frame.failure();
    snapshot_reader in{bytes_.substr(0, bytes_.size() - trailer)};
    auto head = read_head(in);
    if (!head) return head.failure();
    return unpack(head.value(), in.raw(in.left()));
  }

 private:
  error wrong(const std::string& what) const {
    return {error_code::malformed, path_ + ": " + what};
  }

  // That the file is one, of this version, whole, and as it was written.
  result<void> check_frame() {
    if (bytes_.substr(0, magic.size()) != magic) return wrong("this is no checkpoint file");
    if (bytes_.size() < least_file)
      return wrong("the file is cut: it has " + std::to_string(bytes_.size()) + " bytes");
    snapshot_reader head{bytes_.substr(magic.size())};
    const auto found = head.value<std::uint32_t>();
    if (found != version)
      return wrong("format version " + std::to_string(found) + " is unknown; known is " +
                   std::to_string(version));
    head.raw(4 + 8 + 8 + 4);
    if (auto whole = check_length(head.value<std::uint64_t>(), "head"); !whole) return whole;

    snapshot_reader end{bytes_.substr(bytes_.size() - trailer)};
    if (end.raw(end_magic.size()) != end_magic) return wrong("the file does not end as it should");
    if (auto whole = check_length(end.value<std::uint64_t>(), "trailer"); !whole) return whole;
    if (end.value<std::uint32_t>() != crc32c(bytes_.substr(0, bytes_.size() - trailer)))
      return wrong("the file does not match its checksum");
    return {};
  }

  result<void> check_length(std::uint64_t said, const std::string& where) const {
    if (said == bytes_.size()) return {};
    return wrong("the file has " + std::to_string(bytes_.size()) + " bytes; its " + where +
                 " says " + std::to_string(said));
  }

  result<blob_head> read_head(snapshot_reader& in) {
    blob_head head;
    in.raw(magic.size() + 4);
    const auto kind = in.value<std::uint32_t>();
    if (kind != 1 && kind != 2) in.refuse("kind " + std::to_string(kind) + " is unknown");
    head.what.kind = static_cast<blob_kind>(kind);
    head.what.generation.value = in.value<std::uint64_t>();
    head.what.epoch.value = in.value<std::uint64_t>();
    head.what.instance = in.value<std::uint32_t>();
    in.raw(8);
    head.content_bytes = in.value<std::uint64_t>();
    head.packed_bytes = in.value<std::uint64_t>();
    head.what.stage = in.text();
    const std::size_t end = in.at();
    if (in.value<std::uint32_t>() != crc32c(bytes_.substr(0, end)))
      in.refuse("the head does not match its checksum");
    if (in.sound() && in.left() != head.packed_bytes)
      in.refuse(std::to_string(in.left()) + " packed bytes instead of " +
                std::to_string(head.packed_bytes));
    if (in.sound()) return head;
    return wrong(in.finish().failure().message);
  }

  result<checkpoint_blob> unpack(const blob_head& head, std::string_view packed) {
    if (head.content_bytes > limits_.most_content)
      return wrong("the state has " + std::to_string(head.content_bytes) + " bytes; the limit is " +
                   std::to_string(limits_.most_content));
    // What the frame itself says is held against the head before room is made.
    const bool one_frame =
        ::ZSTD_getFrameContentSize(packed.data(), packed.size()) == head.content_bytes &&
        ::ZSTD_findFrameCompressedSize(packed.data(), packed.size()) == packed.size();
    if (!one_frame) return wrong("the packed bytes are not those of the state");
    checkpoint_blob blob{head.what, std::string(head.content_bytes, '\0')};
    const std::size_t unpacked =
        ::ZSTD_decompress(blob.content.data(), blob.content.size(), packed.data(), packed.size());
    if (unpacked != head.content_bytes) return wrong("the packed bytes cannot be unpacked");
    return blob;
  }

  std::string_view bytes_;
  const std::string& path_;
  const blob_limits& limits_;
};

}  // namespace

result<std::string> pack_blob(const blob_identity& what, std::string_view content,
                              const blob_limits& limits) {
  if (content.size() > limits.most_content)
    return error{error_code::refused, "the state of stage " + what.stage + " has " +
                                          std::to_string(content.size()) + " bytes; the limit is " +
                                          std::to_string(limits.most_content)};
  std::string packed(::ZSTD_compressBound(content.size()), '\0');
  const std::size_t size = ::ZSTD_compress(packed.data(), packed.size(), content.data(),
                                           content.size(), limits.compression);
  if (::ZSTD_isError(size) != 0)
    return error{error_code::failed, "cannot pack the state of stage " + what.stage + " (" +
                                         ::ZSTD_getErrorName(size) + ")"};
  packed.resize(size);

  const std::uint64_t whole = least_file + what.stage.size() + packed.size();
  snapshot_writer out;
  out.raw(magic);
  out.value(version);
  out.value(static_cast<std::uint32_t>(what.kind));
  out.value(what.generation.value);
  out.value(what.epoch.value);
  out.value(what.instance);
  out.value(whole);
  out.value<std::uint64_t>(content.size());
  out.value<std::uint64_t>(packed.size());
  out.text(what.stage);
  out.value(crc32c(out.bytes()));
  out.raw(packed);
  // Not of the trailer's first fields: a checksum right behind all it is of makes the checksum of
  // the whole, which the manifest holds, the same for every file.
  const std::uint32_t checksum = crc32c(out.bytes());
  out.raw(end_magic);
  out.value(whole);
  out.value(checksum);
  return out.take();
}

result<checkpoint_blob> unpack_blob(std::string_view bytes, const std::string& path,
                                    const blob_limits& limits) {
  return blob_reader{bytes, path, limits}.read();
}

}  // namespace sluice
