#include "sluice/messages/control.hpp"

namespace sluice {

namespace {

struct type_and_place {
  frame_type type;
  frame_place place;
};

struct look {
  type_and_place operator()(const hello_frame& f) const {
    return {frame_type::hello, {f.generation, {}, {}}};
  }
  type_and_place operator()(const grant_frame& f) const {
    return {frame_type::grant, {f.generation, f.channel, {}}};
  }
  type_and_place operator()(const resume_frame& f) const {
    return {frame_type::resume, {f.granted.generation, f.granted.channel, {}}};
  }
  type_and_place operator()(const fenced_frame& f) const {
    return {frame_type::fenced, {f.generation, {}, {}}};
  }
  type_and_place operator()(const start_frame& f) const {
    return {frame_type::start, {f.generation, {}, f.restored.epoch}};
  }
  type_and_place operator()(const started_frame& f) const {
    return {frame_type::started, {f.generation, {}, {}}};
  }
  type_and_place operator()(const open_frame& f) const {
    return {frame_type::open, {f.generation, {}, f.epoch}};
  }
  type_and_place operator()(const ack_frame& f) const {
    return {frame_type::ack, {f.generation, {}, f.epoch}};
  }
  type_and_place operator()(const commit_frame& f) const {
    return {frame_type::commit, {f.generation, {}, f.epoch}};
  }
  type_and_place operator()(const link_broken_frame& f) const {
    return {frame_type::link_broken, {f.generation, f.channel, {}}};
  }
  type_and_place operator()(const heartbeat_frame& f) const {
    return {frame_type::heartbeat, {f.generation, {}, {}}};
  }
  type_and_place operator()(const stop_frame& f) const {
    return {frame_type::stop, {f.generation, {}, {}}};
  }
  type_and_place operator()(const exhausted_frame& f) const {
    return {frame_type::exhausted, {f.generation, {}, {}}};
  }
  type_and_place operator()(const passed_frame& f) const {
    return {frame_type::passed, {f.generation, {}, f.m.epoch}};
  }
  type_and_place operator()(const failed_frame& f) const {
    return {frame_type::failed, {f.generation, {}, {}}};
  }
  type_and_place operator()(const progress_frame& f) const {
    return {frame_type::progress, {f.generation, {}, {}}};
  }
  type_and_place operator()(const pace_frame& f) const {
    return {frame_type::pace, {f.generation, {}, {}}};
  }
  type_and_place operator()(const drain_frame& f) const {
    return {frame_type::drain, {f.generation, {}, {}}};
  }
  type_and_place operator()(const report_request_frame& f) const {
    return {frame_type::report_request, {f.generation, {}, {}}};
  }
  type_and_place operator()(const report_frame& f) const {
    return {frame_type::report, {f.generation, {}, {}}};
  }
};

}  // namespace

frame_type type_of(const control_frame& frame) { return std::visit(look{}, frame).type; }
frame_place place_of(const control_frame& frame) { return std::visit(look{}, frame).place; }

}  // namespace sluice
