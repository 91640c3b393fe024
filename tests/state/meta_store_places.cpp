#include "sluice/tests/state/meta_store_places.hpp"

#include "sluice/sim/sim_disk.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/state/memory_meta_store.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

namespace {

class memory_place final : public meta_store_place {
 public:
  std::unique_ptr<meta_store> open() override { return std::make_unique<memory_meta_store>(kept_); }
  bool shared() const override { return true; }

 private:
  memory_meta_store::truth_ref kept_ = std::make_shared<std::optional<meta_truth>>();
};

class real_directory final : public meta_store_place {
 public:
  std::unique_ptr<meta_store> open() override {
    return file_meta_store::open(folder_.file("store")).value();
  }
  bool shared() const override { return false; }

 private:
  scratch_folder folder_;
};

// The power fails between one coordinator and the next. Logs are replaced often.
class simulated_directory final : public meta_store_place {
 public:
  std::unique_ptr<meta_store> open() override {
    disk_.fail_power();
    return std::make_unique<file_meta_store>(disk_.open(), 2000);
  }
  bool shared() const override { return false; }

 private:
  sim::sim_disk disk_{1};
};

template <class Place>
kind_of_store kind(std::string name) {
  return {std::move(name), [] { return std::make_unique<Place>(); }};
}

}  // namespace

std::vector<kind_of_store> kinds_of_store() {
  return {kind<memory_place>("memory"), kind<real_directory>("file"),
          kind<simulated_directory>("file on a simulated disk")};
}

}  // namespace sluice
