#include "sluice/state/open_meta_store.hpp"

#include <utility>

#include "sluice/state/directory_seat.hpp"
#include "sluice/state/etcd_meta_store.hpp"
#include "sluice/state/etcd_seat.hpp"
#include "sluice/state/file_meta_store.hpp"

namespace sluice {

// Opens `text` as one of two kinds: `of_etcd(address)` or `of_directory(path)`.
template <class Opened, class OfEtcd, class OfDirectory>
static result<Opened> open_kind(const std::string& text, OfEtcd of_etcd, OfDirectory of_directory) {
  if (auto wrong = check_store_text(text); !wrong.empty())
    return error{error_code::failed, std::move(wrong)};
  if (names_etcd(text)) return of_etcd(parse_etcd_address(text).value());
  return of_directory(text);
}

result<std::unique_ptr<meta_store>> open_meta_store(const std::string& text) {
  using opened = std::unique_ptr<meta_store>;
  return open_kind<opened>(
      text,
      [](const etcd_address& address) -> result<opened> {
        return std::make_unique<etcd_meta_store>(address);
      },
      [](const std::string& directory) -> result<opened> {
        auto store = file_meta_store::open(directory);
        if (!store) return store.failure();
        return std::move(store).value();
      });
}

result<std::unique_ptr<coordinator_seat>> open_coordinator_seat(const std::string& text) {
  using opened = std::unique_ptr<coordinator_seat>;
  return open_kind<opened>(
      text,
      [](const etcd_address& address) -> result<opened> {
        return std::make_unique<etcd_seat>(address);
      },
      [](const std::string& directory) -> result<opened> {
        return std::make_unique<directory_seat>(directory);
      });
}

std::string check_store_text(std::string_view text) {
  if (text.empty()) return "a directory or etcd://HOST:PORT/PREFIX expected";
  if (names_etcd(text)) {
    const auto address = parse_etcd_address(text);
    return address ? std::string{} : address.failure().message;
  }
  if (text.find("://") != text.npos)
    return std::string{text} + ": character 1: etcd:// or etcds:// expected, or a directory";
  return {};
}

}  // namespace sluice
