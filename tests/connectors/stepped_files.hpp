#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/state/file_port.hpp"

namespace sluice::test {

/// A folder that calls `at` before step `step`, counted from 0: everything that is asked of it, but
/// appends and syncs of files.
class stepped_files final : public file_port {
 public:
  stepped_files(std::shared_ptr<file_port> inner, std::uint64_t step, std::function<void()> at)
      : inner_(std::move(inner)), left_(step), at_(std::move(at)) {}

  result<std::unique_ptr<output_port>> create(const std::string& name) override {
    return step().create(name);
  }
  result<std::unique_ptr<output_port>> append_to(const std::string& name) override {
    return step().append_to(name);
  }
  result<std::string> read(const std::string& name) override { return step().read(name); }
  result<std::string> read_part(const std::string& name, std::uint64_t from,
                                std::size_t bytes) override {
    return step().read_part(name, from, bytes);
  }
  result<std::uint64_t> size(const std::string& name) override { return step().size(name); }
  result<void> rename(const std::string& from, const std::string& to) override {
    return step().rename(from, to);
  }
  result<void> replace(const std::string& from, const std::string& to) override {
    return step().replace(from, to);
  }
  result<void> remove(const std::string& name) override { return step().remove(name); }
  result<void> truncate(const std::string& name, std::uint64_t bytes) override {
    return step().truncate(name, bytes);
  }
  result<std::vector<std::string>> list() override { return step().list(); }
  result<void> sync_names() override { return step().sync_names(); }
  std::string place() const override { return inner_->place(); }

 private:
  file_port& step() {
    if (left_-- == 0) at_();
    return *inner_;
  }

  std::shared_ptr<file_port> inner_;
  std::uint64_t left_;
  std::function<void()> at_;
};

}  // namespace sluice::test
