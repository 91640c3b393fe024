#include "sluice/messages/wire.hpp"

#include <utility>

#include <wire.pb.h>

#include "sluice/records/utf8.hpp"

namespace sluice {

namespace {

// --- to the wire

void put(wire::Id128& to, const std::array<std::uint64_t, 2>& id) {
  to.set_high(id[0]);
  to.set_low(id[1]);
}

void put(wire::Grant& to, const grant_frame& f) {
  to.set_consumed(f.consumed);
  to.set_limit_rows(f.limit.rows);
  to.set_limit_bytes(f.limit.bytes);
}

void put(wire::Snapshot& to, const instance_snapshot& s) {
  to.set_stage(s.stage);
  to.set_instance(s.instance);
  to.set_ended(s.ended);
  to.set_state(s.state);
  to.set_epoch(s.epoch.value);
  for (const blob_ref& b : s.blobs) {
    wire::Blob& blob = *to.add_blobs();
    blob.set_name(b.name);
    blob.set_bytes(b.bytes);
    blob.set_checksum(b.checksum);
  }
}

struct writer {
  std::string operator()(const hello_frame& f) const {
    wire::Hello m;
    put(*m.mutable_job(), f.job.value);
    m.set_graph(f.graph.value);
    m.set_wire_version(f.wire_version);
    m.set_node(f.node);
    put(*m.mutable_incarnation(), f.incarnation.value);
    return m.SerializeAsString();
  }
  std::string operator()(const grant_frame& f) const {
    wire::Grant m;
    put(m, f);
    return m.SerializeAsString();
  }
  std::string operator()(const resume_frame& f) const {
    wire::Resume m;
    put(*m.mutable_granted(), f.granted);
    m.set_expected(f.expected);
    m.set_why(static_cast<std::uint32_t>(f.why));
    return m.SerializeAsString();
  }
  std::string operator()(const fenced_frame&) const { return {}; }
  std::string operator()(const start_frame& f) const {
    wire::Start m;
    m.set_restored_generation(f.restored.generation.value);
    m.set_restored_end(f.restored.end);
    for (const instance_snapshot& s : f.restored.instances) put(*m.add_instances(), s);
    m.set_plan(f.plan);
    if (f.before.epoch != epoch_id{}) {
      wire::Manifest& before = *m.mutable_before();
      before.set_generation(f.before.generation.value);
      before.set_epoch(f.before.epoch.value);
      before.set_end(f.before.end);
      for (const instance_snapshot& s : f.before.instances) put(*before.add_instances(), s);
    }
    return m.SerializeAsString();
  }
  std::string operator()(const started_frame& f) const {
    wire::Started m;
    m.set_node(f.node);
    return m.SerializeAsString();
  }
  std::string operator()(const open_frame& f) const {
    wire::Open m;
    m.set_commit(f.commit);
    m.set_last(f.last);
    m.set_number(f.number);
    return m.SerializeAsString();
  }
  std::string operator()(const ack_frame& f) const {
    wire::Ack m;
    put(*m.mutable_snapshot(), f.snapshot);
    m.set_number(f.number);
    return m.SerializeAsString();
  }
  std::string operator()(const commit_frame& f) const {
    wire::Commit m;
    m.set_decided_by(f.decided_by.value);
    m.set_number(f.number);
    return m.SerializeAsString();
  }
  std::string operator()(const link_broken_frame& f) const {
    wire::LinkBroken m;
    m.set_cause(f.cause);
    return m.SerializeAsString();
  }
  std::string operator()(const heartbeat_frame& f) const {
    wire::Heartbeat m;
    put(*m.mutable_incarnation(), f.incarnation.value);
    m.set_received(f.received);
    return m.SerializeAsString();
  }
  std::string operator()(const exhausted_frame& f) const {
    wire::Exhausted m;
    m.set_number(f.number);
    return m.SerializeAsString();
  }
  std::string operator()(const passed_frame& f) const {
    wire::Passed m;
    m.set_number(f.number);
    m.set_commit(f.m.commit);
    m.set_end(f.m.end);
    m.set_idle(f.m.idle);
    m.set_watermark_us(f.m.watermark.us);
    return m.SerializeAsString();
  }
  std::string operator()(const failed_frame& f) const {
    wire::Failed m;
    m.set_stage(f.stage);
    m.set_reason(f.reason);
    m.set_needs_decision(f.needs_decision);
    return m.SerializeAsString();
  }
  std::string operator()(const progress_frame& f) const {
    wire::Progress m;
    m.set_number(f.number);
    m.set_watermark_us(f.watermark.us);
    m.set_idle(f.idle);
    return m.SerializeAsString();
  }
  std::string operator()(const pace_frame& f) const {
    wire::Pace m;
    m.set_slowest_us(f.slowest.us);
    return m.SerializeAsString();
  }
  std::string operator()(const stop_frame&) const { return {}; }
  std::string operator()(const drain_frame&) const { return {}; }
  std::string operator()(const report_request_frame&) const { return {}; }
  std::string operator()(const report_frame& f) const {
    wire::Report m;
    m.set_number(f.number);
    m.set_bytes(f.bytes);
    return m.SerializeAsString();
  }
};

// --- from the wire

error malformed(frame_type type, std::string_view what) {
  return {error_code::malformed,
          "header of a " + std::string(to_string(type)) + " frame: " + std::string(what)};
}

// Reads one header and remembers the first thing wrong with it.
class reader {
 public:
  reader(frame_type type, const frame_place& place, std::string_view header)
      : type_(type), place_(place), header_(header) {}

  result<control_frame> read() {
    if (header_.size() > most_header_bytes) return malformed(type_, "too large");
    control_frame frame = parsed();
    if (!wrong_.empty()) return malformed(type_, wrong_);
    return frame;
  }

 private:
  control_frame parsed() {
    switch (type_) {
      case frame_type::hello: {
        const auto m = parse<wire::Hello>();
        return hello_frame{{id(m.job())},  {m.graph()},           m.wire_version(),
                           text(m.node()), {id(m.incarnation())}, place_.generation};
      }
      case frame_type::grant:
        return granted(parse<wire::Grant>());
      case frame_type::resume: {
        const auto m = parse<wire::Resume>();
        if (m.why() < 1 || m.why() > 4) wrong("no such reason to resume");
        return resume_frame{granted(m.granted()), m.expected(),
                            static_cast<resume_reason>(m.why() & 7)};
      }
      case frame_type::fenced:
        parse<wire::Fenced>();
        return fenced_frame{place_.generation};
      case frame_type::start:
        return started_from(parse<wire::Start>());
      case frame_type::started:
        return started_frame{place_.generation, text(parse<wire::Started>().node())};
      case frame_type::open: {
        const auto m = parse<wire::Open>();
        return open_frame{place_.generation, m.number(), place_.epoch, m.commit(), m.last()};
      }
      case frame_type::ack: {
        const auto m = parse<wire::Ack>();
        return ack_frame{place_.generation, m.number(), place_.epoch, snapshot(m.snapshot())};
      }
      case frame_type::commit: {
        const auto m = parse<wire::Commit>();
        return commit_frame{place_.generation, m.number(), {m.decided_by()}, place_.epoch};
      }
      case frame_type::link_broken:
        return link_broken_frame{place_.generation, place_.channel,
                                 text(parse<wire::LinkBroken>().cause())};
      case frame_type::heartbeat: {
        const auto m = parse<wire::Heartbeat>();
        return heartbeat_frame{place_.generation, {id(m.incarnation())}, m.received()};
      }
      case frame_type::stop:
        parse<wire::Stop>();
        return stop_frame{place_.generation};
      case frame_type::exhausted:
        return exhausted_frame{place_.generation, parse<wire::Exhausted>().number()};
      case frame_type::passed:
        return passed(parse<wire::Passed>());
      case frame_type::failed: {
        const auto m = parse<wire::Failed>();
        return failed_frame{place_.generation, text(m.stage()), m.reason(), m.needs_decision()};
      }
      case frame_type::progress: {
        const auto m = parse<wire::Progress>();
        return progress_frame{place_.generation, m.number(), {m.watermark_us()}, m.idle()};
      }
      case frame_type::pace:
        return pace_frame{place_.generation, {parse<wire::Pace>().slowest_us()}};
      case frame_type::drain:
        parse<wire::Drain>();
        return drain_frame{place_.generation};
      case frame_type::report_request:
        parse<wire::ReportRequest>();
        return report_request_frame{place_.generation};
      case frame_type::report: {
        const auto m = parse<wire::Report>();
        return report_frame{place_.generation, m.number(), m.bytes()};
      }
      case frame_type::rows:
      case frame_type::marker:
        break;
    }
    wrong("no control frame");
    return {};
  }

  template <class Message>
  Message parse() {
    Message m;
    if (!m.ParseFromArray(header_.data(), static_cast<int>(header_.size())))
      wrong("not what its type has");
    return m;
  }

  static std::array<std::uint64_t, 2> id(const wire::Id128& m) { return {m.high(), m.low()}; }

  grant_frame granted(const wire::Grant& m) const {
    return {place_.generation, place_.channel, m.consumed(), {m.limit_rows(), m.limit_bytes()}};
  }

  std::string text(const std::string& bytes) {
    if (!is_utf8(bytes)) wrong("text that is not UTF-8");
    return bytes;
  }

  // Says so if the list is too long, and then has nothing of it read.
  template <class List>
  int entries(const List& list) {
    if (static_cast<std::size_t>(list.size()) <= most_header_entries) return list.size();
    wrong("a list that is too long");
    return 0;
  }

  instance_snapshot snapshot(const wire::Snapshot& m) {
    instance_snapshot s{text(m.stage()), m.instance(), m.ended(), m.state(), {}, {m.epoch()}};
    for (int i = 0, n = entries(m.blobs()); i < n; ++i) {
      const wire::Blob& b = m.blobs(i);
      s.blobs.push_back({text(b.name()), b.bytes(), b.checksum()});
    }
    return s;
  }

  passed_frame passed(const wire::Passed& m) {
    if (place_.epoch == epoch_id{}) wrong("a marker without an epoch");
    if (m.end() && !m.commit()) wrong("an END that is no COMMIT");
    return {place_.generation,
            m.number(),
            {place_.epoch, m.commit(), m.end(), m.idle(), {m.watermark_us()}}};
  }

  start_frame started_from(const wire::Start& m) {
    start_frame f;
    f.generation = place_.generation;
    f.restored.generation = {m.restored_generation()};
    f.restored.epoch = place_.epoch;
    f.restored.end = m.restored_end();
    for (int i = 0, n = entries(m.instances()); i < n; ++i)
      f.restored.instances.push_back(snapshot(m.instances(i)));
    f.plan = m.plan();
    if (m.has_before()) {
      f.before = {{m.before().generation()}, {m.before().epoch()}, m.before().end(), {}};
      for (int i = 0, n = entries(m.before().instances()); i < n; ++i)
        f.before.instances.push_back(snapshot(m.before().instances(i)));
    }
    return f;
  }

  void wrong(std::string_view what) {
    if (wrong_.empty()) wrong_ = what;
  }

  frame_type type_;
  frame_place place_;
  std::string_view header_;
  std::string wrong_;
};

}  // namespace

result<std::string> to_wire(const control_frame& frame) {
  std::string header = std::visit(writer{}, frame);
  if (header.size() > most_header_bytes)
    return error{error_code::failed, "header of a " + std::string(to_string(type_of(frame))) +
                                         " frame is too large: " + std::to_string(header.size()) +
                                         " bytes of " + std::to_string(most_header_bytes)};
  return header;
}

result<control_frame> from_wire(frame_type type, const frame_place& place,
                                std::string_view header) {
  return reader(type, place, header).read();
}

}  // namespace sluice
