#include "sluice/graph/settings_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>
#include <vector>

#include "sluice/graph/settings_nearest.hpp"
#include "sluice/graph/settings_variables.hpp"
#include "sluice/graph/cluster.hpp"
#include "sluice/operators/pre_aggregate.hpp"
#include "sluice/state/open_meta_store.hpp"

namespace sluice {

namespace {

struct unit_factor {
  std::string_view unit;
  std::int64_t factor;
};

constexpr std::array<unit_factor, 4> time_units{
    {{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}}};
constexpr std::array<unit_factor, 4> size_units{
    {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

std::span<const unit_factor> units_of(setting_kind kind) {
  if (kind == setting_kind::time) return time_units;
  if (kind == setting_kind::size) return size_units;
  return {};
}

enum class number_fault : std::uint8_t { none, malformed, too_large };

struct parsed_number {
  std::int64_t value = 0;
  number_fault fault = number_fault::none;
};

// Takes what TOML takes as a decimal integer: a sign, digits, single underscores between digits.
parsed_number parse_number(std::string_view text) {
  std::string digits;
  char previous = '_';
  if (text.starts_with('-')) digits += '-';
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  for (char c : text) {
    if (c == '_' && previous == '_') return {0, number_fault::malformed};
    if (c != '_' && (c < '0' || c > '9')) return {0, number_fault::malformed};
    if (c != '_') digits += c;
    previous = c;
  }
  if (previous == '_') return {0, number_fault::malformed};
  parsed_number parsed;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed.value);
  if (code != std::errc{}) return {0, number_fault::too_large};
  return parsed;
}

understood_value refuse(const setting_description& description, std::string wrong,
                        std::string_view more = {}) {
  auto hint = "allowed: " + allowed_values(description);
  if (!more.empty()) hint.append("; ").append(more);
  return {std::nullopt, std::move(wrong), std::move(hint)};
}

understood_value in_range(const setting_description& description, std::int64_t value) {
  if (value >= description.smallest && value <= description.largest) return {value, {}, {}};
  bool turn_off = value <= 0 && (description.id == setting_id::latency ||
                                 description.id == setting_id::mini_batch_size);
  return refuse(description, "value out of range",
                turn_off ? "to turn batching off write policy = \"off\"" : "");
}

understood_value understand_policy(const setting_description& description,
                                   const std::string& name) {
  auto policy = parse_batch_policy(name);
  if (policy == batch_policy::automatic) {
    return refuse(description, "policy not available in this version");
  }
  if (policy) return {static_cast<std::int64_t>(*policy), {}, {}};
  const std::vector<std::string> known(batch_policy_names.begin(), batch_policy_names.end() - 1);
  auto near = nearest_name(name, known);
  return refuse(description, "unknown policy", near ? "did you mean \"" + *near + "\"?" : "");
}

understood_value understand_name(const setting_description& description, const std::string& name) {
  if (const auto known = parse_pre_aggregate(name))
    return {static_cast<std::int64_t>(*known), {}, {}};
  return refuse(description, "unknown name");
}

// Of one of the kinds that are named: `told` as below.
understood_value understand_word(const setting_description& description, const std::string& name,
                                 bool told) {
  auto known = description.kind == setting_kind::policy ? understand_policy(description, name)
                                                        : understand_name(description, name);
  // What is near to the replacement would tell what it is.
  if (!known.value && !told) return refuse(description, known.wrong);
  return known;
}

// `told`: whether the text may be part of a message.
understood_value understand_store(const setting_description& description, std::string text,
                                  bool told) {
  const std::string wrong = text.empty() ? std::string{} : check_store_text(text);
  if (!wrong.empty()) return refuse(description, "not the name of a store", told ? wrong : "");
  return {0, {}, {}, std::move(text)};
}

// Of either kind of text.
understood_value understand_text(const setting_description& description, std::string text,
                                 bool told) {
  if (description.kind == setting_kind::store)
    return understand_store(description, std::move(text), told);
  if (description.id == setting_id::nodes && !text.empty())
    if (const auto nodes = read_nodes(text); !nodes)
      return refuse(description, "no list of nodes", told ? nodes.failure().message : "");
  return {0, {}, {}, std::move(text)};
}

bool is_word(const setting_description& description) {
  return description.kind == setting_kind::policy || description.kind == setting_kind::name;
}

bool is_text(const setting_description& description) {
  return description.kind == setting_kind::store || description.kind == setting_kind::text;
}

bool part_of_number(char c) { return (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-'; }

// `unit_required`: a bare number in quotes is a slip, unless it came from the environment or a
// shell.
understood_value understand_amount(const setting_description& description, std::string_view text,
                                   bool unit_required) {
  auto end = std::find_if_not(text.begin(), text.end(), part_of_number);
  auto digits = text.substr(0, end - text.begin());
  auto unit = text.substr(digits.size());
  auto units = units_of(description.kind);
  if (units.empty() && unit_required) {
    auto plain = unit.empty() && parse_number(digits).fault == number_fault::none;
    return refuse(description, "wrong type", plain ? "write it without quotes" : "");
  }
  auto number = parse_number(digits);
  if (number.fault == number_fault::malformed) return refuse(description, "not a whole number");
  std::int64_t factor = 1;
  if (!unit.empty()) {
    auto known = std::find_if(units.begin(), units.end(),
                              [&](const unit_factor& candidate) { return candidate.unit == unit; });
    if (known == units.end()) {
      bool whole = !units.empty() && !unit.starts_with('.');
      return refuse(description, whole ? "unknown unit" : "not a whole number");
    }
    factor = known->factor;
  } else if (unit_required) {
    return refuse(description, "missing unit");
  }
  std::int64_t value = 0;
  if (number.fault == number_fault::too_large ||
      __builtin_mul_overflow(number.value, factor, &value)) {
    return refuse(description, "value out of range");
  }
  return in_range(description, value);
}

std::string_view without_quotes(std::string_view text) {
  bool quoted = text.size() >= 2 && text.front() == text.back() &&
                (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

understood_value understand(const setting_description& description, const given_value& given,
                            const variable_lookup& variable) {
  switch (given.form) {
    case value_form::integer:
      if (is_word(description) || is_text(description)) return refuse(description, "wrong type");
      return in_range(description, given.number);
    case value_form::quoted: {
      auto replaced = replace_variables(given.text, variable);
      if (!replaced.wrong.empty()) return {std::nullopt, replaced.wrong, {}};
      if (is_text(description)) return understand_text(description, replaced.text, !replaced.any);
      if (is_word(description)) return understand_word(description, replaced.text, !replaced.any);
      return understand_amount(description, replaced.text, !replaced.any);
    }
    case value_form::free_text: {
      auto text = without_quotes(given.text);
      if (is_text(description)) return understand_text(description, std::string(text), true);
      if (is_word(description)) return understand_word(description, std::string(text), true);
      return understand_amount(description, text, false);
    }
    case value_form::other:
      break;
  }
  return refuse(description, "wrong type");
}

std::string allowed_values(const setting_description& description) {
  if (description.kind == setting_kind::policy) return R"("off", "micro", "mini", "both")";
  if (description.kind == setting_kind::name) return R"("off", "on", "auto")";
  if (description.kind == setting_kind::store)
    return R"(a directory, or a text such as "etcd://127.0.0.1:2379/sluice/NAME")";
  if (description.id == setting_id::nodes)
    return R"(a text such as "a=tcp://10.0.0.1:7100,b=tcp://10.0.0.2:7100")";
  if (description.kind == setting_kind::text) return "the path of a file";
  auto text = std::to_string(description.smallest) + " to " + std::to_string(description.largest) +
              " " + std::string(description.unit);
  if (description.kind == setting_kind::time)
    text += R"(, or a text such as "500ms", "5s", "2min", "1h")";
  if (description.kind == setting_kind::size)
    text += R"(, or a text such as "512KiB", "8MiB", "1GiB")";
  return text;
}

std::string format_value(const setting_description& description, std::int64_t value,
                         std::string_view text) {
  if (is_text(description)) return std::string(text.empty() ? "none" : text);
  if (description.kind == setting_kind::policy) {
    return std::string(to_string(static_cast<batch_policy>(value)));
  }
  if (description.kind == setting_kind::name)
    return std::string(to_string(static_cast<pre_aggregate>(value)));
  return std::to_string(value) + " " + std::string(description.unit);
}

}  // namespace sluice
