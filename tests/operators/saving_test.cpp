#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "sluice/operators/aggregate.hpp"
#include "sluice/operators/ordered_scan.hpp"
#include "sluice/operators/scan.hpp"
#include "sluice/operators/snapshot_chain.hpp"
#include "sluice/records/hash.hpp"
#include "sluice/tests/operators/operation_fixture.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

struct visit {
  std::string_view city;
  std::uint32_t guest;
  instant at;
  std::uint64_t id;
};
SLUICE_RECORD(visit, city, guest, at, id);

struct known {
  std::uint64_t id;
  std::uint64_t number;
  std::uint64_t last;
  auto operator<=>(const known&) const = default;
};
SLUICE_RECORD(known, id, number, last);

struct guest_total {
  std::uint32_t guest;
  std::uint64_t visits;
  std::uint64_t ids;
  auto operator<=>(const guest_total&) const = default;
};
SLUICE_RECORD(guest_total, guest, visits, ids);

// A state that is no plain bytes.
class guest_book {
 public:
  known add(std::uint64_t id) {
    const std::uint64_t last = ids_.empty() ? 0 : ids_.back();
    ids_.push_back(id);
    if (ids_.size() > 3) ids_.erase(ids_.begin());
    ++all_;
    return {id, all_, last};
  }
  template <class F>
  void visit_state(F&& f) {
    f(ids_, all_);
  }

 private:
  std::vector<std::uint64_t> ids_;
  std::uint64_t all_ = 0;
};

void sign(guest_book& book, const visit& in, rows<known> out) { out.push(book.add(in.id)); }
void count_visit(std::uint64_t& seen, const visit& in, rows<known> out) {
  out.push({in.id, ++seen, 0});
}

using text_scan = scan_operation<visit, known, guest_book, decltype(&sign), std::string_view>;
using pair_scan =
    scan_operation<visit, known, guest_book, decltype(&sign), std::string_view, std::uint32_t>;
using time_scan = ordered_scan_operation<known, std::uint64_t, std::tuple<std::uint32_t>,
                                         ordered_input<visit, decltype(&count_visit)>>;
using guest_totals = aggregate_operation<visit, guest_total, std::tuple<std::uint32_t>,
                                         count_accumulator, sum_accumulator<visit, std::uint64_t>>;

// An operation that is tried: how one is made, by which columns its rows are spread, what it gives.
struct tried {
  std::string name;
  std::function<std::unique_ptr<operation>()> make;
  std::vector<std::size_t> keys;
  std::function<std::vector<std::string>(kept_outputs&)> texts;
};

template <class Row>
std::vector<std::string> texts_of(kept_outputs& out) {
  std::vector<std::string> all;
  for (const Row& row : out.rows<Row>()) {
    std::string text;
    for_each_field<Row>([&](auto, const auto& f) { text += std::to_string(row.*f.member) + ' '; });
    all.push_back(text);
  }
  return all;
}

tried totals(emit when) {
  return {"totals",
          [when] {
            return std::make_unique<guest_totals>(
                guest_totals{{1}, when, nullptr, count(), sum(&visit::id)});
          },
          {1},
          texts_of<guest_total>};
}

// Some instances of an operation, as a run has them.
class deployed {
 public:
  deployed(const tried& what, std::size_t instances) : what_(what), chains_(instances) {
    for (std::size_t i = 0; i < instances; ++i) {
      instances_.push_back(what.make());
      instances_.back()->keep_unsaved();
    }
  }

  void process(const std::vector<visit>& rows) {
    const batch_ptr all = batch_with<visit>(rows);
    std::vector<std::uint64_t> hashes(rows.size());
    key_columns{what_.keys}.hash(*all, hashes);
    std::vector<std::vector<visit>> parts(instances_.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      parts[owner(group_of(hashes[i]), instances_.size())].push_back(rows[i]);
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (!parts[i].empty())
        run(i, [&](operation& o) { o.process(0, batch_with<visit>(parts[i]), out); });
  }
  void flush() {
    each([&](operation& o) { o.flush(out); });
  }
  void commit(std::uint64_t epoch, instant watermark) {
    each([&](operation& o) { o.advance(watermark, out); });
    flush();
    each([&](operation& o) { o.end_epoch({.epoch = {epoch}, .commit = true}, out); });
  }
  void finish() {
    each([&](operation& o) { o.advance(instant::highest(), out); });
    flush();
    each([&](operation& o) { o.finish(out); });
  }

  // What a checkpoint holds of every instance.
  std::vector<std::string> save() {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      const auto saved = instances_[i]->save(chains_[i].of.wants_whole());
      all.push_back(chains_[i].add(saved));
    }
    return all;
  }
  void load(const std::vector<std::string>& saved) {
    for (std::size_t i = 0; i < instances_.size(); ++i)
      for (const auto& one : saved) {
        auto pieces = read_saved(one);
        REQUIRE(pieces);
        const auto& all = pieces.value();
        std::size_t from = all.size();
        while (!all[--from].whole) {
        }
        for (; from < all.size(); ++from) {
          saved_state piece = all[from];
          if (from + 1 < all.size()) piece.rest.clear();
          REQUIRE(instances_[i]->load(piece, groups_of(i, instances_.size())));
        }
      }
  }

  kept_outputs out{{.rows = 3}};

 private:
  struct chain {
    snapshot_chain of;
    std::map<std::string, std::string> files;

    std::string add(const saved_state& what) {
      instance_snapshot answer;
      if (auto file = of.add(what)) {
        const std::string name = std::to_string(files.size());
        files[name] = file->bytes;
        of.answer(blob_ref{name, 0, 0}, answer);
      } else {
        of.answer(std::nullopt, answer);
      }
      std::string bytes;
      for (const auto& one : answer.blobs) bytes += files.at(one.name);
      return bytes + answer.state;
    }
  };

  template <class F>
  void run(std::size_t i, F f) {
    f(*instances_[i]);
    out.resume(*instances_[i]);
  }
  template <class F>
  void each(F f) {
    for (std::size_t i = 0; i < instances_.size(); ++i) run(i, f);
  }

  const tried& what_;
  std::vector<std::unique_ptr<operation>> instances_;
  std::vector<chain> chains_;
};

std::vector<std::string> take_sorted(const tried& what, deployed& from) {
  auto rows = what.texts(from.out);
  from.out.clear();
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

TEST_CASE("what is restored goes on as if nothing had happened, on other instances too",
          "[saving][F901][F904][I6]") {
  const tried what = GENERATE(
      totals(emit::updates), totals(emit::per_epoch), totals(emit::final),
      tried{"text keys",
            [] { return std::make_unique<text_scan>(std::vector<std::size_t>{0}, &sign); },
            {0},
            texts_of<known>},
      tried{"two keys",
            [] {
              return std::make_unique<pair_scan>(std::vector<std::size_t>{0, 1}, &sign);
            },
            {0, 1},
            texts_of<known>},
      tried{"event time",
            [] {
              return std::make_unique<time_scan>(
                  ordered_input<visit, decltype(&count_visit)>{{1}, {2, 3, true}, &count_visit});
            },
            {1},
            texts_of<known>});
  const auto seed = GENERATE(range(1u, 31u));
  CAPTURE(what.name, seed);
  std::mt19937 random{seed};
  const std::vector<std::string> cities{"Rome", "", "Oslo", "a city with a long name"};

  deployed plain{what, 1};
  auto cut = std::make_unique<deployed>(what, 1 + random() % 4);
  std::vector<std::string> saved;
  std::uint64_t id = 0;
  for (std::uint64_t epoch = 1; epoch <= 20; ++epoch) {
    std::vector<std::vector<visit>> batches;
    for (std::size_t n = random() % 4; n > 0; --n) {
      auto& batch = batches.emplace_back();
      for (std::size_t row = 1 + random() % 40; row > 0; --row, ++id)
        batch.push_back({cities[random() % cities.size()],
                         static_cast<std::uint32_t>(random() % 50),
                         instant{static_cast<std::int64_t>(100 * epoch + random() % 250)}, id});
    }
    const bool flushes = random() % 2 == 0;  // between markers
    const auto run = [&](deployed& on, std::size_t most) {
      for (std::size_t b = 0; b < std::min(most, batches.size()); ++b) {
        on.process(batches[b]);
        if (flushes) on.flush();
      }
    };
    if (random() % 3 == 0) {  // fails on the way; what it gave since the last commit is dropped
      run(*cut, random() % 4);
      cut = std::make_unique<deployed>(what, 1 + random() % 4);
      cut->load(saved);
    }
    const instant watermark{static_cast<std::int64_t>(100 * epoch)};
    run(plain, batches.size());
    plain.commit(epoch, watermark);
    run(*cut, batches.size());
    cut->commit(epoch, watermark);
    saved = cut->save();
    CHECK(take_sorted(what, *cut) == take_sorted(what, plain));
  }
  plain.finish();
  cut->finish();
  CHECK(take_sorted(what, *cut) == take_sorted(what, plain));
}

TEST_CASE("an operation says whether it can be saved", "[saving][F901]") {
  struct secret {
    int* address = nullptr;
  };
  const auto open = [](secret&, const visit&, rows<known>) {};
  CHECK(scan_operation<visit, known, secret, decltype(open), std::uint32_t>{{1}, open}
            .how_to_save() == saving::impossible);
  CHECK(totals(emit::final).make()->how_to_save() == saving::possible);
}

}  // namespace sluice
