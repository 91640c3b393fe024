#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace sluice {

/// How a test starts a program.
struct child_options {
  /// `NAME=value`, on top of this process's, whose `SLUICE_…` are left out.
  std::vector<std::string> environment = {};
  std::string folder = {};            ///< To run in; empty: this one.
  bool stderr_is_terminal = false;    ///< Ask `says` before `wait`: a terminal has no end.
  std::chrono::seconds deadline{60};  ///< For everything together; then the child is killed.
};

/// A program run by a test. What it prints is gathered; whatever waits for it has a deadline. A
/// child that still runs at the end is killed.
///
///   child_process counting({program, "--port", "9999"});
///   REQUIRE(counting.prints("hello\t2\n"));
///   counting.send(SIGINT);
///   CHECK(counting.wait() == 0);
class child_process {
 public:
  explicit child_process(std::vector<std::string> command, const child_options& options = {});
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Waits until `text` has been printed on stdout, or stderr; false if the child ends or the
  /// deadline passes before.
  bool prints(std::string_view text);
  bool says(std::string_view text);
  /// Sends a signal.
  void send(int signal_number) const;
  /// Waits for the end. Returns the exit code; minus the signal if one ended it; -1000 at the
  /// deadline.
  int wait();

  const std::string& out() const { return out_.text; }
  const std::string& err() const { return err_.text; }
  pid_t pid() const { return pid_; }

 private:
  struct stream {
    int descriptor = -1;
    std::string text;
  };
  bool read_more();
  bool wait_for(const stream& in, std::string_view text);

  pid_t pid_ = -1;
  bool reaped_ = false;
  int exit_code_ = 0;
  stream out_;
  stream err_;
  int terminal_ = -1;
  std::chrono::steady_clock::time_point deadline_;
};

/// What a program that ends by itself printed, and its exit code.
struct finished_child {
  int exit_code = 0;
  std::string out;
  std::string err;
};
finished_child run_child(std::vector<std::string> command, const child_options& options = {});

/// The lines of `text`, without their ends.
std::vector<std::string> lines_of(std::string_view text);

/// A folder that is new, empty, and gone at the end.
class scratch_folder {
 public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::string& path() const { return path_; }
  /// The path of a file in it.
  std::string file(std::string_view name) const;
  /// Makes a file; returns its path.
  std::string write(std::string_view name, std::string_view content) const;
  std::string read(std::string_view name) const;
  bool has(std::string_view name) const;

 private:
  std::string path_;
};

}  // namespace sluice
