#include "sluice/tests/state/etcd_places.hpp"

#include "sluice/state/etcd_meta_store.hpp"
#include "sluice/tests/state/meta_store_places.hpp"

namespace sluice {

namespace {

class etcd_place final : public meta_store_place {
 public:
  std::unique_ptr<meta_store> open() override {
    return std::make_unique<etcd_meta_store>(address_);
  }
  bool shared() const override { return true; }

 private:
  etcd_address address_ = new_etcd_address();
};

}  // namespace

etcd_process& running_etcd() {
  static etcd_process running;
  return running;
}

etcd_address new_etcd_address() {
  static int count = 0;
  return parse_etcd_address(running_etcd().address("test/" + std::to_string(++count))).value();
}

std::vector<kind_of_store> kinds_of_store() {
  return {{"etcd", [] { return std::make_unique<etcd_place>(); }}};
}

}  // namespace sluice
