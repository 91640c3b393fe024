#include "sluice/state/etcd_address.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace sluice {

namespace {

constexpr std::string_view plain = "etcd://", encrypted = "etcds://", authorities_mark = "?ca=";

bool letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

class address_reader {
 public:
  explicit address_reader(std::string_view text) : text_(text) {}

  result<etcd_address> read() {
    const bool secret = text_.starts_with(encrypted);
    if (!secret && !text_.starts_with(plain)) return wrong("etcd:// or etcds:// expected");
    at_ = secret ? encrypted.size() : plain.size();
    etcd_address address;
    do {
      auto server = read_server();
      if (!server) return server.failure();
      address.servers.push_back((secret ? "https://" : "http://") + server.value());
    } while (taken(','));
    auto prefix = read_prefix();
    if (!prefix) return prefix.failure();
    address.prefix = std::move(prefix).value();
    if (at_ == text_.size()) return address;
    if (!secret || !left().starts_with(authorities_mark))
      return wrong(secret ? "?ca=FILE or the end expected" : "the end expected");
    at_ += authorities_mark.size();
    if (left().empty()) return wrong("a file expected");
    address.authorities = left();
    return address;
  }

 private:
  std::string_view left() const { return text_.substr(at_); }
  bool taken(char c) {
    if (!left().starts_with(c)) return false;
    ++at_;
    return true;
  }
  template <class Belongs>
  std::string take(Belongs belongs) {
    const auto rest = left();
    const auto end = std::find_if_not(rest.begin(), rest.end(), belongs);
    const std::string taken{rest.begin(), end};
    at_ += taken.size();
    return taken;
  }

  error wrong(const std::string& what) const {
    return {error_code::failed,
            std::string{text_} + ": character " + std::to_string(at_ + 1) + ": " + what};
  }

  result<std::string> read_server() {
    std::string host;
    if (taken('[')) {
      host = "[" + take([](char c) { return letter_or_digit(c) || c == ':' || c == '.'; }) + "]";
      if (!taken(']')) return wrong("] expected");
    } else {
      host = take([](char c) { return letter_or_digit(c) || c == '.' || c == '-'; });
    }
    if (host.size() <= (host.starts_with('[') ? 2 : 0)) return wrong("a host expected");
    if (!taken(':')) return wrong(": and a port expected");
    const std::size_t begin = at_;
    const std::string digits = take([](char c) { return c >= '0' && c <= '9'; });
    std::uint16_t port = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (read.ec != std::errc{} || port == 0) {
      at_ = begin;
      return wrong("a port from 1 to 65535 expected");
    }
    return host + ":" + std::to_string(port);
  }

  result<std::string> read_prefix() {
    std::string prefix;
    while (taken('/')) {
      const std::string part =
          take([](char c) { return letter_or_digit(c) || c == '.' || c == '-' || c == '_'; });
      if (part.empty()) return wrong("a name of letters, digits, dots, _ and - expected");
      prefix += "/" + part;
    }
    if (prefix.empty()) return wrong("a slash and the name of the run expected");
    return prefix;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool names_etcd(std::string_view text) {
  return text.starts_with(plain) || text.starts_with(encrypted);
}

result<etcd_address> parse_etcd_address(std::string_view text) {
  return address_reader{text}.read();
}

}  // namespace sluice
