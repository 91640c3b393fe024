#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sluice/connectors/same_record.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/records/batch.hpp"

namespace sluice::to {

/// Calls a function for every batch of rows of record `T`. Every instance calls its own copy; what
/// the copies share they must guard.
///
///   .sink("log", to::each<alert>{[&log](const batch<alert>& rows) { log.add(rows); }})
template <record T>
class each {
 public:
  using record_type = T;
  using function = std::function<void(const batch<T>&)>;

  explicit each(function call) : call_(std::move(call)) {}

  /// Errors: the rows of the stage are no `T`.
  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const {
    if (auto same = check_same_record(schema_of<T>(), at); !same) return same.failure();
    return std::unique_ptr<sink_writer>{std::make_unique<writer>(call_)};
  }
  std::string describe() const { return "function"; }
  bool stays() const { return true; }

 private:
  class writer final : public sink_writer {
   public:
    explicit writer(function call) : call_(std::move(call)) {}
    result<void> write(const column_batch& rows) override {
      call_(batch<T>{rows});
      return {};
    }
    result<void> flush(epoch_id) override { return {}; }

   private:
    function call_;
  };

  function call_;
};

}  // namespace sluice::to
