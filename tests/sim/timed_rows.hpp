#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/source.hpp"
#include "sluice/sim/virtual_time.hpp"

namespace sluice::sim {

/// A row that knows when it came into being, in virtual time.
struct item {
  std::uint64_t id;
  std::uint32_t key;
  instant born;
};
SLUICE_RECORD(item, id, key, born);

inline instant virtual_instant() {
  const auto since = virtual_now().time_since_epoch();
  return instant{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

/// So many rows, all at one moment of virtual time.
struct burst {
  std::chrono::milliseconds at{0};
  std::uint64_t rows = 0;
};

/// A source that gives bursts of items when their time has come, and ends at the last.
class timed_rows {
 public:
  using record_type = item;
  using key_function = std::function<std::uint32_t(std::uint64_t id)>;

  explicit timed_rows(
      std::vector<burst> bursts, key_function key = [](auto) { return 0; })
      : bursts_(std::move(bursts)), key_(std::move(key)) {}

  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return std::unique_ptr<source_reader>{std::make_unique<reader>(*this, at)};
  }
  std::string describe() const { return "timed rows"; }

 private:
  class reader final : public source_reader {
   public:
    reader(const timed_rows& of, const source_context& at)
        : bursts_(of.bursts_), key_(of.key_), out_(at.pool, at.bounds) {}

    result<read_batch> read() override {
      while (next_ < bursts_.size() && virtual_now().time_since_epoch() >= bursts_[next_].at) {
        for (; given_ < bursts_[next_].rows; ++given_) {
          const item made{id_, key_(id_), virtual_instant()};
          if (out_.full_for(made)) return read_batch{out_.take(), read_state::more};
          out_.push(made);
          ++id_;
        }
        given_ = 0;
        ++next_;
      }
      const bool ended = next_ == bursts_.size();
      return read_batch{out_.take(), ended ? read_state::end : read_state::later};
    }

   private:
    std::vector<burst> bursts_;
    key_function key_;
    batch_builder<item> out_;
    std::size_t next_ = 0;
    std::uint64_t given_ = 0;
    std::uint64_t id_ = 0;
  };

  std::vector<burst> bursts_;
  key_function key_;
};

/// `rows` rows every `every`, for `duration`.
inline std::vector<burst> steady(std::uint64_t rows, std::chrono::milliseconds every,
                                 std::chrono::milliseconds duration) {
  std::vector<burst> made;
  for (auto at = std::chrono::milliseconds{0}; at <= duration; at += every)
    made.push_back({at, rows});
  return made;
}

}  // namespace sluice::sim
