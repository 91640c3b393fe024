#include "sluice/messages/frame_type.hpp"

namespace sluice {

std::string_view to_string(frame_type type) {
  switch (type) {
    case frame_type::hello:
      return "hello";
    case frame_type::rows:
      return "rows";
    case frame_type::marker:
      return "marker";
    case frame_type::grant:
      return "grant";
    case frame_type::resume:
      return "resume";
    case frame_type::fenced:
      return "fenced";
    case frame_type::start:
      return "start";
    case frame_type::started:
      return "started";
    case frame_type::open:
      return "open";
    case frame_type::ack:
      return "ack";
    case frame_type::commit:
      return "commit";
    case frame_type::link_broken:
      return "link_broken";
    case frame_type::heartbeat:
      return "heartbeat";
    case frame_type::stop:
      return "stop";
    case frame_type::exhausted:
      return "exhausted";
    case frame_type::passed:
      return "passed";
    case frame_type::failed:
      return "failed";
    case frame_type::progress:
      return "progress";
    case frame_type::pace:
      return "pace";
    case frame_type::drain:
      return "drain";
    case frame_type::report_request:
      return "report_request";
    case frame_type::report:
      return "report";
  }
  return "?";
}

}  // namespace sluice
