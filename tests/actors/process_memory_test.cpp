#include "sluice/actors/process_memory.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <vector>

#include "sluice/tests/support/catch.hpp"
#include "sluice/tests/support/child_process.hpp"

namespace sluice {

namespace {

// A tree of control groups as the system shows it.
class control_groups {
 public:
  void limit(const std::string& group, const std::string& text) {
    std::filesystem::create_directories(root() + group);
    std::ofstream{root() + group + "/memory.max"} << text << "\n";
  }
  std::string root() const { return folder_.path() + "/cgroup"; }
  std::uint64_t limit_of(const std::string& own) const {
    return memory_limit_bytes(own, root(), 1000);
  }

 private:
  scratch_folder folder_;
};

}  // namespace

TEST_CASE("the memory limit is the smallest of the control groups above a process",
          "[process_memory][F1401]") {
  control_groups groups;
  groups.limit("/", "900");
  groups.limit("/a", "600");
  groups.limit("/a/b", "max");
  groups.limit("/c", "2000");
  CHECK(groups.limit_of("0::/a/b\n") == 600);
  CHECK(groups.limit_of("4:cpu:/x\n0::/a\n") == 600);
  CHECK(groups.limit_of("0::/\n") == 900);
  CHECK(groups.limit_of("0::/c\n") == 900);
}

TEST_CASE("without a control group that limits it the physical memory is the limit",
          "[process_memory][F1401]") {
  control_groups groups;
  groups.limit("/a", "max");
  groups.limit("/../outside", "5");
  CHECK(groups.limit_of("0::/a\n") == 1000);
  CHECK(groups.limit_of("0::/no/such\n") == 1000);
  CHECK(groups.limit_of("0::/../outside\n") == 1000);
  CHECK(groups.limit_of("3:memory:/a\n") == 1000);
  CHECK(groups.limit_of("") == 1000);
}

TEST_CASE("memory that is written to is resident, within the limit", "[process_memory][F1401]") {
  constexpr std::size_t much = std::size_t{32} << 20;
  const std::uint64_t before = resident_bytes();
  const std::vector<char> written(much, 'x');
  CHECK(resident_bytes() >= before + much / 2);
  CHECK(written.back() == 'x');
  CHECK(memory_limit_bytes() > resident_bytes());
}

}  // namespace sluice
