#include <random>
#include <string>

#include "sluice/connectors/csv.hpp"
#include "sluice/tests/connectors/transcript.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using test::lines;
using test::read_csv;
using test::transcript;

struct two_texts {
  std::string_view a;
  std::optional<std::string_view> b;
};
SLUICE_RECORD(two_texts, a, b);

const csv_options limits{
    .head = head_line::absent, .max_field = 12, .max_row = 30, .reject_file = {}};

// The rules of from::csv once more, a character at a time and without a thought for speed.
class csv_model {
 public:
  explicit csv_model(std::string text) : text_(std::move(text)) {}

  transcript read() {
    while (at_ < text_.size()) read_row();
    return std::move(told_);
  }

 private:
  struct field {
    std::string value;
    bool quoted = false;
    std::size_t raw = 0;  // bytes between quotes or separators
  };

  void read_row() {
    fields_.clear();
    pos_ = at_;
    for (;;) {
      const char* broken = text_[pos_] == '"' && pos_ < text_.size() ? read_quoted() : read_plain();
      const bool over = pos_ - at_ > limits.max_row + 1;
      if (broken || over) return reject_line(over ? "a row over the limit" : broken);
      if (pos_ == text_.size() || text_[pos_] != ',') break;
      ++pos_;
    }
    std::size_t length = pos_ - at_;
    if (length > 0 && text_[pos_ - 1] == '\r' && pos_ - 1 >= plain_from_) --length;
    if (length > limits.max_row) return reject_line("a row over the limit");
    take(text_.substr(at_, length));
    for (; at_ < pos_; ++at_) line_ += text_[at_] == '\n' ? 1 : 0;
    if (at_ < text_.size()) ++at_, ++line_;
  }

  // Both leave pos_ at the separator or line feed behind the field, or at the end.
  const char* read_plain() {
    const std::size_t from = plain_from_ = pos_;
    while (pos_ < text_.size() && text_[pos_] != ',' && text_[pos_] != '\n') {
      if (text_[pos_] == '"') return ++pos_, "a quote inside a field without quotes";
      ++pos_;
    }
    std::string value = text_.substr(from, pos_ - from);
    const bool last = pos_ == text_.size() || text_[pos_] == '\n';
    if (last && value.ends_with('\r')) value.pop_back();
    fields_.push_back({value, false, value.size()});
    return nullptr;
  }

  const char* read_quoted() {
    std::string value;
    const std::size_t from = ++pos_;
    for (;; ++pos_) {
      if (pos_ - from > limits.max_field) return "a field in quotes is over the limit";
      if (pos_ == text_.size()) return "an open quote";
      if (text_[pos_] != '"') {
        value += text_[pos_];
      } else if (pos_ + 1 < text_.size() && text_[pos_ + 1] == '"') {
        value += text_[pos_++];
        if (pos_ - from > limits.max_field) return "a field in quotes is over the limit";
      } else {
        break;
      }
    }
    fields_.push_back({value, true, pos_ - from});
    ++pos_;
    plain_from_ = pos_;
    const bool returned = pos_ < text_.size() && text_[pos_] == '\r';
    if (returned) ++pos_;
    if (pos_ == text_.size() || text_[pos_] == '\n' || (!returned && text_[pos_] == ','))
      return nullptr;
    return ++pos_, "text behind a closing quote";
  }

  void take(const std::string& row) {
    if (row.empty()) return;
    if (fields_.size() != 2)
      return reject(std::to_string(fields_.size()) + " fields instead of 2", row);
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string name = i == 0 ? "a (text): " : "b (text): ";
      if (fields_[i].raw > limits.max_field) return reject(name + "over the limit", row);
      if (!fields_[i].quoted && fields_[i].value.find('\r') != std::string::npos)
        return reject(name + "a carriage return outside quotes", row);
    }
    const bool absent = fields_[1].value.empty() && !fields_[1].quoted;
    told_.rows.push_back(fields_[0].value + "|" + (absent ? "~" : fields_[1].value));
  }

  void reject(const std::string& reason, const std::string& text) {
    told_.rejects.push_back(std::to_string(line_) + "@" + std::to_string(at_) + " " + reason +
                            ": " + text);
  }

  void reject_line(const std::string& reason) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string line = text_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.pop_back();
    reject(reason, line);
    at_ = std::min(end + 1, text_.size());
    ++line_;
  }

  std::string text_;
  std::size_t at_ = 0;   // where the row begins
  std::size_t pos_ = 0;  // where we are
  std::size_t plain_from_ = 0;
  std::size_t line_ = 1;
  std::vector<field> fields_;
  transcript told_;
};

std::string random_text(std::mt19937& random) {
  static const std::vector<std::string> parts{"a",   ",",    "\"",   "\n",       "\r\n",
                                              "\r",  "\"\"", "bc",   "\xc3\xa9", ",\"",
                                              "\",", "\"\n", "\n\"", "long text"};
  std::string text;
  const std::size_t count = random() % 60;
  for (std::size_t i = 0; i < count; ++i) text += parts[random() % parts.size()];
  return text;
}

}  // namespace

TEST_CASE("the reader does what a plain state machine does, however its input is cut",
          "[csv][F22]") {
  const unsigned seed = GENERATE(1u, 2u, 3u, 4u);
  std::mt19937 random{seed};
  std::size_t rows = 0, rejects = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::string text = random_text(random);
    const transcript expected = csv_model{text}.read();
    const std::size_t piece = 1 + random() % 9;
    const transcript whole = read_csv(text, schema_of<two_texts>(), limits);
    const transcript cut =
        read_csv(text, schema_of<two_texts>(), limits, {.piece = piece, .block = 1 + random() % 9});
    INFO("seed " << seed << ", text " << i << ":\n" << text);
    REQUIRE(whole.rows == expected.rows);
    REQUIRE(whole.rejects == expected.rejects);
    REQUIRE(cut.rows == expected.rows);
    REQUIRE(cut.rejects == expected.rejects);
    rows += expected.rows.size();
    rejects += expected.rejects.size();
  }
  CHECK(rows > 1'000);
  CHECK(rejects > 4'000);
}

TEST_CASE("batches stay within their bounds and lose no row", "[csv]") {
  std::mt19937 random{7};
  std::string text = "a,b\n";
  lines rows;
  for (int i = 0; i < 3'000; ++i) {
    const std::string a(random() % 40, 'x'), b(1 + random() % (i % 97 == 0 ? 5'000 : 40), 'y');
    text += a + "," + b + "\n";
    rows.push_back(a + "|" + b);
  }
  for (const batch_bounds bounds :
       {batch_bounds{}, batch_bounds{.rows = 1}, batch_bounds{.rows = 64, .bytes = 1 << 20},
        batch_bounds{.rows = 8192, .bytes = 1}, batch_bounds{.rows = 8192, .bytes = 300}}) {
    const transcript told = read_csv(text, schema_of<two_texts>(), {}, {.bounds = bounds});
    CHECK(told.rows == rows);
    CHECK(told.rejects.empty());
  }
}

}  // namespace sluice
