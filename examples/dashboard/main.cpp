// Shows how busy the pages of a site are: requests, slowest and all milliseconds, of each interval.
#include <sluice/sluice.hpp>

#include <array>
#include <cstdint>
#include <string_view>

struct request {
  std::string_view page;
  std::uint32_t ms;
};
SLUICE_RECORD(request, page, ms);

struct page_load {
  std::string_view page;
  std::uint64_t requests;
  std::uint32_t slowest_ms;
  std::uint64_t all_ms;
};
SLUICE_RECORD(page_load, page, requests, slowest_ms, all_ms);

int main(int argc, char** argv) {
  using namespace sluice;
  std::uint64_t count = 0;
  std::uint32_t rate = 0;
  command_line flags{"Shows how busy the pages of a site are, interval by interval."};
  flags.option("count N", count, "requests to make up; 0: without end")
      .option("rate N", rate, "requests a second; 0: as fast as they are taken");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;

  graph g{"dashboard"};
  g.source("requests",
           from::generate<request>{[](std::uint64_t seed, std::uint64_t row, request& made) {
                                     constexpr std::array pages{"/", "/cart", "/help", "/search"};
                                     const std::uint64_t drawn = hash_key(seed + row);
                                     made.page = pages[drawn % pages.size()];
                                     made.ms = static_cast<std::uint32_t>(drawn / 8 % 400);
                                   },
                                   {.count = count, .rate = static_cast<double>(rate)}})
      .key_by(&request::page)
      .aggregate<page_load>("load", sluice::count(), max(&request::ms), sum(&request::ms),
                            emit::per_epoch)
      .sink("screen", to::console{});
  return run(g, flags);
}
