#include "sluice/connectors/text.hpp"

#include "sluice/connectors/line_rows.hpp"
#include "sluice/connectors/logged_lines.hpp"
#include "sluice/connectors/socket_bytes.hpp"
#include "sluice/records/utf8.hpp"
#include "sluice/state/posix_files.hpp"

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
  const std::string name = host_ + ":" + std::to_string(port_);
  const auto connect = [this] { return connect_to(host_, port_, options_.connect_within); };
  if (log_.empty() || !at.job) {
    auto bytes = connect();
    if (!bytes) return bytes.failure();
    auto input = input_files::of(name, std::move(bytes).value());
    if (!input) return input.failure();
    return read_lines(std::move(input).value(), options_.max_line, at);
  }
  auto files = open_posix_files(log_);
  if (!files) return files.failure();
  auto removing = open_posix_files(log_);
  if (!removing) return removing.failure();
  auto opened = byte_log::open(std::move(files).value(), *at.job);
  if (!opened) return opened.failure();
  const std::shared_ptr<byte_log> log = std::move(opened).value();
  auto bytes = logged_bytes::open(log, connect);
  if (!bytes) return bytes.failure();
  // Before the first epoch nothing has been collected.
  if (at.position.empty())
    if (auto there = bytes.value()->seek(0); !there) return there.failure();
  auto input = input_files::of(name, std::move(bytes).value());
  if (!input) return input.failure();
  auto reader = read_lines(std::move(input).value(), options_.max_line, at);
  if (!reader) return reader.failure();
  return collect_log(std::move(reader).value(), log, std::move(removing).value());
}

std::string text_socket::describe() const {
  return "text socket, " + host_ + ":" + std::to_string(port_) +
         (log_.empty() ? ", at most once" : ", logged in " + log_);
}

}  // namespace sluice::from
