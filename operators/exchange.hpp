#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sluice/operators/batch_policy.hpp"
#include "sluice/operators/function_ref.hpp"
#include "sluice/operators/key_columns.hpp"
#include "sluice/records/batch.hpp"

namespace sluice {

/// How rows are spread over the instances of the next stage.
enum class spread : std::uint8_t {
  same,       ///< Everything to the only target (or to the instance of the same number).
  by_key,     ///< By key group.
  in_turn,    ///< Whole batches, one target after the other.
  broadcast,  ///< Everything to everyone.
};

/// How an exchange gathers.
struct gathering {
  batch_bounds bounds;
  bool until_marker =
      false;  ///< Keep rows until a batch is full or a marker comes; else give on what is there.
  /// Keep no row back for which a multiple of so many have been added for a target since a marker;
  /// 0: any.
  std::size_t multiple = 0;

  bool operator==(const gathering&) const = default;
};

/// Spreads batches over `targets` channels and gathers small ones into full ones.
///
///   exchange to{spread::by_key, 2, key_columns{{0}}, {.until_marker = true}, pool};
///   to.add(rows, put);     // put(target, batch) for every batch that became full
///   to.cut(put);           // the rest: at a marker
///
/// The order of rows on one channel is the order in which they were added. Batches that need no
/// spreading and are at least half full pass as they are, behind what was gathered.
class exchange {
 public:
  using put_function = function_ref<void(std::size_t target, const batch_ptr&)>;

  exchange(spread how, std::size_t targets, key_columns keys, gathering gather, buffer_pool pool);

  void add(const batch_ptr& rows, put_function put);
  /// Gives on what is gathered and starts counting anew.
  void cut(put_function put);
  /// Rows gathered and not given on.
  std::size_t gathered() const;
  std::size_t targets() const { return targets_.size(); }

 private:
  struct target_state {
    std::shared_ptr<column_batch> open;
    std::vector<std::uint32_t> text_room;
    std::size_t since_marker = 0;
    std::vector<std::uint32_t> chosen;
  };

  void add_to(std::size_t target, const batch_ptr& rows, put_function put);
  void add_chosen(std::size_t target, const column_batch& rows, put_function put);
  std::size_t fitting(const target_state& to, const column_batch& rows, std::size_t from) const;
  void give(std::size_t target, put_function put);

  spread how_;
  key_columns keys_;
  gathering gather_;
  buffer_pool pool_;
  std::vector<target_state> targets_;
  std::vector<std::uint64_t> hashes_;
  std::size_t turn_ = 0;
};

}  // namespace sluice
