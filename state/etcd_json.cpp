#include "sluice/state/etcd_json.hpp"

#include <charconv>

#include <simdjson.h>

#include "sluice/state/base64.hpp"

namespace sluice {

namespace {

namespace dom = simdjson::dom;

std::string field(std::string_view name, const std::string& value) {
  return "\"" + std::string{name} + "\":\"" + value + "\"";
}

// An answer being read: the first thing wrong is remembered, and everything behind it is empty.
class answer_reader {
 public:
  explicit answer_reader(std::string_view json) {
    dom::element root;
    if (parser_.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS)
      wrong("no JSON");
    else
      root_ = root;
  }

  std::optional<dom::element> root() const { return root_; }

  // A field; nothing if it is left out, as etcd leaves out what is zero or empty.
  std::optional<dom::element> find(const std::optional<dom::element>& of, std::string_view name) {
    dom::object object;
    dom::element found;
    if (!of) return std::nullopt;
    if (of->get(object) != simdjson::SUCCESS) {
      wrong("an object expected around " + std::string{name});
      return std::nullopt;
    }
    if (object.at_key(name).get(found) != simdjson::SUCCESS) return std::nullopt;
    return found;
  }

  std::optional<dom::element> only(const std::optional<dom::element>& of, std::string_view name) {
    const auto list = find(of, name);
    dom::array all;
    if (!list) return std::nullopt;
    if (list->get(all) != simdjson::SUCCESS) {
      wrong(std::string{name} + " is not a list");
      return std::nullopt;
    }
    if (all.size() > 1) wrong(std::string{name} + " has more than one entry");
    for (const dom::element one : all) return one;
    return std::nullopt;
  }

  // A text; empty if it is left out.
  std::string text(const std::optional<dom::element>& of, std::string_view name) {
    const auto found = find(of, name);
    std::string_view text;
    if (!found) return {};
    if (found->get(text) != simdjson::SUCCESS) wrong(std::string{name} + " is not a text");
    return std::string{text};
  }

  // Numbers of 64 bits are texts in this JSON; 0 if it is left out.
  std::int64_t number(const std::optional<dom::element>& of, std::string_view name) {
    const std::string digits = text(of, name);
    std::int64_t value = 0;
    if (digits.empty()) return 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || value < 0)
      wrong(std::string{name} + " is not a number");
    return value;
  }

  bool truth(const std::optional<dom::element>& of, std::string_view name) {
    const auto found = find(of, name);
    bool value = false;
    if (found && found->get(value) != simdjson::SUCCESS)
      wrong(std::string{name} + " is neither true nor false");
    return value;
  }

  etcd_head head(const std::optional<dom::element>& of) {
    const auto at = find(of, "header");
    etcd_head head{text(at, "cluster_id"), number(at, "revision")};
    if (head.cluster.empty()) wrong("the header names no cluster");
    return head;
  }

  std::optional<etcd_value> value(const std::optional<dom::element>& range) {
    const auto found = only(range, "kvs");
    if (!found) return std::nullopt;
    auto bytes = bytes_of_base64(text(found, "value"));
    if (!bytes) wrong("the value is not base64");
    const std::int64_t revision = number(found, "mod_revision");
    if (revision == 0) wrong("the value has no revision");
    return etcd_value{std::move(bytes).value_or(std::string{}), revision};
  }

  void wrong(const std::string& what) {
    if (why_.empty()) why_ = what;
  }
  template <class Answer>
  result<Answer> finish(Answer answer) const {
    if (why_.empty()) return answer;
    return error{error_code::malformed, "this is no answer of etcd: " + why_};
  }

 private:
  dom::parser parser_;
  std::optional<dom::element> root_;
  std::string why_;
};

}  // namespace

std::string etcd_range_request(std::string_view key) {
  return "{" + field("key", base64_of(key)) + "}";
}

std::string etcd_put_request(std::string_view key, std::int64_t revision, std::string_view value,
                             std::int64_t lease) {
  const std::string name = field("key", base64_of(key));
  std::string put = name + "," + field("value", base64_of(value));
  if (lease != 0) put += "," + field("lease", std::to_string(lease));
  return R"({"compare":[{)" + name + R"(,"target":"MOD","result":"EQUAL",)" +
         field("mod_revision", std::to_string(revision)) + R"(}],"success":[{"request_put":{)" +
         put + R"(}}],"failure":[{"request_range":{)" + name + "}}]}";
}

std::string etcd_grant_request(std::int64_t seconds) {
  return "{" + field("TTL", std::to_string(seconds)) + "}";
}
std::string etcd_lease_request(std::int64_t lease) {
  return "{" + field("ID", std::to_string(lease)) + "}";
}

result<etcd_range_answer> read_etcd_range(std::string_view json) {
  answer_reader in{json};
  etcd_range_answer answer{in.head(in.root()), in.value(in.root())};
  return in.finish(std::move(answer));
}

result<etcd_put_answer> read_etcd_put(std::string_view json) {
  answer_reader in{json};
  etcd_put_answer answer{in.head(in.root()), in.truth(in.root(), "succeeded"), {}};
  const auto response = in.only(in.root(), "responses");
  const auto put = in.find(response, "response_put");
  const auto range = in.find(response, "response_range");
  if (answer.written ? !put : !range) in.wrong("the answer to the write is missing");
  if (!answer.written) answer.found = in.value(range);
  return in.finish(std::move(answer));
}

result<etcd_lease> read_etcd_grant(std::string_view json) {
  answer_reader in{json};
  in.head(in.root());
  etcd_lease lease{in.number(in.root(), "ID"), in.number(in.root(), "TTL")};
  if (lease.id == 0 || lease.seconds == 0) in.wrong("no lease is granted");
  return in.finish(lease);
}

// The one answer of what is a stream elsewhere.
result<etcd_lease> read_etcd_keep_alive(std::string_view json) {
  answer_reader in{json};
  const auto answer = in.find(in.root(), "result");
  if (!answer) in.wrong("no lease is kept alive");
  in.head(answer);
  etcd_lease lease{in.number(answer, "ID"), in.number(answer, "TTL")};
  return in.finish(lease);
}

std::string read_etcd_reason(std::string_view json) {
  answer_reader in{json};
  const auto reason = in.finish(in.text(in.root(), "error"));
  return reason ? reason.value() : std::string{};
}

}  // namespace sluice
