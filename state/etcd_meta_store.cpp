#include "sluice/state/etcd_meta_store.hpp"

#include <utility>

#include "sluice/state/meta_log.hpp"
#include "sluice/state/meta_rules.hpp"

namespace sluice {

namespace {

// A write that always meets a newer truth is one of a crowd that should not be there.
constexpr int most_attempts = 100;

}  // namespace

etcd_meta_store::etcd_meta_store(const etcd_address& address, const etcd_timing& timing)
    : key_(address.key("truth")), etcd_(address, timing) {}

// Always asked, never remembered: somebody else may have written.
result<std::optional<meta_truth>> etcd_meta_store::load() {
  if (broken_) return *broken_;
  auto body = etcd_.read(etcd_range_path, etcd_range_request(key_));
  if (!body) return body.failure();
  auto answer = read_etcd_range(body.value());
  if (!answer) return error{answer.failure().code, key_ + ": " + answer.failure().message};
  if (auto taken = take(answer.value().head, answer.value().found); !taken) {
    broken_ = taken.failure();
    return *broken_;
  }
  return truth_;
}

meta_answer etcd_meta_store::create(const job_id& job, const graph_hash& graph) {
  return write([&](const auto& now) { return created(now, job, graph); });
}
meta_answer etcd_meta_store::bump_generation(generation_id expected, std::uint64_t numbers) {
  return write([&](const auto& now) { return bumped(now, expected, numbers); });
}
meta_answer etcd_meta_store::put_commit(const manifest& m, std::uint64_t numbers) {
  return write([&](const auto& now) { return sealed(now, m, numbers); });
}
meta_answer etcd_meta_store::take_back_last(generation_id expected, std::uint64_t numbers) {
  return write([&](const auto& now) { return taken_back(now, expected, numbers); });
}
meta_answer etcd_meta_store::begin_again(generation_id expected, const job_id& job,
                                         const graph_hash& graph, std::uint64_t numbers) {
  return write([&](const auto& now) { return begun_again(now, expected, job, graph, numbers); });
}

template <class Rule>
meta_answer etcd_meta_store::write(Rule rule) {
  if (broken_) return unknown(*broken_);
  bool newest = false;  // truth_ is not only known but was read for this write
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (!known_) {
      if (auto loaded = load(); !loaded) {
        if (broken_) return unknown(*broken_);
        return {.outcome = meta_outcome::not_now, .truth = {}, .message = loaded.failure().message};
      }
      newest = true;
    }
    meta_answer answer = rule(truth_);
    if (answer.outcome != meta_outcome::done) {
      if (newest) return answer;
      known_ = false;
      continue;
    }
    const log_head head = begin_log(writes_ + 1);
    const std::string bytes = head.bytes + log_record_of(answer.truth, writes_ + 1, head.end).bytes;
    const etcd_written written =
        etcd_.write(etcd_txn_path, etcd_put_request(key_, revision_, bytes));
    if (written.how == etcd_written::kind::too_large)
      return {.outcome = meta_outcome::refused,
              .truth = {},
              .message = "the truth about the run has " + std::to_string(bytes.size()) +
                         " bytes, more than etcd takes (" + written.why + ")"};
    if (written.how == etcd_written::kind::unreached)
      return {.outcome = meta_outcome::not_now, .truth = {}, .message = key_ + ": " + written.why};
    if (written.how != etcd_written::kind::answered)
      return unknown({error_code::unavailable, key_ + ": " + written.why});
    auto put = read_etcd_put(written.body);
    if (!put) return unknown(put.failure());
    if (put.value().written) {
      if (auto sound = etcd_.believe(put.value().head); !sound) return unknown(sound.failure());
      truth_ = answer.truth;
      ++writes_;
      revision_ = put.value().head.revision;
      return answer;
    }
    if (auto taken = take(put.value().head, put.value().found); !taken)
      return unknown(taken.failure());
    newest = true;
  }
  return {.outcome = meta_outcome::refused,
          .truth = {},
          .message = key_ + ": others write all the time"};
}

// Takes what stands under the key.
result<void> etcd_meta_store::take(const etcd_head& head, const std::optional<etcd_value>& found) {
  if (auto sound = etcd_.believe(head); !sound) return sound;
  std::optional<log_content> content;
  if (found) {
    auto read = read_log(found->bytes, key_, std::nullopt);
    if (!read) return read.failure();
    content = std::move(read).value();
    if (content->torn_bytes > 0)
      return error{error_code::malformed, key_ + ": byte " + std::to_string(content->end.bytes) +
                                              ": what follows is no record"};
  }
  known_ = true;
  truth_ = content ? std::optional{std::move(content->truth)} : std::nullopt;
  writes_ = content ? content->writes : 0;
  revision_ = found ? found->revision : 0;
  return {};
}

meta_answer etcd_meta_store::unknown(error why) {
  broken_ = std::move(why);
  return {.outcome = meta_outcome::unknown, .truth = {}, .message = broken_->message};
}

}  // namespace sluice
