// Counts the words of the lines that come through a socket, or that a file holds, epoch by epoch.
// shown: begin
#include "sluice/sluice.hpp"
using namespace sluice;

struct word {
  std::string_view text;
};
SLUICE_RECORD(word, text);

int main(int argc, char** argv) {
  std::string file, host = "localhost";
  std::uint16_t port = 9999;
  command_line flags{"Counts words, epoch by epoch."};
  flags.option("file FILE", file, "reads this file, not a socket")
      .option("host NAME", host, "connects to this host")
      .option("port N", port, "and this port, for lines; a first try: nc -lk 9999");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;

  graph g{"wordcount"};
  auto lines = file.empty() ? g.source("lines", from::text_socket{host, port})
                            : g.source("lines", from::text_file{file});
  lines
      .flat_map([](const line& in, rows<word> out) {
        for (const auto text : words_in(in.text)) out.push({text});
      })
      .key_by(&word::text)
      .aggregate("count", count(), emit::per_epoch)
      .sink("tallies", to::console{});
  return run(g, flags);
}
// shown: end
