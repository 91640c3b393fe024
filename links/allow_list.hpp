#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/links/keys.hpp"
#include "sluice/links/z85.hpp"
#include "sluice/messages/frame_type.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// True for the frames that only a coordinator sends (docs/protocol.md 14.1).
bool is_said_by_coordinator(frame_type type);

/// Who may connect, by public key, and what each may say. Not for writing while it is read.
class allow_list {
 public:
  /// An error if two entries have the same node or the same key, or one is no key.
  static result<allow_list> of(const std::vector<allowed_key>& keys);

  /// The entry with that key, or of that node; null if there is none. As long as this.
  const allowed_key* with_key(const key_value& key) const;
  const allowed_key* of_node(const std::string& node) const;
  /// Whether `node` may send frames of `type`. Nobody may who is not in the list.
  bool may_say(const std::string& node, frame_type type) const;

 private:
  std::map<std::string, allowed_key> by_node_;
  std::map<key_value, std::string> nodes_;
};

}  // namespace sluice
