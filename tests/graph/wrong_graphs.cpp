#include "sluice/tests/graph/wrong_graphs.hpp"

#include "sluice/sluice.hpp"

namespace sluice {

namespace {

struct payment {
  std::uint64_t card;
  std::int64_t cents;
  instant at;
  instant booked;
  instant secret_at;    // not described
  std::int64_t secret;  // likewise
};
SLUICE_RECORD(payment, card, cents, at, booked);

struct seen {
  std::uint64_t rows = 0;
};

constexpr auto observe = [](seen& s, const payment& p, rows<payment> out) {
  ++s.rows;
  out.push(p);
};
constexpr auto any = [](const payment&) { return true; };

stream<payment> payments(graph& g, stage_name name = "payments") {
  return g.source(std::move(name), from::csv<payment>{"payments.csv"});
}
stream<payment> timed(graph& g, stage_name name = "payments") {
  return payments(g, std::move(name)).event_time(&payment::at);
}
to::csv alerts() { return to::csv{"alerts.csv"}; }

// The fluent surface cannot say everything that a description can.
stage_node& stage(graph& g, std::size_t n) {
  return const_cast<graph_description&>(g.description()).stages[n];
}

std::vector<wrong_graph> about_stages() {
  return {
      {"no sink",
       [](graph& g) { payments(g); },
       {"HERE: graph \"tested\": it has no sink",
        "HERE: stage \"payments\": its rows (payment) go nowhere; end it with .sink(...)"}},
      {"nothing",
       [](graph&) {},
       {"HERE: graph \"tested\": it has no source", "HERE: graph \"tested\": it has no sink"}},
      {"two of one name",
       [](graph& g) {
         payments(g).sink("alerts", alerts());
         payments(g, "more").sink("alerts", to::nothing{});
       },
       {"HERE: stage \"alerts\": another stage has this name (HERE)"}},
      {"no name",
       [](graph& g) { payments(g, "").sink("alerts", alerts()); },
       {"HERE: stage \"\": its name is empty; it is the stage's identity in settings, metrics and "
        "checkpoints"}},
      {"rows that go nowhere",
       [](graph& g) {
         payments(g).sink("alerts", alerts());
         payments(g, "more").filter(any).name("kept");
       },
       {"HERE: stage \"kept\": its rows (payment) go nowhere; end it with .sink(...)"}},
      {"a cycle",
       [](graph& g) {
         payments(g)
             .key_by(&payment::card)
             .scan<seen>("observed", observe)
             .sink("alerts", alerts());
         stage(g, 1).inputs[0].from.push_back({1, 0});
       },
       {"HERE: stage \"observed\": it is part of a cycle; markers could not be aligned"}},
      {"no way for a marker",
       [](graph& g) {
         payments(g).sink("alerts", alerts());
         payments(g, "more")
             .key_by(&payment::card)
             .aggregate("cards", count())
             .sink("sums", to::nothing{});
         stage(g, 2).outputs.clear();
         stage(g, 3).inputs.clear();
         stage(g, 4).inputs.clear();
       },
       {"HERE: stage \"cards\": its rows (tally) go nowhere; end it with .sink(...)",
        "HERE: stage \"cards\": no source leads to it, so no marker would ever reach it",
        "HERE: stage \"sums\": no source leads to it, so no marker would ever reach it"}},
      {"two graphs merged",
       [](graph& g) {
         graph other{"other"};
         payments(g).merge(payments(other, "theirs")).sink("alerts", alerts());
       },
       {"HERE: stage \"payments\": merged with a stream of another graph"}},
      {"an option behind a merge",
       [](graph& g) {
         payments(g)
             .merge(payments(g, "more"))
             .parallelism(2)
             .name("both")
             .policy(batch_policy::off)
             .sink("alerts", alerts());
       },
       {"HERE: stage \"payments\": parallelism of merged streams would be of the first alone; say "
        "it before the merge, or at the stage behind it",
        "HERE: stage \"payments\": name of merged streams would be of the first alone; say it "
        "before the merge, or at the stage behind it",
        "HERE: stage \"payments\": policy of merged streams would be of the first alone; say it "
        "before the merge, or at the stage behind it"}},
      {"idling that is no source's",
       [](graph& g) { payments(g).filter(any).idle_steps_aside().sink("alerts", alerts()); },
       {"HERE: stage \"filter-1\": idle_steps_aside belongs to a source"}},
  };
}

std::vector<wrong_graph> about_fields() {
  const std::string unlisted = " names a field that SLUICE_RECORD does not list";
  return {
      {"an unlisted key",
       [](graph& g) {
         payments(g)
             .key_by(&payment::card, &payment::secret)
             .reduce("last", [](payment& last, const payment& p) { last = p; })
             .sink("alerts", alerts());
       },
       {"HERE: stage \"payments\": key_by" + unlisted}},
      {"an unlisted sum",
       [](graph& g) {
         payments(g)
             .key_by(&payment::card)
             .aggregate("secrets", sum(&payment::secret))
             .sink("alerts", alerts());
       },
       {"HERE: stage \"secrets\": sum" + unlisted}},
      {"an unlisted event time",
       [](graph& g) { payments(g).event_time(&payment::secret_at).sink("alerts", alerts()); },
       {"HERE: stage \"payments\": event_time" + unlisted}},
      {"an unlisted order",
       [](graph& g) {
         timed(g)
             .key_by(&payment::card)
             .in_event_time_order(&payment::secret_at, &payment::secret)
             .scan<seen>("observed", observe)
             .sink("alerts", alerts());
       },
       {"HERE: stage \"payments\": in_event_time_order" + unlisted,
        "HERE: stage \"payments\": the tie of in_event_time_order" + unlisted}},
  };
}

std::vector<wrong_graph> about_event_time() {
  return {
      {"no event time",
       [](graph& g) {
         timed(g)
             .merge(payments(g, "untimed"))
             .key_by(&payment::card)
             .in_event_time_order(&payment::at)
             .scan<seen>("observed", observe)
             .sink("alerts", alerts());
       },
       {"HERE: stage \"observed\": it works in event-time order, but source \"untimed\" (HERE) has "
        "no .event_time(...)"}},
      {"event time that is no source's",
       [](graph& g) {
         payments(g).filter(any).name("kept").event_time(&payment::at).sink("alerts", alerts());
       },
       {"HERE: stage \"kept\": event_time belongs to a source"}},
      {"a lead without event time",
       [](graph& g) { payments(g).most_ahead(std::chrono::hours(1)).sink("alerts", alerts()); },
       {"HERE: stage \"payments\": most_ahead needs a source with event_time"}},
      {"another order",
       [](graph& g) {
         timed(g)
             .filter(any)
             .key_by(&payment::card)
             .in_event_time_order(&payment::booked)
             .scan<seen>("observed", observe)
             .sink("alerts", alerts());
       },
       {"HERE: stage \"observed\": it works in the order of booked, but the event time of source "
        "\"payments\" (HERE) is at"}},
      {"late rows of a source",
       [](graph& g) {
         auto all = payments(g);
         all.sink("alerts", alerts());
         g.late<payment>(all)
             .key_by(&payment::card)
             .aggregate("late", count())
             .sink("counts", to::nothing{});
       },
       {"HERE: stage \"payments\": late_rows: only a scan in event-time order has them"}},
      {"late rows of a split",
       [](graph& g) {
         auto [yes, no] = payments(g).split(any);
         yes.sink("alerts", alerts());
         no.sink("others", to::nothing{});
         g.late<payment>(yes).sink("late", to::nothing{});
       },
       {"HERE: stage \"split-1\": late_rows: only a scan in event-time order has them"}},
      {"late rows of no input",
       [](graph& g) {
         auto observed = timed(g)
                             .key_by(&payment::card)
                             .in_event_time_order(&payment::at)
                             .scan<seen>("observed", observe);
         observed.sink("alerts", alerts());
         g.late<payment>(observed, 1).sink("late", to::nothing{});
       },
       {"HERE: stage \"observed\": late_rows: it has no such input of this record"}},
      {"two graphs joined",
       [](graph& g) {
         graph other{"other"};
         timed(g)
             .key_by(&payment::card)
             .in_event_time_order(&payment::at)
             .with(timed(other, "theirs").key_by(&payment::card).in_event_time_order(&payment::at))
             .scan<seen>("observed", observe, observe)
             .sink("alerts", alerts());
       },
       {"HERE: stage \"payments\": joined with a stream of another graph"}},
  };
}

}  // namespace

std::vector<wrong_graph> wrong_graphs() {
  std::vector<wrong_graph> all = about_stages();
  for (const auto& more : {about_fields(), about_event_time()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace sluice
