#pragma once

#include <string>

#include "sluice/messages/ids.hpp"

namespace sluice {

/// The 32 hexadecimal digits of a job, as they stand in names of files, in tables and in messages.
std::string text_of(const job_id& job);

}  // namespace sluice
