#include "sluice/connectors/console.hpp"

#include <cerrno>
#include <ctime>
#include <string_view>

#include "sluice/state/file_descriptor.hpp"
#include "sluice/connectors/value_text.hpp"

namespace sluice {

namespace {

constexpr std::size_t most_held = 1 << 20;

std::string local_time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%H:%M:%S", &parts)};
}

// Text from outside must not steer the terminal or break the line.
void append_shown(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
}

class console_writer final : public sink_writer {
 public:
  console_writer(to::console_options options, const sink_context& at)
      : options_(std::move(options)) {
    if (!options_.time_of_day) options_.time_of_day = local_time_of_day;
    if (at.instances > 1)
      part_ = "  " + std::to_string(at.instance + 1) + " of " + std::to_string(at.instances);
  }

  result<void> write(const column_batch& rows) override {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      append_row(rows, row);
      if (held_.size() > most_held)
        if (auto printed = print("open"); !printed) return printed;
    }
    return {};
  }

  result<void> flush(epoch_id epoch) override {
    if (held_.empty()) return {};
    return print(std::to_string(epoch.value));
  }

 private:
  void append_row(const column_batch& rows, std::size_t row) {
    const auto& fields = rows.fields().fields;
    for (std::size_t c = 0; c < fields.size(); ++c) {
      if (c > 0) held_ += '\t';
      if (!rows.valid(c, row)) continue;
      if (fields[c].type == column_type::text)
        append_shown(held_, rows.text_at(c, row));
      else
        append_value(held_, rows, c, row);
    }
    held_ += '\n';
  }

  // One write a block, so that the blocks of several instances do not mix.
  result<void> print(const std::string& epoch) {
    if (options_.heads == to::epoch_heads::shown)
      held_.insert(0, "epoch " + epoch + "  " + options_.time_of_day() + part_ + "\n");
    const bool written = std::fwrite(held_.data(), 1, held_.size(), options_.out) == held_.size() &&
                         std::fflush(options_.out) == 0;
    held_.clear();
    if (!written) return os_error("cannot write to the console", errno);
    return {};
  }

  to::console_options options_;
  std::string part_;
  std::string held_;
};

}  // namespace

result<std::unique_ptr<sink_writer>> to::console::open(const sink_context& at) const {
  return std::unique_ptr<sink_writer>{std::make_unique<console_writer>(options_, at)};
}

}  // namespace sluice
