#pragma once

#include <string>
#include <vector>

namespace sluice {

/// A configuration file that must be refused, and what is said of it: one line for each error. A
/// line that ends in "…" is compared up to there, where the rest are the words of the TOML parser.
struct wrong_file {
  std::string text;
  std::vector<std::string> errors;
};

/// The stages and the environment the wrong files are read with, and the name they are given.
inline const std::string wrong_file_name = "bad.toml";
inline const std::vector<std::string> wrong_file_stages{"decide", "alerts"};
inline const std::string wrong_file_secret_name = "SECRET";
inline const std::string wrong_file_secret = "hunter2";

/// Files that are not TOML.
std::vector<wrong_file> files_of_wrong_syntax();
/// Files with keys nobody knows, or in the wrong place.
std::vector<wrong_file> files_of_wrong_keys();
/// Files with values of wrong type, range or unit, or that contradict each other.
std::vector<wrong_file> files_of_wrong_values();
/// Files that are wrong about a stage.
std::vector<wrong_file> files_of_wrong_stages();

}  // namespace sluice
