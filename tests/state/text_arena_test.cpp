#include "sluice/state/text_arena.hpp"

#include <string>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("a text arena gives back every text it keeps", "[text_arena]") {
  text_arena arena;
  std::vector<std::string> texts;
  std::vector<kept_text> kept;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::size_t size = i % 100 == 0 ? i * 100 : i % 37;  // up to 290,000 bytes
    texts.push_back(std::string(size, static_cast<char>('a' + i % 26)));
    kept.push_back(arena.keep(texts.back()));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(kept[i].view() == texts[i]);
}

TEST_CASE("an empty text is not an unassigned one", "[text_arena]") {
  text_arena arena;
  CHECK_FALSE(kept_text{}.assigned());
  const kept_text empty = arena.keep("");
  CHECK(empty.assigned());
  CHECK(empty.view() == "");
}

TEST_CASE("a cleared text arena starts over in one block", "[text_arena]") {
  text_arena arena;
  CHECK(arena.bytes() == 0);
  arena.keep("a");
  const std::size_t one_block = arena.bytes();
  arena.keep(std::string(one_block, 'x'));
  for (std::size_t i = 0; i < one_block; ++i) arena.keep("bcd");
  CHECK(arena.bytes() > 5 * one_block);

  arena.clear();
  CHECK(arena.bytes() == one_block);
  CHECK(arena.keep("e").view() == "e");
  CHECK(arena.bytes() == one_block);
}

TEST_CASE("a large text leaves the block being filled in use", "[text_arena]") {
  text_arena arena;
  arena.keep("a");
  arena.keep(std::string(1'000'000, 'x'));
  const std::size_t before = arena.bytes();
  CHECK(arena.keep("b").view() == "b");
  CHECK(arena.bytes() == before);
}

TEST_CASE("clearing an arena of one large text leaves nothing", "[text_arena]") {
  text_arena arena;
  arena.keep(std::string(1'000'000, 'x'));
  arena.clear();
  CHECK(arena.bytes() == 0);
  CHECK(arena.keep("y").view() == "y");
}

}  // namespace sluice
