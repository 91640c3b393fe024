#include "sluice/connectors/line_splitter.hpp"

#include <cstring>

namespace sluice {

namespace {

std::string_view without_return(std::string_view text) {
  return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
}

}  // namespace

// The window is moved past a line only when the next one is asked for, so that its text stays.
result<input_line> line_splitter::next(input_window& in) {
  in.use(used_);
  used_ = 0;
  for (;;) {
    const std::string_view rest = in.rest();
    const void* found = rest.size() == searched_
                            ? nullptr
                            : std::memchr(rest.data() + searched_, '\n', rest.size() - searched_);
    if (found) {
      const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - rest.data());
      return finish(in, length, length + 1);
    }
    searched_ = rest.size();
    if (!skipping_ && searched_ > limit_ + 1) {
      skipping_ = true;
      start_.clear();
      start_offset_ = in.offset();
    }
    if (skipping_) {
      keep(rest);
      in.use(searched_);
      searched_ = 0;
    }
    auto state = in.fill();
    if (!state) return state.failure();
    if (state.value() == bytes_state::blocked) return input_line{line_state::blocked, {}, 0, 0};
    if (state.value() == bytes_state::end) {
      if (in.rest().empty() && !skipping_) return input_line{line_state::end, {}, 0, 0};
      return finish(in, in.rest().size(), in.rest().size());
    }
  }
}

// Keeps the start of a line that is being skipped, and one byte more to see whether there is more.
void line_splitter::keep(std::string_view part) {
  start_ += part.substr(0, kept + 1 - start_.size());
}

input_line line_splitter::finish(input_window& in, std::size_t length, std::size_t used) {
  used_ = used;
  searched_ = 0;
  ++number_;
  const std::string_view line = in.rest().substr(0, length);
  if (skipping_) {
    skipping_ = false;
    keep(line);
    const std::string_view start = start_;
    return {line_state::over_long,
            start.size() > kept ? start.substr(0, kept) : without_return(start), start_offset_,
            number_};
  }
  const std::string_view text = without_return(line);
  if (text.size() > limit_)
    return {line_state::over_long, text.substr(0, kept), in.offset(), number_};
  return {line_state::line, text, in.offset(), number_};
}

}  // namespace sluice
