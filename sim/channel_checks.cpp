#include "sluice/sim/channel_checks.hpp"

#include <algorithm>

namespace sluice::sim {

namespace {

std::string to_text(const std::variant<traced_rows, traced_marker>& what) {
  if (const auto* rows = std::get_if<traced_rows>(&what))
    return std::to_string(rows->rows) + " rows";
  const auto& m = std::get<traced_marker>(what);
  return (m.end ? "END " : m.commit ? "COMMIT " : "marker ") + std::to_string(m.epoch.value);
}

}  // namespace

channel_checks::channel_checks(const deployment& planned) {
  for (const auto& one : planned.instances)
    actors_.push_back({one, {}, std::vector<std::size_t>(one.upstream.size())});
  for (std::size_t a = 0; a < actors_.size(); ++a)
    for (std::size_t i = 0; i < actors_[a].planned.downstream.size(); ++i) {
      const planned_end to = actors_[a].planned.downstream[i];
      actors_[a].out.push_back(channels_.size());
      actors_[to.instance].in[to.channel] = channels_.size();
      channels_.push_back({a, i, to.instance, to.channel, {}, {}, false, 0, 0});
    }
}

void channel_checks::join(const deployment& planned) {
  for (std::size_t a = 0; a < actors_.size(); ++a) {
    planned_instance& one = actors_[a].planned;
    if (planned.instances[a].source) one.source = planned.instances[a].source;
    if (planned.instances[a].work) one.work = planned.instances[a].work;
  }
}

void channel_checks::leave(std::size_t actor) {
  actors_[actor].planned.source = nullptr;
  actors_[actor].planned.work = nullptr;
}

bool channel_checks::whole(const channel& c) const {
  const auto& sender = actors_[c.sender].planned;
  return (sender.source || sender.work) && actors_[c.receiver].planned.work;
}

void channel_checks::saw(std::size_t actor, traced kind, std::uint64_t detail) {
  if (actor >= actors_.size()) return;
  const auto out = [&](auto what) { send(channels_[actors_[actor].out[what.channel]], what); };
  const auto in = [&](auto what) { arrive(channels_[actors_[actor].in[what.channel]], what); };
  switch (kind) {
    case traced::rows_out:
      return out(traced_rows::of(detail));
    case traced::marker_out:
      return out(traced_marker::of(detail));
    case traced::rows_in:
      return in(traced_rows::of(detail));
    case traced::marker_in:
      return in(traced_marker::of(detail));
    default:
      return;
  }
}

void channel_checks::send(channel& c, const sent& what) {
  if (c.ended) broken(c, to_text(what) + " sent behind END");
  if (const auto* rows = std::get_if<traced_rows>(&what)) {
    c.sent_rows += rows->rows;
  } else {
    const auto& m = std::get<traced_marker>(what);
    if (m.epoch <= c.last)
      broken(c, to_text(what) + " sent behind epoch " + std::to_string(c.last.value));
    if (m.end && !m.commit) broken(c, "END " + std::to_string(m.epoch.value) + " is no COMMIT");
    c.last = m.epoch;
    c.ended = m.end;
    if (actors_[c.sender].planned.source) leave_source(c.sender, c, m);
  }
  c.under_way.push_back(what);
}

void channel_checks::arrive(channel& c, const sent& what) {
  if (c.under_way.empty()) return broken(c, to_text(what) + " arrived, nothing was sent");
  sent next = c.under_way.front();
  c.under_way.pop_front();
  std::visit([&](auto& n) { n.channel = static_cast<std::uint32_t>(c.receiver_number); }, next);
  if (next != what) broken(c, to_text(what) + " arrived, " + to_text(next) + " was sent");
  if (const auto* rows = std::get_if<traced_rows>(&what)) c.arrived_rows += rows->rows;
}

// A source has one edge, so all it has read must be on its channels in front of the marker.
void channel_checks::leave_source(std::size_t actor, const channel& c, const traced_marker& m) {
  const auto& one = actors_[actor].planned;
  leaving_marker& leaving = leaving_[{actor, m.epoch}];
  if (leaving.channels++ == 0) {
    leaving.read = one.source->rows_read();
    cuts_.push_back({one.stage, one.instance, m.epoch, m.commit, m.end, leaving.read});
  }
  leaving.sent += c.sent_rows;
  if (leaving.channels == actors_[actor].out.size() && leaving.sent != leaving.read)
    broken(c, to_text(m) + " left with " + std::to_string(leaving.sent) + " rows in front of it, " +
                  std::to_string(leaving.read) + " had been read");
}

void channel_checks::look(std::size_t actor) {
  if (actor >= actors_.size()) return;
  for (const std::size_t c : actors_[actor].in) check_credit(channels_[c]);
  for (const std::size_t c : actors_[actor].out) check_credit(channels_[c]);
}

void channel_checks::check_credit(const channel& c) {
  if (!whole(c)) return;
  const auto& sender = actors_[c.sender].planned;
  const auto& in = actors_[c.receiver].planned.work->in().ledger(c.receiver_number);
  const credit_window& out = sender.source ? sender.source->out().window(c.sender_number)
                                           : sender.work->out().window(c.sender_number);
  const std::uint64_t consumed = c.arrived_rows - in.queued_rows();
  const std::uint64_t limit = c.sent_rows + out.rows_left();
  if (in.queued_rows() > in.window().rows || in.queued_bytes() > in.window().bytes)
    broken(c, std::to_string(in.queued_rows()) + " rows, " + std::to_string(in.queued_bytes()) +
                  " bytes are queued, more than the window");
  if (in.queued_rows() > c.arrived_rows || c.arrived_rows > c.sent_rows || c.sent_rows > limit)
    broken(c, "consumed " + std::to_string(consumed) + ", arrived " +
                  std::to_string(c.arrived_rows) + ", sent " + std::to_string(c.sent_rows) +
                  ", limit " + std::to_string(limit) + ": not in this order");
  if (limit - consumed > in.window().rows)
    broken(c, "may send up to row " + std::to_string(limit) + " with " + std::to_string(consumed) +
                  " consumed, more than the window of " + std::to_string(in.window().rows));
}

void channel_checks::look_at_end() {
  for (const channel& c : channels_) {
    if (!whole(c)) continue;
    check_credit(c);
    const auto& in = actors_[c.receiver].planned.work->in().ledger(c.receiver_number);
    if (!c.ended) broken(c, "the run has ended without its END");
    if (!c.under_way.empty()) broken(c, to_text(c.under_way.front()) + " never arrived");
    if (in.queued_rows() != 0)
      broken(c, std::to_string(in.queued_rows()) + " rows are still queued at the end");
  }
}

std::string channel_checks::waiting() const {
  std::string text;
  for (const channel& c : channels_) {
    if (!whole(c)) continue;
    const auto& sender = actors_[c.sender].planned;
    const auto& out = sender.source ? sender.source->out() : sender.work->out();
    const auto& in = actors_[c.receiver].planned.work->in();
    const std::uint64_t queued = in.ledger(c.receiver_number).queued_rows();
    if (!out.blocked() && queued == 0) continue;
    text += "; " + name(c.sender) + " → " + name(c.receiver) + ": credit for " +
            std::to_string(out.window(c.sender_number).rows_left()) + " rows, " +
            std::to_string(queued) + " queued" +
            (in.blocked(c.receiver_number) ? ", waits for the alignment" : "") + ", last epoch " +
            std::to_string(c.last.value);
  }
  return text;
}

void channel_checks::broken(const channel& c, const std::string& what) {
  if (problem_.empty()) problem_ = name(c.sender) + " → " + name(c.receiver) + ": " + what;
}

std::string channel_checks::name(std::size_t actor) const {
  const auto& one = actors_[actor].planned;
  return one.stage + "[" + std::to_string(one.instance) + "]";
}

}  // namespace sluice::sim
