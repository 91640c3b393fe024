#include "sluice/links/frame_offences.hpp"

namespace sluice {

bool frame_offences::add(const std::string& who) {
  // Strangers may come under ever new names; those who are cut off are the last to be forgotten.
  if (counted_.size() >= most_senders && !counted_.contains(who)) {
    std::erase_if(counted_, [](const auto& sender) { return sender.second < most; });
    if (counted_.size() >= most_senders) counted_.clear();
  }
  std::uint32_t& count = counted_[who];
  if (count < most) return ++count == most;
  return false;
}

bool frame_offences::cut_off(const std::string& who) const {
  const auto sender = counted_.find(who);
  return sender != counted_.end() && sender->second >= most;
}

bool frame_offences::may_say(const std::string& whom, std::chrono::milliseconds now) {
  const auto before = said_.find(whom);
  if (before != said_.end() && now - before->second < between_words) return false;
  if (said_.size() >= most_senders) said_.clear();
  said_[whom] = now;
  return true;
}

bool frame_offences::may_say_news(const std::string& whom, const std::string& what,
                                  std::chrono::milliseconds now) {
  const auto before = news_.find(whom);
  if ((before != news_.end() && before->second == what) || !may_say(whom, now)) return false;
  if (news_.size() >= most_senders) news_.clear();
  news_[whom] = what;
  return true;
}

}  // namespace sluice
