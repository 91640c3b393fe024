// Runs the tests it is linked with on a build with one bug put into it, in a process of their own,
// because a broken invariant aborts. Exits with 0 if the bug was caught.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include "sluice/tests/mutants/notices.hpp"

int main(int argc, char** argv) {
  using namespace sluice::sim;
  const auto run = [&](std::uint64_t) {
    return std::string{Catch::Session().run(argc, argv) == 0 ? "" : "a test fails"};
  };
  return notices(run, 0) ? 0 : survived(0);
}
