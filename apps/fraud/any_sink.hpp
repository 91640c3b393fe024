#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sluice/connectors/nothing.hpp"
#include "sluice/connectors/sink.hpp"

namespace sluice::fraud {

/// A sink connector of any kind, chosen when the program runs; drops the rows unless given one.
class any_sink {
 public:
  any_sink() : any_sink(to::nothing{}) {}

  template <sink_connector C>
  requires(!std::same_as<C, any_sink>) any_sink(C connector)
      : open_([connector](const sink_context& at) { return connector.open(at); }),
        try_([connector](const sink_context& at) -> result<void> {
          if constexpr (requires { connector.try_open(at); }) return connector.try_open(at);
          return {};
        }),
        what_(connector.describe()) {
    if constexpr (requires { connector.prints(); }) stays_ = connector.prints();
    if constexpr (requires { connector.stays(); }) stays_ = connector.stays();
    if constexpr (requires { connector.commits(); }) commits_ = connector.commits();
  }

  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const { return open_(at); }
  result<void> try_open(const sink_context& at) const { return try_(at); }
  std::string describe() const { return what_; }
  bool stays() const { return stays_; }
  bool commits() const { return commits_; }

 private:
  std::function<result<std::unique_ptr<sink_writer>>(const sink_context&)> open_;
  std::function<result<void>(const sink_context&)> try_;
  std::string what_;
  bool stays_ = false;
  bool commits_ = false;
};

}  // namespace sluice::fraud
