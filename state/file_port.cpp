#include "sluice/state/file_port.hpp"

#include "sluice/state/file_names.hpp"

namespace sluice {

namespace {

// A temporary file that is there already was left by a writer that died: names are unique by
// generation, so there is no other one.
result<std::unique_ptr<output_port>> begin_anew(file_port& to, const std::string& name) {
  auto file = to.create(name);
  if (file || file.failure().code != error_code::refused) return file;
  if (auto gone = to.remove(name); !gone) return gone.failure();
  return to.create(name);
}

result<void> fill(file_port& to, const std::string& name, std::span<const char> bytes) {
  auto file = begin_anew(to, name);
  if (!file) return file.failure();
  if (auto written = file.value()->append(bytes); !written) return written;
  return file.value()->sync();
}

using put_in_place = result<void> (file_port::*)(const std::string&, const std::string&);

result<void> fill_and(put_in_place put, file_port& to, const std::string& name,
                      std::span<const char> bytes) {
  const std::string temporary = temporary_name(name);
  auto done = fill(to, temporary, bytes);
  if (done) done = (to.*put)(temporary, name);
  if (done) return to.sync_names();
  // Best effort: what went wrong first is what is told, and a leftover is nobody's file.
  static_cast<void>(to.remove(temporary));
  return done;
}

}  // namespace

result<std::string> file_port::read_part(const std::string& name, std::uint64_t from,
                                         std::size_t bytes) {
  auto whole = read(name);
  if (!whole) return whole;
  if (from >= whole.value().size()) return std::string{};
  return whole.value().substr(from, bytes);
}

result<void> write_durably(file_port& to, const std::string& name, std::span<const char> bytes) {
  return fill_and(&file_port::rename, to, name, bytes);
}

result<void> replace_durably(file_port& to, const std::string& name, std::span<const char> bytes) {
  return fill_and(&file_port::replace, to, name, bytes);
}

}  // namespace sluice
