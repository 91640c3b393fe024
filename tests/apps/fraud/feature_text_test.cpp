#include "sluice/apps/fraud/feature_text.hpp"

#include "sluice/tests/support/catch.hpp"

using namespace sluice::fraud;

TEST_CASE("a world's row is a line of integers", "[feature_text]") {
  handbook_world world;
  world.rows = {
      {.time_s = 476, .customer = 2, .terminal = 23, .scenario = 0, .amount_cents = 14'600},
      {.time_s = 500, .customer = 7, .terminal = 1, .scenario = 3, .amount_cents = 5}};
  CHECK(world_text(world) ==
        "tx_id,time_s,customer,terminal,amount_cents,fraud,scenario\n"
        "0,476,2,23,14600,0,0\n"
        "1,500,7,1,5,1,3\n");
}

TEST_CASE("features are a line of integers without the amount", "[feature_text]") {
  std::string out(feature_text_head);
  append_feature_text(out, {.tx_id = 1'754'154,
                            .amount_cents = 99,
                            .weekend = 1,
                            .night = 0,
                            .c_n1 = 2,
                            .c_sum1 = 3,
                            .c_n7 = 4,
                            .c_sum7 = 5'000'000'000,
                            .c_n30 = 6,
                            .c_sum30 = 7,
                            .t_n1 = 8,
                            .t_f1 = 9,
                            .t_n7 = 10,
                            .t_f7 = 11,
                            .t_n30 = 12,
                            .t_f30 = 13});
  CHECK(
      out ==
      "tx_id,weekend,night,c_n1,c_sum1,c_n7,c_sum7,c_n30,c_sum30,t_n1,t_f1,t_n7,t_f7,t_n30,t_f30\n"
      "1754154,1,0,2,3,4,5000000000,6,7,8,9,10,11,12,13\n");
}
