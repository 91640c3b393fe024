#pragma once

#include <vector>

#include "sluice/messages/control.hpp"

namespace sluice {

/// One frame of every type but rows and marker, with no member left as it begins.
inline std::vector<control_frame> sample_frames() {
  const generation_id generation{7};
  const grant_frame granted{generation, {3}, 300, {65'536, UINT64_MAX}};
  const instance_snapshot snapshot{"per card",
                                   2,
                                   true,
                                   std::string("\0\xff state", 8),
                                   {{"base", 1'000, 0xdeadbeef}, {"delta", 1, 2}}};
  return {
      hello_frame{{{1, UINT64_MAX}}, {42}, 1, "worker-1", {{5, 6}}, generation},
      granted,
      resume_frame{granted, 305, resume_reason::reconnected},
      fenced_frame{generation},
      start_frame{generation,
                  {{6}, {99}, true, {snapshot, {"sums", 0, false, "", {}}}},
                  std::string("\0plan", 5),
                  {{5}, {98}, false, {snapshot}}},
      started_frame{generation, "worker-1"},
      open_frame{generation, 11, {100}, true, true},
      ack_frame{generation, 12, {100}, snapshot},
      commit_frame{generation, 13, {5}, {99}},
      link_broken_frame{generation, {3}, "wrong checksum"},
      heartbeat_frame{generation, {{8, 9}}, 17},
      stop_frame{generation},
      exhausted_frame{generation, 15},
      passed_frame{generation, 16, {{101}, true, true, true, {-7}}},
      failed_frame{generation, "scores", "caf\xe9", true},
      progress_frame{generation, 18, {1'000}, true},
      pace_frame{generation, {-1}},
      drain_frame{generation},
      report_request_frame{generation},
      report_frame{generation, 19, std::string("\0\xff report", 9)},
  };
}

}  // namespace sluice
