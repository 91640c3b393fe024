#include "sluice/actors/gateway_actor.hpp"

#include <utility>

#include "sluice/actors/report_bytes.hpp"
#include "sluice/messages/wire.hpp"

namespace sluice {

gateway_actor::gateway_actor(caf::actor_config& config, link_port* port, generation_id generation,
                             std::string coordinator)
    : caf::event_based_actor(config),
      port_(port),
      generation_(generation),
      coordinator_(std::move(coordinator)) {}

caf::behavior gateway_actor::make_behavior() {
  return {
      // Not by constant reference: a batch that nobody else holds is sent as it lies.
      [this](rows_message& m) {
        port_->send(channel_id{m.channel}, std::move(m.rows), m.watermark);
      },
      [this](const marker_message& m) { port_->send(channel_id{m.channel}, m.mark); },
      [this](const credit_message& m) { port_->grant(channel_id{m.channel}, m.limit); },
      [this](const exhausted_message& m) {
        tell(exhausted_frame{generation_, m.number}, {});
      },
      [this](const passed_message& m) {
        tell(passed_frame{generation_, m.number, m.mark}, {});
      },
      [this](const progress_message& m) {
        tell(progress_frame{generation_, m.number, m.watermark, m.idle}, {});
      },
      [this](const answer_message& m) {
        tell(ack_frame{m.generation, m.number, m.epoch, m.snapshot}, m.snapshot.stage);
      },
      [this](const failed_message& m) {
        tell(failed_frame{generation_, m.stage, m.reason}, m.stage);
      },
      [this](const actor_report& m) {
        tell(report_frame{generation_, m.number, report_bytes(m)}, {});
      },
  };
}

void gateway_actor::tell(control_frame frame, const std::string& stage) {
  if (auto fits = to_wire(frame); !fits)
    frame = failed_frame{
        generation_, stage,
        "what it tells the coordinator is too much for a frame: " + fits.failure().message};
  port_->tell(coordinator_, std::move(frame));
}

}  // namespace sluice
