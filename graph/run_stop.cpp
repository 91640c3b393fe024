#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_messages.hpp"
#include "sluice/graph/run_verbs.hpp"
#include "sluice/state/directory_lock.hpp"
#include "sluice/state/file_descriptor.hpp"
#include "sluice/state/file_meta_store.hpp"
#include "sluice/state/posix_files.hpp"

namespace sluice {

namespace {

constexpr int stopped = 0, failed = 1, nothing_runs = 2;
constexpr std::chrono::milliseconds look_every{50};

// What a run that has ended leaves in `path`, in a sentence.
std::string left_in(const std::string& path) {
  auto files = open_posix_files(path);
  if (!files) return "stopped, but " + files.failure().message;
  const auto truth = file_meta_store{std::move(files).value()}.load();
  if (!truth) return "stopped, but " + truth.failure().message;
  const manifest* const last = truth.value() ? truth.value()->last() : nullptr;
  if (!last) return "stopped before an epoch was sealed: the next run begins from the start";
  const std::string epoch = std::to_string(last->epoch.value);
  return last->end ? "stopped: the run has ended with epoch " + epoch
                   : "stopped: the next run goes on behind epoch " + epoch;
}

}  // namespace

int stop_verb(const command_line& line) {
  const run_messages say{line.choices()};
  const auto& words = line.choices().words;
  const std::string path = words.empty() ? std::string{} : words.front();
  const bool drains = line.choices().stop_drains;
  if (path.empty() || (drains && line.choices().stop_keeps)) {
    say.error(path.empty() ? "say which run: " + line.program() + " stop DIRECTORY [--keep|--drain]"
                           : "either --keep or --drain");
    return nothing_runs;
  }
  const auto process = directory_lock::holder_of(path);
  if (!process || process.value() == 0) {
    say.error(process ? "nothing runs with the checkpoints in " + path : process.failure().message);
    return nothing_runs;
  }
  const std::string name = "process " + std::to_string(process.value());
  if (::kill(process.value(), drains ? SIGINT : SIGTERM) != 0) {
    say.error(os_error("cannot stop " + name, errno).message);
    return failed;
  }
  say.note(name + (drains ? " drains: its input ends here, for good"
                          : " stops behind one more checkpoint"));
  for (auto now = directory_lock::holder_of(path); now && now.value() == process.value();
       now = directory_lock::holder_of(path))
    std::this_thread::sleep_for(look_every);
  say.note(left_in(path));
  return stopped;
}

}  // namespace sluice
