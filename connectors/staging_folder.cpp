#include "sluice/connectors/staging_folder.hpp"

#include <cstdio>
#include <utility>

#include "sluice/messages/job_text.hpp"
#include "sluice/state/posix_files.hpp"

namespace sluice {

namespace {

// A stage may be called anything; what could mean something in a path is written as %2F.
std::string file_name_of(const std::string& stage) {
  std::string name;
  for (const char c : stage) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_';
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "%%%02X", static_cast<unsigned char>(c));
    name += plain ? std::string(1, c) : escaped;
  }
  return name;
}

}  // namespace

std::function<result<std::shared_ptr<file_port>>(const job_id&)> staging_folder(
    std::string place, const std::string& stage) {
  return [place = std::move(place),
          name = file_name_of(stage)](const job_id& job) -> result<std::shared_ptr<file_port>> {
    auto folder = open_posix_files(place + '/' + name + '.' + text_of(job));
    if (!folder) return folder.failure();
    return std::shared_ptr<file_port>{std::move(folder).value()};
  };
}

}  // namespace sluice
