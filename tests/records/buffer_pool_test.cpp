#include "sluice/records/buffer_pool.hpp"

#include <cstring>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("a buffer is aligned, as large as asked for and at most a quarter larger",
          "[buffer_pool]") {
  const buffer_pool pool;
  for (std::size_t bytes = 1; bytes < 3'000'000; bytes += 1 + bytes / 7) {
    const buffer b = pool.take(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(b.data()) % 64 == 0);
    CHECK(b.size() >= bytes);
    CHECK(b.size() <= std::max<std::size_t>(1024, bytes + bytes / 4 + 1));
    std::memset(b.data(), 0xff, b.size());
  }
}

TEST_CASE("a buffer that comes back is handed out again", "[buffer_pool]") {
  const buffer_pool pool;
  const std::byte* first = nullptr;
  {
    const buffer b = pool.take(5000);
    first = b.data();
  }
  const buffer again = pool.take(4999);
  CHECK(again.data() == first);
  CHECK(pool.allocations() == 1);
  CHECK(pool.bytes() == again.size());
  const buffer other = pool.take(5000);
  CHECK(other.data() != first);
  CHECK(pool.allocations() == 2);
}

TEST_CASE("a buffer of one size class never serves a larger request", "[buffer_pool]") {
  const buffer_pool pool;
  std::mt19937 random{5};
  std::vector<buffer> out;
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t bytes = 1 + random() % (1u << (random() % 20));
    buffer b = pool.take(bytes);
    REQUIRE(b.size() >= bytes);
    if (out.size() < 50)
      out.push_back(std::move(b));
    else
      out[random() % out.size()] = std::move(b);
  }
  CHECK(pool.allocations() < 1500);
}

TEST_CASE("a moved buffer has one owner", "[buffer_pool]") {
  const buffer_pool pool;
  buffer a = pool.take(10);
  const std::byte* data = a.data();
  buffer b = std::move(a);
  CHECK(b.data() == data);
  CHECK_FALSE(a);  // NOLINT: what a moved-from buffer is, is what is tested
  a = pool.take(10);
  a = std::move(b);
  CHECK(a.data() == data);
}

TEST_CASE("buffers outlive their pool, and copies of a pool share its buffers", "[buffer_pool]") {
  buffer kept;
  {
    const buffer_pool pool;
    const buffer_pool copy = pool;
    kept = copy.take(100);
    CHECK(pool.allocations() == 1);
  }
  std::memset(kept.data(), 1, kept.size());
}

TEST_CASE("threads take and return buffers at once", "[buffer_pool]") {
  const buffer_pool pool;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&pool, t] {
      for (int i = 0; i < 20'000; ++i) {
        const buffer b = pool.take(static_cast<std::size_t>(1 + (i * 37 + t) % 5000));
        b.data()[0] = std::byte{1};
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(pool.allocations() <= 4 * 16);
}

}  // namespace sluice
