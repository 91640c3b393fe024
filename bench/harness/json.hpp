#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::bench {

/// A JSON object being written, members in the order they are added.
///
///   json_object{}.add("rows", 3).add("bound", nothing).text()  ==  {"rows":3,"bound":null}
class json_object {
 public:
  json_object& add(std::string_view name, std::string_view value);
  json_object& add(std::string_view name, const char* value) {
    return add(name, std::string_view{value});
  }
  json_object& add(std::string_view name, bool value);
  json_object& add(std::string_view name, const json_object& value);
  /// Finite numbers to 6 digits, others as null.
  json_object& add(std::string_view name, double value);
  template <std::integral T>
  json_object& add(std::string_view name, T value) {
    return add_raw(name, std::to_string(value));
  }
  /// null where there is no value.
  template <class T>
  json_object& add(std::string_view name, const std::optional<T>& value) {
    return value ? add(name, *value) : add_raw(name, "null");
  }

  /// One line.
  std::string text() const { return '{' + members_ + '}'; }

 private:
  json_object& add_raw(std::string_view name, std::string_view value);

  std::string members_;
};

}  // namespace sluice::bench
