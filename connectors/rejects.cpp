#include "sluice/connectors/rejects.hpp"

#include <string>

#include "sluice/connectors/epoch_rejects.hpp"
#include "sluice/connectors/json_text.hpp"

namespace sluice {

result<std::shared_ptr<epoch_rejects>> reject_log::by_epoch(std::size_t) {
  return std::shared_ptr<epoch_rejects>{};
}

result<std::shared_ptr<epoch_file>> reject_log::shown_by_epoch() {
  return std::shared_ptr<epoch_file>{};
}

result<std::shared_ptr<epoch_output>> rejects::by_epoch(std::size_t instance) {
  if (!log_) return std::shared_ptr<epoch_output>{};
  auto one = log_->by_epoch(instance);
  if (!one) return one.failure();
  if (one.value()) log_ = one.value();
  return std::shared_ptr<epoch_output>{one.value()};
}

result<void> rejects::reject(std::string_view input, std::uint64_t offset, std::uint64_t line,
                             std::string_view reason, std::string_view text) {
  if (log_) {
    ++count_;
    return log_->reject(input, offset, line, reason, text);
  }
  std::string message{input};
  message.append(":").append(std::to_string(line)).append(": ").append(reason);
  message.append(" (byte ").append(std::to_string(offset)).append("): ");
  append_json_string(message, text.substr(0, 80));
  return error{error_code::malformed, std::move(message)};
}

}  // namespace sluice
