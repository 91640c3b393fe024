#include "sluice/state/meta_store.hpp"

namespace sluice {

namespace {

meta_answer cannot() {
  return {.outcome = meta_outcome::refused,
          .truth = {},
          .message = "this store goes on behind the last sealed epoch only"};
}

}  // namespace

meta_answer meta_store::take_back_last(generation_id, std::uint64_t) { return cannot(); }
meta_answer meta_store::begin_again(generation_id, const job_id&, const graph_hash&,
                                    std::uint64_t) {
  return cannot();
}

}  // namespace sluice
