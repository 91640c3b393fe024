#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sluice {

/// Counts bad frames by who sent them, and decides whom to listen to no more (docs/protocol.md
/// 14.2). Remembers only so many senders. `now` never goes back. Not thread-safe.
class frame_offences {
 public:
  static constexpr std::uint32_t most = 100;          ///< Bad frames of one sender.
  static constexpr std::size_t most_senders = 1'024;  ///< Remembered.
  static constexpr std::chrono::milliseconds between_words{1'000};

  /// Counts one of `who`. True if it was the one too many.
  bool add(const std::string& who);
  /// True if nothing of `who` is to be looked at any more.
  bool cut_off(const std::string& who) const;

  /// True if something may be logged about `whom`: at most once a second.
  bool may_say(const std::string& whom, std::chrono::milliseconds now);
  /// Likewise, and never twice the same: true if `what` is wrong with `whom` that was not when this
  /// was true last.
  bool may_say_news(const std::string& whom, const std::string& what,
                    std::chrono::milliseconds now);
  /// Nothing is wrong with `whom` now: what comes next is news.
  void put_right(const std::string& whom) { news_.erase(whom); }

 private:
  std::map<std::string, std::uint32_t> counted_;
  std::map<std::string, std::chrono::milliseconds> said_;
  std::map<std::string, std::string> news_;
};

}  // namespace sluice
