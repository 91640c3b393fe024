#include "sluice/state/blob_name.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

#include "sluice/records/hash.hpp"
#include "sluice/state/file_names.hpp"

namespace sluice {

namespace {

constexpr std::size_t longest_stage = 120;  // leaves room for the rest within 255 bytes
constexpr std::string_view digits = "0123456789abcdef";

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string hexadecimal(std::uint64_t value, int places) {
  std::string text;
  for (int i = places - 1; i >= 0; --i) text.push_back(digits[value >> (4 * i) & 15]);
  return text;
}

std::string stage_in_name(const std::string& stage) {
  std::string name;
  for (const char c : stage)
    name += plain(c) ? std::string(1, c) : "%" + hexadecimal(static_cast<unsigned char>(c), 2);
  if (name.size() <= longest_stage) return name;
  // `~` is in no name that was not cut.
  return name.substr(0, longest_stage - 17) + "~" + hexadecimal(hash_key(stage), 16);
}

std::string_view word_of(blob_kind kind) { return kind == blob_kind::base ? "base" : "delta"; }

// A number as `std::to_string` writes it: one spelling, so that a name and what it says are one.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return {};
  if (std::to_string(number) != text) return {};
  return number;
}

// Takes what stands behind the last `mark` off `text`.
std::string_view take_last(std::string_view& text, char mark) {
  const auto at = text.rfind(mark);
  const auto taken = at == std::string_view::npos ? text : text.substr(at + 1);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(0, at);
  return taken;
}

}  // namespace

std::string blob_name(const blob_identity& what) {
  return stage_in_name(what.stage) + "-" + std::to_string(what.instance) + "." +
         std::to_string(what.generation.value) + "." + std::to_string(what.epoch.value) + "." +
         std::string{word_of(what.kind)};
}

std::optional<parsed_blob_name> parse_blob_name(std::string_view name) {
  parsed_blob_name parsed;
  parsed.temporary = is_temporary(name);
  if (parsed.temporary) name.remove_suffix(temporary_name("").size());
  const auto kind = take_last(name, '.');
  const auto epoch = number_of<std::uint64_t>(take_last(name, '.'));
  const auto generation = number_of<std::uint64_t>(take_last(name, '.'));
  const auto dash = name.rfind('-');
  if (dash == std::string_view::npos) return {};
  const auto instance = number_of<std::uint32_t>(name.substr(dash + 1));
  if ((kind != "base" && kind != "delta") || !epoch || !generation || !instance) return {};
  parsed.stage = name.substr(0, dash);
  if (parsed.stage.find('.') != std::string::npos) return {};
  parsed.instance = *instance;
  parsed.generation.value = *generation;
  parsed.epoch.value = *epoch;
  parsed.kind = kind == "base" ? blob_kind::base : blob_kind::delta;
  return parsed;
}

}  // namespace sluice
