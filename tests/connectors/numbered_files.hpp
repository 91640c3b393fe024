#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/committed_files.hpp"
#include "sluice/connectors/transaction_port.hpp"
#include "sluice/messages/job_text.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/sim/sim_disk.hpp"

namespace sluice::test {

using names = std::vector<std::string>;
using folder_content = std::map<std::string, std::string>;

/// What the tests of committed files write.
struct numbered {
  std::uint64_t row;
};
SLUICE_RECORD(numbered, row);

/// Rows of this number and above are long: two of them are more than a writer keeps in memory.
inline constexpr std::uint64_t long_from = 30, long_to = 40;

inline const row_format numbered_lines{
    .extension = ".txt",
    .head = [](std::string& out, const schema&) { out += "row\n"; },
    .row =
        [](std::string& out, const column_batch& rows, std::size_t row) {
          const auto number = rows.values<std::uint64_t>(0)[row];
          out += std::to_string(number);
          if (number >= long_from && number < long_to) out += std::string(140'000, ' ');
          out += '\n';
        }};

inline std::string row_text(std::uint64_t number) {
  std::string text;
  batch_builder<numbered> one{buffer_pool{}};
  one.push({number});
  numbered_lines.row(text, *one.take(), 0);
  return text;
}

inline committed_files writer_of(std::shared_ptr<file_port> files, std::size_t i, std::size_t n) {
  return {std::move(files),
          sink_context{.stage = "out",
                       .instance = i,
                       .instances = n,
                       .fields = &schema_of<numbered>(),
                       .commits = true},
          numbered_lines};
}

inline result<void> write_rows(committed_files& to, const std::vector<std::uint64_t>& numbers) {
  for (const auto number : numbers) {
    batch_builder<numbered> one{buffer_pool{}};
    one.push({number});
    if (auto written = to.write(*one.take()); !written) return written;
  }
  return {};
}

inline folder_content content_of(file_port& files) {
  folder_content all;
  const names there = files.list().value();
  for (const auto& name : there) all[name] = files.read(name).value();
  return all;
}

/// What somebody who looks at the folder takes for output, in the order of names.
inline std::string visible(const folder_content& all) {
  std::string text;
  for (const auto& [name, content] : all)
    if (name[0] != '.') text += content.substr(content.find('\n') + 1);
  return text;
}
/// What is in the folder and is neither output nor a fence.
inline names hidden(const folder_content& all) {
  names found;
  for (const auto& [name, content] : all)
    if (name[0] == '.' && !name.ends_with(".fence")) found.push_back(name);
  return found;
}
inline std::string fence_of(std::size_t instance, std::uint64_t generation,
                            const job_id& job = {}) {
  return ".part-0000" + std::to_string(instance) + '.' + text_of(job) + '.' +
         std::to_string(generation) + ".txt.fence";
}
inline names fences(const folder_content& all) {
  names found;
  for (const auto& [name, content] : all)
    if (name.ends_with(".fence")) found.push_back(name);
  return found;
}

inline names names_of(const folder_content& all) {
  names found;
  for (const auto& [name, content] : all) found.push_back(name);
  return found;
}

}  // namespace sluice::test
