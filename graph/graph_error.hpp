#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace sluice {

/// The graph is wrong; thrown before anything runs. One line for each mistake, naming the stage and
/// the line of the program that made it: `main.cpp:12: stage "count": another stage has this name
/// (main.cpp:9)`.
class graph_error : public std::runtime_error {
 public:
  explicit graph_error(std::vector<std::string> mistakes);
  const std::vector<std::string>& mistakes() const { return mistakes_; }

 private:
  std::vector<std::string> mistakes_;
};

}  // namespace sluice
