#include "sluice/tests/graph/whole_graph.hpp"

#include <algorithm>

#include "sluice/tests/support/catch.hpp"

namespace sluice::whole_graph {

namespace {

// What is computed, in both ways.
bool large(const payment& p) { return p.cents >= 500; }
item doubled(const payment& p) { return {p.id, p.card, p.shop, 2 * p.cents}; }
template <class Push, class PushSide>
void share_out(const payment& p, Push push, PushSide push_side) {
  for (std::int64_t share = 0; share < p.cents % 3; ++share)
    push(item{p.id, p.card, p.shop, p.cents + share});
  if (p.cents % 5 == 0) push_side(numbered{p.id, 5});
}

// Rows in the order of event time, left before right, then by id.
std::vector<std::tuple<instant, int, std::uint64_t, payment>> in_order(const payments& left,
                                                                       const payments& right) {
  std::vector<std::tuple<instant, int, std::uint64_t, payment>> all;
  for (const auto& p : left) all.push_back({p.at, 0, p.id, p});
  for (const auto& p : right) all.push_back({p.at, 1, p.id, p});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)) <
           std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b));
  });
  return all;
}

}  // namespace

bool paid(const payment& p) { return p.cents % 7 != 0; }

void add_balances(answers& to, const payments& left, const payments& right) {
  std::map<std::uint32_t, std::int64_t> owned;
  for (const auto& [at, input, id, p] : in_order(left, right)) {
    owned[p.card] += input == 0 ? p.cents : -p.cents;
    to.balances[p.card].push_back({id, owned[p.card]});
  }
}

answers plain_loop(const payments& left, const payments& right) {
  answers all;
  const auto take = [&](const item& i) {
    auto& [count, cents, most] =
        all.sums.try_emplace({i.card, std::string{i.shop}}, 0, 0, i.cents).first->second;
    ++count;
    cents += i.cents;
    most = std::max(most, i.cents);
    ++all.counts[i.card];
    auto& [sum, largest] = all.joined[i.card];
    sum += i.cents;
    largest = std::max(largest, i.id);
  };
  for (const payments* input : {&left, &right})
    for (const payment& p : *input) {
      if (!paid(p)) continue;
      if (large(p))
        share_out(p, take, [&](const numbered& n) { all.fifths.insert(n.id); });
      else
        take(doubled(p));
    }
  std::map<std::pair<std::uint32_t, std::string_view>, std::uint64_t> seen;
  for (const payment& p : left) all.numbers[p.id] = ++seen[{p.card, p.shop}];
  add_balances(all, left, right);
  return all;
}

answers read_off(const outputs_of_graph& out) {
  answers all;
  for (const auto& row : out.sums->rows())
    CHECK(all.sums.try_emplace({row.card, std::string{row.shop}}, row.count, row.cents, row.most)
              .second);
  for (const auto& row : out.counts->rows()) all.counts[row.key] += row.value;
  for (const auto& row : out.joined->rows()) all.joined[row.card] = {row.cents, row.id};
  for (const auto& row : out.fifths->rows()) all.fifths.insert(row.id);
  for (const auto& row : out.numbers->rows()) all.numbers[row.id] = row.number;
  for (const auto& row : out.balances->rows())
    all.balances[row.card].push_back({row.id, row.cents});
  return all;
}

void compose(graph& g, stream<payment> left, stream<payment> right, std::size_t parallelism,
             const outputs_of_graph& out) {
  left = left.event_time(&payment::at, lateness).idle_steps_aside();
  right = right.event_time(&payment::at, lateness).idle_steps_aside();

  auto [most, few] = left.merge(right).filter(paid).split(large);
  auto [shares, fifths] =
      most.flat_map([](const payment& p, rows<item> shared, rows<numbered> side) {
        share_out(
            p, [&](const item& i) { shared.push(i); }, [&](const numbered& n) { side.push(n); });
      });
  fifths.sink("fifths", to::collect{out.fifths});
  const auto items = few.map(doubled).parallelism(parallelism).merge(shares);
  items.key_by(&item::card, &item::shop)
      .aggregate<totals>("sums", count(), sum(&item::cents), max(&item::cents), emit::final)
      .parallelism(parallelism)
      .sink("all sums", to::collect{out.sums})
      .parallelism(parallelism);
  items.key_by(&item::card)
      .aggregate("counts", count(), emit::per_epoch)
      .parallelism(parallelism)
      .sink("all counts", to::collect{out.counts});
  items.map([](const item& i) { return numbered{i.id, i.card}; }).sink("unread", to::nothing{});

  // Running results: the last of a key is right.
  items.map([](const item& i) {
         return balance{i.card, i.id, i.cents};
       })
      .key_by(&balance::card)
      .reduce("joined",
              [](balance& so_far, const balance& next) {
                so_far.cents += next.cents;
                so_far.id = std::max(so_far.id, next.id);
              })
      .parallelism(parallelism)
      .map([](const balance& b) {
        return item{b.id, b.card, {}, b.cents};
      })
      .sink("all joined", to::collect{out.joined});

  left.key_by(&payment::shop, &payment::card)
      .scan<std::uint64_t>("numbers",
                           [](std::uint64_t& seen, const payment& p, rows<numbered> to) {
                             to.push({p.id, ++seen});
                           })
      .parallelism(parallelism)
      .sink("all numbers", to::collect{out.numbers});

  const auto order = [](const stream<payment>& of) {
    return of.key_by(&payment::card).in_event_time_order(&payment::at, &payment::id);
  };
  auto owned = order(left)
                   .with(order(right))
                   .scan<std::int64_t>(
                       "balances",
                       [](std::int64_t& owned, const payment& p, rows<balance> to) {
                         to.push({p.card, p.id, owned += p.cents});
                       },
                       [](std::int64_t& owned, const payment& p, rows<balance> to) {
                         to.push({p.card, p.id, owned -= p.cents});
                       })
                   .parallelism(parallelism);
  owned.sink("all balances", to::collect{out.balances});
  g.late<payment>(owned, 0).sink("late left", to::collect{out.late_left});
  g.late<payment>(owned, 1).sink("late right", to::collect{out.late_right});
}

}  // namespace sluice::whole_graph
