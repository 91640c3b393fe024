#include "sluice/graph/cluster_members.hpp"

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace std::chrono_literals;
using names = std::vector<std::string>;

constexpr incarnation_id one{{1, 1}}, two{{2, 2}};

}  // namespace

TEST_CASE("before the first generation everybody is waited for, however long",
          "[cluster_members][X6]") {
  cluster_members all{{"b", "c"}, 5s};
  CHECK_FALSE(all.ready(0s));
  CHECK(all.missing() == names{"b", "c"});
  CHECK_FALSE(all.seen("c", one, 1s));
  CHECK_FALSE(all.ready(1h));
  CHECK(all.missing() == names{"b"});
  CHECK_FALSE(all.seen("b", one, 1h));
  CHECK(all.ready(1h) == names{"b", "c"});
  CHECK_FALSE(all.lost("b", "is gone", 1h));  // it was in no generation
  CHECK_FALSE(all.ready(2h));
}

TEST_CASE("a node that is lost ends the generation it is in, once", "[cluster_members]") {
  cluster_members all{{"b", "c"}, 5s};
  all.seen("b", one, 0s);
  all.seen("c", one, 0s);
  all.begin({"b", "c"});
  CHECK(all.lost("b", "is gone", 10s) == "b is gone");
  CHECK_FALSE(all.lost("b", "is gone", 11s));
  CHECK_FALSE(all.seen("b", one, 11s));  // heard again
  CHECK_FALSE(all.lost("b", "is gone", 12s));
}

TEST_CASE("a node that comes back as another process ends the generation it is in",
          "[cluster_members]") {
  cluster_members all{{"b"}, 5s};
  all.seen("b", one, 0s);
  all.begin({"b"});
  CHECK_FALSE(all.seen("b", one, 1s));
  CHECK(all.seen("b", two, 2s) == "b has been restarted");
  CHECK_FALSE(all.seen("b", two, 3s));
  all.begin({"b"});
  CHECK_FALSE(all.seen("b", two, 4s));
  CHECK(all.seen("b", one, 5s) == "b has been restarted");
}

TEST_CASE("a node that is gone is waited for, then the others go on without it",
          "[cluster_members][S27]") {
  cluster_members all{{"b", "c"}, 5s};
  all.seen("b", one, 0s);
  all.seen("c", one, 0s);
  all.begin({"b", "c"});
  all.lost("b", "is gone", 10s);
  CHECK_FALSE(all.ready(10s));
  CHECK_FALSE(all.ready(14'999ms));
  CHECK(all.ready(15s) == names{"c"});
  all.begin({"c"});
  CHECK_FALSE(all.seen("b", two, 16s));  // back, and in no generation
  CHECK(all.ready(16s) == names{"b", "c"});
  CHECK_FALSE(all.lost("b", "is gone", 17s));
  CHECK_FALSE(all.ready(18s));  // waited for anew
  all.seen("b", two, 19s);
  all.begin({"b", "c"});
  CHECK(all.lost("b", "is gone", 20s) == "b is gone");
}

TEST_CASE("a generation has started when all who are in it have", "[cluster_members][R4]") {
  cluster_members all{{"b", "c"}, 5s};
  all.seen("b", one, 0s);
  all.seen("c", one, 0s);
  all.begin({"b", "c"});
  CHECK(all.not_started() == names{"b", "c"});
  all.started("c");
  all.started("c");
  CHECK(all.not_started() == names{"b"});
  CHECK_FALSE(all.all_started());
  all.started("b");
  CHECK(all.all_started());
  all.begin({"c"});  // the next one
  CHECK(all.not_started() == names{"c"});
  all.started("b");
  CHECK_FALSE(all.all_started());
  all.begin({});
  CHECK(all.all_started());
}

TEST_CASE("strangers change nothing", "[cluster_members]") {
  cluster_members all{{"b"}, 5s};
  CHECK_FALSE(all.seen("x", one, 0s));
  CHECK_FALSE(all.lost("x", "is gone", 0s));
  all.started("x");
  CHECK(all.missing() == names{"b"});
  CHECK_FALSE(all.ready(1h));
}

}  // namespace sluice
