#include "sluice/connectors/json_objects.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "sluice/connectors/json_text.hpp"
#include "sluice/connectors/value_text.hpp"

namespace sluice {

namespace {

namespace json = simdjson::ondemand;

static_assert(simdjson::SIMDJSON_PADDING <= input_window::padding);

constexpr int deepest = 256;

std::string_view reason_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "not UTF-8";
    case simdjson::INCORRECT_TYPE:
      return "not a JSON object";
    case simdjson::DEPTH_ERROR:
      return "JSON nested too deep";
    default:
      return "not JSON";
  }
}

std::string_view trimmed(std::string_view token) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!token.empty() && blank(token.back())) token.remove_suffix(1);
  return token;
}

// Looks at all of a value that no field of the record takes: the library itself only skips it.
// DEPTH_ERROR stands for more than `deepest` levels.
simdjson::error_code check_ignored(json::value value, int depth) {
  json::json_type type;
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case json::json_type::object: {
      if (depth == deepest) return simdjson::DEPTH_ERROR;
      json::object object;
      if (const auto error = value.get_object().get(object)) return error;
      for (auto field : object) {
        std::string_view key;
        if (const auto error = field.unescaped_key().get(key)) return error;
        if (const auto error = check_ignored(field.value(), depth + 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    case json::json_type::array: {
      if (depth == deepest) return simdjson::DEPTH_ERROR;
      json::array array;
      if (const auto error = value.get_array().get(array)) return error;
      for (auto element : array) {
        if (element.error()) return element.error();
        if (const auto error = check_ignored(element.value_unsafe(), depth + 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    case json::json_type::string: {
      std::string_view text;
      return value.get_string().get(text);
    }
    case json::json_type::number:
      return is_json_number(trimmed(value.raw_json_token())) ? simdjson::SUCCESS
                                                             : simdjson::NUMBER_ERROR;
    case json::json_type::boolean: {
      bool truth;
      return value.get_bool().get(truth);
    }
    case json::json_type::null: {
      bool null = false;
      if (const auto error = value.is_null().get(null)) return error;
      return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
  }
  return simdjson::TAPE_ERROR;
}

class object_lines final : public line_format {
 public:
  explicit object_lines(const schema& fields) : schema_(&fields), seen_(fields.fields.size()) {}

  line_verdict take(std::string_view line, column_batch& to, std::size_t row) override;

 private:
  line_verdict bad(simdjson::error_code error) const {
    return {line_verdict::kind::bad, std::string(reason_of(error))};
  }
  std::size_t find(std::string_view key);
  std::string_view take_value(json::value value, std::size_t c, column_batch& to, std::size_t row);
  line_verdict take_fields(json::object object, column_batch& to, std::size_t row);
  line_verdict take_missing(column_batch& to, std::size_t row) const;

  const schema* schema_;
  json::parser parser_;
  std::vector<char> seen_;  // fields of the present row
  std::size_t expected_ = 0;
};

line_verdict object_lines::take(std::string_view line, column_batch& to, std::size_t row) {
  if (trimmed(line).empty()) return {line_verdict::kind::no_row};
  if (parser_.capacity() < line.size())
    if (const auto error = parser_.allocate(std::bit_ceil(line.size()))) return bad(error);
  json::document document;
  json::object object;
  if (const auto error =
          parser_.iterate(line.data(), line.size(), line.size() + simdjson::SIMDJSON_PADDING)
              .get(document))
    return bad(error);
  if (const auto error = document.get_object().get(object)) return bad(error);
  std::fill(seen_.begin(), seen_.end(), char{0});
  expected_ = 0;
  if (auto verdict = take_fields(object, to, row); verdict.is == line_verdict::kind::bad)
    return verdict;
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return at_end ? take_missing(to, row) : bad(simdjson::TAPE_ERROR);
}

line_verdict object_lines::take_fields(json::object object, column_batch& to, std::size_t row) {
  for (auto field : object) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return bad(error);
    const std::size_t c = find(key);
    if (c == schema_->fields.size()) {
      if (const auto error = check_ignored(field.value(), 1)) return bad(error);
      continue;
    }
    const field_info& about = schema_->fields[c];
    if (std::exchange(seen_[c], char{1}))
      return {line_verdict::kind::bad, std::string(about.name) + " is there twice"};
    const std::string_view why = take_value(field.value(), c, to, row);
    if (!why.empty())
      return {line_verdict::kind::bad, std::string(about.name) + " (" +
                                           std::string(to_string(about.type)) +
                                           "): " + std::string(why)};
  }
  return {};
}

// Most lines have their fields in the order of the record, or in another that repeats.
std::size_t object_lines::find(std::string_view key) {
  std::size_t c = expected_;
  if (c >= schema_->fields.size() || schema_->fields[c].name != key) c = schema_->find(key);
  if (c < schema_->fields.size()) expected_ = c + 1;
  return c;
}

// Writes the value of field `c`; returns what is wrong with it.
std::string_view object_lines::take_value(json::value value, std::size_t c, column_batch& to,
                                          std::size_t row) {
  const field_info& about = schema_->fields[c];
  json::json_type type;
  if (value.type().get(type)) return "not JSON";
  if (type == json::json_type::null) {
    bool null = false;
    if (value.is_null().get(null) || !null) return "not JSON";
    if (!about.optional) return "null";
    write_absent(to, c, row);
    return {};
  }
  if (about.optional) to.set_valid(c, row, /*there=*/true);

  if (about.type == column_type::boolean) {
    bool truth = false;
    if (value.get_bool().get(truth)) return "not true or false";
    to.values<bool>(c)[row] = truth;
    return {};
  }
  const bool takes_string = about.type == column_type::text || about.type == column_type::instant;
  if (takes_string && type == json::json_type::string) {
    std::string_view text;
    if (value.get_string().get(text)) return "not a JSON string";
    return read_value(about.type, text, to, c, row);
  }
  if (about.type == column_type::text) return "not a JSON string";
  if (type != json::json_type::number)
    return about.type == column_type::instant ? "not a time" : "not a JSON number";
  const std::string_view token = trimmed(value.raw_json_token());
  if (!is_json_number(token)) return "not a JSON number";
  return read_value(about.type, token, to, c, row);
}

line_verdict object_lines::take_missing(column_batch& to, std::size_t row) const {
  for (std::size_t c = 0; c < seen_.size(); ++c) {
    if (seen_[c]) continue;
    if (!schema_->fields[c].optional)
      return {line_verdict::kind::bad, "no field " + std::string(schema_->fields[c].name)};
    write_absent(to, c, row);
  }
  return {};
}

void append_member(std::string& out, const column_batch& rows, std::size_t c, std::size_t row) {
  const column_type type = rows.fields().fields[c].type;
  if (!rows.valid(c, row) || is_not_finite(rows, c, row)) {
    out += "null";
  } else if (type == column_type::text) {
    append_json_string(out, rows.text_at(c, row));
  } else if (type == column_type::instant) {
    out += '"';
    append_value(out, rows, c, row);
    out += '"';
  } else {
    append_value(out, rows, c, row);
  }
}

}  // namespace

void append_json_row(std::string& out, const column_batch& rows, std::size_t row) {
  const auto& fields = rows.fields().fields;
  out += '{';
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (c > 0) out += ',';
    append_json_string(out, fields[c].name);
    out += ':';
    append_member(out, rows, c, row);
  }
  out += "}\n";
}

std::unique_ptr<line_format> json_objects(const schema& fields) {
  return std::make_unique<object_lines>(fields);
}

}  // namespace sluice
