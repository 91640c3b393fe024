#include "sluice/messages/job_text.hpp"

#include <cstdio>

namespace sluice {

std::string text_of(const job_id& job) {
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(job.value[0]),
                static_cast<unsigned long long>(job.value[1]));
  return text;
}

}  // namespace sluice
