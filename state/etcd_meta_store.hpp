#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sluice/state/etcd_address.hpp"
#include "sluice/state/etcd_client.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// The store of a cluster that is to outlive any machine: one key of etcd, `PREFIX/truth`, which
/// holds the record a log would hold (docs/checkpoint-format.md).
///
/// A write is one transaction on the condition that the key is as it was when the truth the write
/// starts from was read; if it is not, the transaction reads it, and the write is decided anew. So
/// what is refused is refused by the newest truth. An answer that does not come, or is none, is
/// `unknown`: the store answers nothing else from then on, and the process must exit
/// (docs/protocol.md D7). While no server can be connected it is `not_now`. Stores of several
/// processes may be open at once.
class etcd_meta_store final : public meta_store {
 public:
  explicit etcd_meta_store(const etcd_address& address, const etcd_timing& timing = {});

  result<std::optional<meta_truth>> load() override;
  meta_answer create(const job_id& job, const graph_hash& graph) override;
  meta_answer bump_generation(generation_id expected, std::uint64_t numbers) override;
  meta_answer put_commit(const manifest& m, std::uint64_t numbers) override;
  meta_answer take_back_last(generation_id expected, std::uint64_t numbers) override;
  meta_answer begin_again(generation_id expected, const job_id& job, const graph_hash& graph,
                          std::uint64_t numbers) override;

 private:
  template <class Rule>
  meta_answer write(Rule rule);
  result<void> take(const etcd_head& head, const std::optional<etcd_value>& found);
  meta_answer unknown(error why);

  std::string key_;
  etcd_client etcd_;
  std::optional<error> broken_;  ///< Why nothing is answered any more.
  bool known_ = false;           ///< What follows was read or written before.
  std::optional<meta_truth> truth_;
  std::uint64_t writes_ = 0;   ///< Number of the record of `truth_`.
  std::int64_t revision_ = 0;  ///< Of the key; 0: there is none.
};

}  // namespace sluice
