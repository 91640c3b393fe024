#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sluice/messages/ids.hpp"
#include "sluice/records/result.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice {

/// Opens the folder in `place` where the sink `stage` of a run stages its rows, making it if need
/// be: `PLACE/<stage>.<job>`, so that no two runs and no two sinks share one.
std::function<result<std::shared_ptr<file_port>>(const job_id&)> staging_folder(
    std::string place, const std::string& stage);

}  // namespace sluice
