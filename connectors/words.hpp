#pragma once

#include <string_view>

namespace sluice {

/// The pieces of a text between blanks, none of them empty; a range of views of `text`.
///
///   for (const std::string_view word : words_in("to be  or")) …   // to, be, or
class words_in {
 public:
  class iterator {
   public:
    explicit iterator(std::string_view rest) : rest_(rest) { find(); }
    std::string_view operator*() const { return rest_.substr(0, length_); }
    iterator& operator++() {
      rest_.remove_prefix(length_);
      find();
      return *this;
    }
    bool operator==(const iterator& other) const { return rest_.size() == other.rest_.size(); }

   private:
    void find() {
      while (rest_.starts_with(' ')) rest_.remove_prefix(1);
      length_ = rest_.find(' ');
      if (length_ == rest_.npos) length_ = rest_.size();
    }

    std::string_view rest_;
    std::string_view::size_type length_ = 0;
  };

  explicit words_in(std::string_view text) : text_(text) {}
  iterator begin() const { return iterator{text_}; }
  iterator end() const { return iterator{text_.substr(text_.size())}; }

 private:
  std::string_view text_;
};

}  // namespace sluice
