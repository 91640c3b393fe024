#include "sluice/state/checkpoint_blob.hpp"

#include <set>
#include <string>
#include <string_view>

#include "sluice/records/crc32c.hpp"
#include "sluice/state/file_names.hpp"
#include "sluice/state/snapshot_bytes.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

const blob_identity of_count{
    .generation = {2}, .epoch = {17}, .stage = "count", .instance = 3, .kind = blob_kind::delta};

std::string pack(const blob_identity& what, std::string_view content) {
  auto packed = pack_blob(what, content, {});
  REQUIRE(packed);
  return packed.value();
}

std::string problem(std::string_view bytes, const blob_limits& limits = {}) {
  const auto blob = unpack_blob(bytes, "ck/x", limits);
  if (blob) return "";
  CHECK(blob.failure().code == error_code::malformed);
  return blob.failure().message;
}

// Places in the head of a blob.
constexpr std::size_t version_at = 8, kind_at = 12, content_bytes_at = 44, name_at = 68;

// What a writer with a mistake would have made: `bytes` changed, all checksums right.
std::string forged(std::string bytes, std::size_t at, std::uint64_t value, std::size_t width) {
  const auto put = [&](std::size_t where, std::uint64_t v, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) bytes[where + i] = static_cast<char>(v >> (8 * i));
  };
  put(at, value, width);
  const std::size_t head_end = name_at + of_count.stage.size();
  put(head_end, crc32c(std::string_view{bytes}.substr(0, head_end)), 4);
  put(bytes.size() - 4, crc32c(std::string_view{bytes}.substr(0, bytes.size() - 20)), 4);
  return bytes;
}

// The byte at `at` changed, and the checksum of the file right.
std::string forged_trailer(std::string bytes, std::size_t at) {
  bytes[at] = static_cast<char>(~bytes[at]);
  const std::uint32_t right = crc32c(std::string_view{bytes}.substr(0, bytes.size() - 20));
  for (std::size_t i = 0; i < 4; ++i)
    bytes[bytes.size() - 4 + i] = static_cast<char>(right >> (8 * i));
  return bytes;
}

}  // namespace

TEST_CASE("a blob comes back as it was", "[checkpoint_blob]") {
  std::string all;
  for (std::uint32_t i = 0; i < 100'000; ++i) all.push_back(static_cast<char>(i * i >> 5));
  for (const std::string& content :
       {std::string{}, std::string(1, '\0'), std::string(5000, 'x'), all})
    for (const auto kind : {blob_kind::base, blob_kind::delta})
      for (const std::string stage : {"", "count", "the läst/.."}) {
        const blob_identity what{.generation = {UINT64_MAX},
                                 .epoch = {1},
                                 .stage = stage,
                                 .instance = UINT32_MAX,
                                 .kind = kind};
        const auto blob = unpack_blob(pack(what, content), "x", {});
        REQUIRE(blob);
        CHECK((blob.value() == checkpoint_blob{what, content}));
      }
}

TEST_CASE("a blob is packed", "[checkpoint_blob]") {
  CHECK(pack(of_count, std::string(100'000, 'x')).size() < 200);
}

TEST_CASE("files that differ differ in their checksum", "[checkpoint_blob][D8]") {
  std::set<std::uint32_t> checksums;
  std::set<std::size_t> sizes;
  for (int i = 100; i < 200; ++i) {
    const std::string file = pack(of_count, "state " + std::to_string(i));
    checksums.insert(crc32c(file));
    sizes.insert(file.size());
  }
  CHECK(checksums.size() == 100);
  CHECK(sizes.size() == 1);
}

TEST_CASE("a blob that was changed anywhere is refused by name", "[checkpoint_blob][X16][F15]") {
  const std::string whole = pack(of_count, "some state of a stage, some state of a stage");
  REQUIRE(problem(whole) == "");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      REQUIRE_THAT(problem(flipped), Catch::StartsWith("ck/x: "));
    }
    REQUIRE_THAT(problem(whole.substr(0, at)), Catch::StartsWith("ck/x: "));
    REQUIRE_THAT(problem(whole.substr(at + 1)), Catch::StartsWith("ck/x: "));
    std::string zeroed = whole;
    for (auto i = at; i < zeroed.size(); ++i) zeroed[i] = '\0';
    if (zeroed != whole) REQUIRE_THAT(problem(zeroed), Catch::StartsWith("ck/x: "));
  }
  REQUIRE_THAT(problem(whole + '\0'), Catch::StartsWith("ck/x: "));
}

TEST_CASE("what is wrong with a blob is said", "[checkpoint_blob][X16]") {
  const std::string whole = pack(of_count, "some state");
  const std::string size = std::to_string(whole.size());
  CHECK(problem("") == "ck/x: this is no checkpoint file");
  CHECK(problem("PK\3\4 something else") == "ck/x: this is no checkpoint file");
  CHECK(problem(whole.substr(0, 50)) == "ck/x: the file is cut: it has 50 bytes");
  CHECK(problem(whole.substr(0, whole.size() - 1)) ==
        "ck/x: the file has " + std::to_string(whole.size() - 1) + " bytes; its head says " + size);
  CHECK(problem(forged(whole, version_at, 2, 4)) ==
        "ck/x: format version 2 is unknown; known is 1");
  CHECK(problem(forged(whole, whole.size() - 20, 0, 1)) ==
        "ck/x: the file does not end as it should");
  CHECK(problem(forged(whole, whole.size() - 12, 7, 8)) ==
        "ck/x: the file has " + size + " bytes; its trailer says 7");
  std::string flipped = whole;
  flipped[name_at] ^= 1;
  CHECK(problem(flipped) == "ck/x: the file does not match its checksum");
}

TEST_CASE("a blob whose writer was wrong is refused too", "[checkpoint_blob][F1502]") {
  const std::string whole = pack(of_count, "some state");
  CHECK(problem(forged(whole, kind_at, 3, 4)) == "ck/x: byte 16: kind 3 is unknown");
  CHECK(problem(forged(whole, content_bytes_at, 9, 8)) ==
        "ck/x: the packed bytes are not those of the state");
  CHECK_THAT(problem(forged(whole, content_bytes_at + 8, 1, 8)), Catch::Contains("packed bytes"));
  CHECK_THAT(problem(forged(whole, content_bytes_at + 16, UINT64_MAX, 8)),
             Catch::Contains("do not fit"));
  // Packed bytes that are damaged under a right checksum.
  const std::size_t packed_at = name_at + of_count.stage.size() + 4;
  CHECK_THAT(problem(forged(whole, packed_at, 0, 4)), Catch::Contains("packed bytes"));
  CHECK_THAT(problem(forged(whole, packed_at + 7, 0xFFFFFF, 3)), Catch::Contains("packed bytes"));
  std::string varied;
  for (int i = 0; i < 3000; ++i) varied += std::to_string(i * i);
  const std::string large = pack(of_count, varied);
  std::set<std::string> problems;
  for (std::size_t at = packed_at; at < large.size() - 20; at += 7)
    problems.insert(problem(forged(large, at, 0xFF, 1)));
  CHECK(problems.contains("ck/x: the packed bytes cannot be unpacked"));
  // A checksum of the head that is wrong under a right one of the file.
  CHECK_THAT(problem(forged_trailer(whole, packed_at - 1)),
             Catch::Contains("the head does not match its checksum"));
}

TEST_CASE("a blob larger than the limit is neither written nor unpacked",
          "[checkpoint_blob][F1502]") {
  const std::string content(1001, 'x');
  const auto refused = pack_blob(of_count, content, {.most_content = 1000});
  REQUIRE_FALSE(refused);
  CHECK(refused.failure() ==
        error{error_code::refused, "the state of stage count has 1001 bytes; the limit is 1000"});
  const std::string whole = pack(of_count, content);
  CHECK(problem(whole, {.most_content = 1000}) ==
        "ck/x: the state has 1001 bytes; the limit is 1000");
  CHECK(problem(whole, {.most_content = 1001}) == "");
  CHECK(problem(forged(whole, content_bytes_at, UINT64_MAX, 8)) ==
        "ck/x: the state has 18446744073709551615 bytes; the limit is 1073741824");
}

TEST_CASE("a blob's name holds whose it is and as of when", "[blob_name]") {
  CHECK(blob_name(of_count) == "count-3.2.17.delta");
  const auto parsed = parse_blob_name("count-3.2.17.delta");
  REQUIRE(parsed);
  CHECK(parsed->stage == "count");
  CHECK(parsed->instance == 3);
  CHECK(parsed->generation == generation_id{2});
  CHECK(parsed->epoch == epoch_id{17});
  CHECK(parsed->kind == blob_kind::delta);
  CHECK_FALSE(parsed->temporary);
  CHECK(parse_blob_name("count-3.2.17.base.tmp")->temporary);
  CHECK(parse_blob_name("count-3.2.17.base.tmp")->kind == blob_kind::base);
}

TEST_CASE("every stage has a file name, and no two the same", "[blob_name]") {
  std::set<std::string> seen;
  const std::string long_name(300, 'a');
  const std::string stages[] = {"",
                                ".",
                                "..",
                                "a/b",
                                "a-b",
                                "a-0",
                                "a%2fb",
                                "a.b",
                                "a b",
                                "ä",
                                "A",
                                "a",
                                "a.tmp",
                                "a-0.1.2.base",
                                std::string("a\0b", 3),
                                long_name,
                                long_name + "b"};
  for (const auto& stage : stages) {
    const blob_identity what{.generation = {UINT64_MAX},
                             .epoch = {UINT64_MAX},
                             .stage = stage,
                             .instance = UINT32_MAX,
                             .kind = blob_kind::delta};
    const std::string name = blob_name(what);
    CHECK(check_file_name(temporary_name(name)));
    CHECK(seen.insert(name).second);
    REQUIRE(parse_blob_name(name));
    CHECK(name.starts_with(parse_blob_name(name)->stage + "-4294967295."));
  }
  CHECK(blob_name({.generation = {1}, .epoch = {2}, .stage = "a/b.c", .instance = 0}) ==
        "a%2fb%2ec-0.1.2.base");
}

TEST_CASE("what is not the name of a blob is not taken for one", "[blob_name]") {
  for (const auto* name :
       {"", "truth.log", "holder", "count", "count-3", "count-3.2.17", "count-3.2.17.other",
        "count.2.17.base", "count-x.2.17.base", "count-3.x.17.base", "count-3.2.x.base",
        "count-3.2.017.base", "count-3.2.+17.base", "count-3.2.99999999999999999999.base",
        "a.count-3.2.17.base", "count-3.2.17.base.bak", "count-3.2.17.tmp", ".tmp"})
    CHECK_FALSE(parse_blob_name(name));
}

}  // namespace sluice
