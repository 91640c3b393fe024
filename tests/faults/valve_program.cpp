// Numbers from a source through a stage to a sink that can be made slow while it runs, for the test
// of back pressure: with --nodes 3 each of the three has a process of its own. Source and sink say
// how far they are in files that others read.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sluice/sluice.hpp"

namespace {

struct numbered {
  std::uint64_t row;
  std::uint64_t key;
};
SLUICE_RECORD(numbered, row, key);

// A number in the first eight bytes of a file, mapped: whoever reads the file sees it grow.
class shown_number {
 public:
  explicit shown_number(const std::string& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ::ftruncate(fd, sizeof *at_) != 0) throw std::runtime_error("no file: " + file);
    void* const mapped = ::mmap(nullptr, sizeof *at_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    if (mapped == MAP_FAILED) throw std::runtime_error("cannot be mapped: " + file);
    at_ = static_cast<std::atomic<std::uint64_t>*>(mapped);
  }
  void show(std::uint64_t number) { at_->store(number, std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t>* at_ = nullptr;  // until the process ends
};

// Takes so long for each row while the file `slow` is there, and wants every number in its turn.
class valve_writer final : public sluice::sink_writer {
 public:
  valve_writer(const std::string& folder, std::chrono::microseconds row)
      : taken_(folder + "/taken"), slow_(folder + "/slow"), row_(row) {}

  sluice::result<void> write(const sluice::column_batch& rows) override {
    const sluice::batch<numbered> given{rows};
    for (const std::uint64_t row : given.column(&numbered::row)) {
      if (row != next_)
        return sluice::error{
            sluice::error_code::failed,
            "row " + std::to_string(row) + " came in place of " + std::to_string(next_)};
      ++next_;
      if (next_ % rows_a_look == 0) hold();
    }
    taken_.show(next_);
    return {};
  }
  sluice::result<void> flush(sluice::epoch_id) override { return {}; }

 private:
  static constexpr std::uint64_t rows_a_look = 512;

  void hold() {
    taken_.show(next_);
    if (!std::filesystem::exists(slow_)) return;
    std::promise<void> answer;  // of an outside that takes its time
    answer.get_future().wait_for(row_ * rows_a_look);
  }

  shown_number taken_;
  std::string slow_;
  std::chrono::microseconds row_;
  std::uint64_t next_ = 0;
};

class valve {
 public:
  valve(std::string folder, std::chrono::microseconds row)
      : folder_(std::move(folder)), row_(row) {}

  sluice::result<std::unique_ptr<sluice::sink_writer>> open(const sluice::sink_context&) const {
    return std::unique_ptr<sluice::sink_writer>{std::make_unique<valve_writer>(folder_, row_)};
  }
  std::string describe() const { return "a valve"; }

 private:
  std::string folder_;
  std::chrono::microseconds row_;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  std::string folder = ".";
  std::uint64_t slow_us = 50;
  command_line flags{"Lets numbers through as fast as they may."};
  flags.option("folder DIR", folder, "shows how far it is there; slow while DIR/slow is there")
      .option("slow-us N", slow_us, "microseconds of a row then");
  if (const auto exit_code = flags.read(argc, argv)) return *exit_code;

  graph g{"valve"};
  // Made where the source is: in one process of the three.
  auto made = std::make_shared<std::unique_ptr<shown_number>>();
  g.source("numbers", from::generate<numbered>{[made, folder](std::uint64_t row, numbered& n) {
             if (!*made) *made = std::make_unique<shown_number>(folder + "/made");
             (*made)->show(row + 1);
             n = {row, row % 97};
           }})
      .key_by(&numbered::key)
      .scan<std::uint64_t>("middle",
                           [](std::uint64_t& seen, const numbered& in, rows<numbered> out) {
                             ++seen;
                             out.push(in);
                           })
      .sink("slow sink", valve{folder, std::chrono::microseconds{slow_us}});
  return run(g, flags);
}
