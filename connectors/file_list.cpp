#include "sluice/connectors/file_list.hpp"

#include <utility>

#include "sluice/connectors/reject_logs.hpp"

namespace sluice {

file_list::file_list(std::vector<std::string> paths, const std::string& reject_file)
    : paths_(std::move(paths)) {
  if (!reject_file.empty()) rejects_ = std::make_shared<file_reject_log>(reject_file);
}

std::vector<std::string> file_list::share_of(const source_context& at) const {
  std::vector<std::string> share;
  for (std::size_t i = at.instance; i < paths_.size(); i += at.instances)
    share.push_back(paths_[i]);
  return share;
}

std::shared_ptr<reject_log> file_list::rejects() const { return rejects_; }

source_context file_list::with_rejects(source_context at) const {
  if (!rejects_) return at;
  rejects_->begin(at.stage, !at.position.empty());
  at.rejects = rejects_;
  return at;
}

std::string file_list::describe(std::string_view kind) const {
  std::string text{kind};
  if (paths_.empty()) return text + " files, none";
  text += paths_.size() == 1 ? " file, " : " files, ";
  text += paths_.front();
  if (paths_.size() > 1) text += " and " + std::to_string(paths_.size() - 1) + " more";
  return text;
}

}  // namespace sluice
