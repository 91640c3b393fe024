#include "sluice/connectors/text.hpp"

#include "sluice/connectors/line_rows.hpp"
#include "sluice/connectors/socket_bytes.hpp"
#include "sluice/records/utf8.hpp"

namespace sluice::from {

namespace {

class plain_lines final : public line_format {
 public:
  line_verdict take(std::string_view text, column_batch& to, std::size_t row) override {
    const std::string_view problem = text_problem(text);
    if (!problem.empty()) return {line_verdict::kind::bad, std::string(problem)};
    to.set_text(0, row, text);
    return {};
  }
};

result<std::unique_ptr<source_reader>> read_lines(input_files files, std::size_t max_line,
                                                  const source_context& at) {
  return line_rows::open(std::move(files), std::make_unique<plain_lines>(), max_line,
                         schema_of<line>(), at);
}

}  // namespace

result<std::unique_ptr<source_reader>> text_file::open(const source_context& at) const {
  auto files = input_files::open(files_.share_of(at));
  if (!files) return files.failure();
  return read_lines(std::move(files).value(), max_line_, files_.with_rejects(at));
}

result<std::unique_ptr<source_reader>> text_socket::open(const source_context& at) const {
  if (at.instance != 0) {
    auto nothing = input_files::open({});
    if (!nothing) return nothing.failure();
    return read_lines(std::move(nothing).value(), options_.max_line, at);
  }
  auto bytes = connect_to(host_, port_, options_.connect_within);
  if (!bytes) return bytes.failure();
  auto input = input_files::of(host_ + ":" + std::to_string(port_), std::move(bytes).value());
  if (!input) return input.failure();
  return read_lines(std::move(input).value(), options_.max_line, at);
}

std::string text_socket::describe() const {
  return "text socket, " + host_ + ":" + std::to_string(port_) + ", at most once";
}

}  // namespace sluice::from
