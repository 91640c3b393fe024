#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/sink_conformance.hpp"
#include "sluice/connectors/transaction_port.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice::test {

/// Counts what a sink does to the world, before and after each thing, and ends it at one of them.
class crash_countdown {
 public:
  void set(std::size_t steps) { left_ = steps; }
  void pass() {
    if (left_ != SIZE_MAX && left_-- == 0) {
      left_ = SIZE_MAX;
      throw simulated_crash{};
    }
  }
  /// `act()` with a step before and one after it.
  template <class F>
  auto around(F act) {
    pass();
    auto done = act();
    pass();
    return done;
  }

 private:
  std::size_t left_ = SIZE_MAX;
};

class counting_output final : public output_port {
 public:
  counting_output(std::unique_ptr<output_port> inner, crash_countdown& count)
      : inner_(std::move(inner)), count_(count) {}
  result<void> append(std::span<const char> bytes) override {
    count_.pass();
    // Half of it may be there and half not.
    auto half = inner_->append(bytes.first(bytes.size() / 2));
    if (!half) return half;
    return count_.around([&] { return inner_->append(bytes.subspan(bytes.size() / 2)); });
  }
  result<void> sync() override {
    return count_.around([&] { return inner_->sync(); });
  }

 private:
  std::unique_ptr<output_port> inner_;
  crash_countdown& count_;
};

/// A folder whose changes are counted.
class counting_files final : public file_port {
 public:
  counting_files(std::shared_ptr<file_port> inner, crash_countdown& count)
      : inner_(std::move(inner)), count_(count) {}

  result<std::unique_ptr<output_port>> create(const std::string& name) override {
    return counted(count_.around([&] { return inner_->create(name); }));
  }
  result<std::unique_ptr<output_port>> append_to(const std::string& name) override {
    return counted(inner_->append_to(name));
  }
  result<std::string> read(const std::string& name) override { return inner_->read(name); }
  result<std::string> read_part(const std::string& name, std::uint64_t from,
                                std::size_t bytes) override {
    return inner_->read_part(name, from, bytes);
  }
  result<std::uint64_t> size(const std::string& name) override { return inner_->size(name); }
  result<void> rename(const std::string& from, const std::string& to) override {
    return count_.around([&] { return inner_->rename(from, to); });
  }
  result<void> replace(const std::string& from, const std::string& to) override {
    return count_.around([&] { return inner_->replace(from, to); });
  }
  result<void> remove(const std::string& name) override {
    return count_.around([&] { return inner_->remove(name); });
  }
  result<void> truncate(const std::string& name, std::uint64_t bytes) override {
    return count_.around([&] { return inner_->truncate(name, bytes); });
  }
  result<std::vector<std::string>> list() override { return inner_->list(); }
  result<void> sync_names() override {
    return count_.around([&] { return inner_->sync_names(); });
  }
  std::string place() const override { return inner_->place(); }

 private:
  result<std::unique_ptr<output_port>> counted(result<std::unique_ptr<output_port>> made) {
    if (!made) return made;
    return std::unique_ptr<output_port>{
        std::make_unique<counting_output>(std::move(made).value(), count_)};
  }

  std::shared_ptr<file_port> inner_;
  crash_countdown& count_;
};

/// A table outside, every call of which is counted; or one that forgets what it was told.
class counting_table : public transaction_port {
 public:
  counting_table(std::shared_ptr<transaction_port> inner, crash_countdown& count,
                 bool forgets_epochs = false)
      : inner_(std::move(inner)), count_(count), forgets_epochs_(forgets_epochs) {}

  result<void> begin(std::chrono::seconds longest) override {
    return count_.around([&] { return inner_->begin(longest); });
  }
  result<std::vector<epoch_row>> rows(const job_id& job, const std::string& sink,
                                      std::optional<std::size_t> instance) override {
    auto found = inner_->rows(job, sink, instance);
    if (found && forgets_epochs_)
      for (auto& row : found.value()) row.epoch = {};
    return found;
  }
  result<bool> put(const job_id& job, const std::string& sink, const epoch_row& row) override {
    return count_.around([&] { return inner_->put(job, sink, row); });
  }
  result<void> insert(std::string_view bytes) override {
    return count_.around([&] { return inner_->insert(bytes); });
  }
  result<void> commit() override {
    return count_.around([&] { return inner_->commit(); });
  }
  void rollback() override { inner_->rollback(); }
  std::string place() const override { return inner_->place(); }

 private:
  std::shared_ptr<transaction_port> inner_;
  crash_countdown& count_;
  bool forgets_epochs_;
};

}  // namespace sluice::test
