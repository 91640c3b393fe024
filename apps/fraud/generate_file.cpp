#include "sluice/apps/fraud/generate_file.hpp"

#include "sluice/apps/fraud/feature_text.hpp"
#include "sluice/connectors/output_file.hpp"

namespace sluice::fraud {

result<std::uint64_t> generate_file(const world_parameters& parameters, const std::string& path) {
  auto opened = output_file::create(path);
  if (!opened) return opened.failure();
  output_file file = std::move(opened).value();
  const handbook_world world = generate_world(parameters);
  file.buffer() += world_text_head;
  for (std::uint64_t tx_id = 0; tx_id < world.rows.size(); ++tx_id) {
    append_world_text(file.buffer(), world, tx_id);
    if (auto written = file.written(); !written) return written.failure();
  }
  if (auto written = file.flush(); !written) return written.failure();
  return world.rows.size();
}

}  // namespace sluice::fraud
