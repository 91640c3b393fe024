#include "sluice/bench/inputs/keyed_answers.hpp"

namespace sluice::bench {
namespace {

struct entry {
  std::uint64_t rows;
  keyed_input input;
  std::uint64_t out_rows;
  std::uint64_t count;
  std::uint64_t sum;
};

using enum distribution;
using enum key_kind;

// clang-format off
constexpr entry entries[] = {
  {1000000, {uniform, 1000, opaque}, 1000, 0x92cd3309359fe6f7, 0x79791f1ba146633c},
  {1000000, {distribution::zipf, 1000, opaque}, 1000, 0xa8c6cb689bab8d41, 0xd3db367984422ff8},
  {1000000, {hot, 1000, opaque}, 1000, 0x3bf61616eee7c367, 0xa37744ade4a5b5e1},
  {1000000, {uniform, 1000, dense}, 1000, 0xe3726675135a873e, 0x37768104b80fef73},
  {1000000, {uniform, 100000, opaque}, 99997, 0xbe02878667203893, 0xb1423ffb84f773af},
  {1000000, {distribution::zipf, 100000, opaque}, 80468, 0x8f9e8e6342c20163, 0x79c2fbee18c2da58},
  {1000000, {hot, 100000, opaque}, 63296, 0xc483ff89fd5f2d7a, 0x383906a8517c0e51},
  {1000000, {uniform, 100000, dense}, 99997, 0x927790f7dc433a17, 0x4e44e85ad76fa1c4},
  {1000000, {uniform, 10000000, opaque}, 951772, 0x32d0e5f204076020, 0xf7dda1690c55fdd5},
  {1000000, {distribution::zipf, 10000000, opaque}, 331433, 0xbe84f4dfbdcef320, 0xc28957e2f159ba1b},
  {1000000, {hot, 10000000, opaque}, 99701, 0x5f80bafcfa22739f, 0x9eb438205d988c05},
  {1000000, {uniform, 10000000, dense}, 951772, 0x865988268f36385f, 0x1db56a90ddb917df},
  {1048576, {uniform, 100000, opaque}, 99997, 0x7036ea6558ef32d5, 0x822b99293c0395f3},
  {8388608, {uniform, 1000, opaque}, 1000, 0x32cac0b2ef25d671, 0xd3ce06b21d014472},
  {8388608, {distribution::zipf, 1000, opaque}, 1000, 0xa1916f7c5d845729, 0x8d8641741689e80c},
  {8388608, {hot, 1000, opaque}, 1000, 0x2000db2d96f1df0d, 0x1b338e6d3285b09c},
  {8388608, {uniform, 1000, dense}, 1000, 0x20ec90a63500f99e, 0x2ff611cf5d30bef6},
  {8388608, {uniform, 100000, opaque}, 100000, 0x6c60ac7fefc58c6a, 0xd5ac3448c08406b0},
  {8388608, {distribution::zipf, 100000, opaque}, 99990, 0x734874ff5d9fdfd4, 0x8f3b03d171fd1956},
  {8388608, {hot, 100000, opaque}, 99981, 0x9b31e4f81bca9241, 0x10dc5421ab98e1c5},
  {8388608, {uniform, 100000, dense}, 100000, 0xe05a4f6dccbc7af1, 0xa4668d8a704c53ed},
  {8388608, {uniform, 10000000, opaque}, 5678165, 0x9b53d5270e881125, 0xd8b9b58c702d029e},
  {8388608, {distribution::zipf, 10000000, opaque}, 1726968, 0x26c5ee53a728d37f, 0x3a5c7a0e7207aeaa},
  {8388608, {hot, 10000000, opaque}, 805247, 0x9f1187b4bafe3688, 0x3959f5ccb09a1d23},
  {8388608, {uniform, 10000000, dense}, 5678165, 0xc0e484ac55dddfbc, 0x68d992f65116253c},
  {16777216, {uniform, 100000, opaque}, 100000, 0x4f7450d3639d8d4b, 0x16e66a5e87a8c7a5},
  {33554432, {uniform, 1000, opaque}, 1000, 0x3030816ed9c11473, 0xb345388e3fa16465},
  {33554432, {distribution::zipf, 1000, opaque}, 1000, 0xe4ce10baf2992b5c, 0x4ad5cf78cfe81c89},
  {33554432, {hot, 1000, opaque}, 1000, 0xc553e6eac47d05d3, 0x36e65983b615954a},
  {33554432, {uniform, 1000, dense}, 1000, 0x0ccbbdfa638897fb, 0x18be154e2865514a},
  {33554432, {uniform, 100000, opaque}, 100000, 0x46ea4e9011334b56, 0xe39132371729e9b3},
  {33554432, {distribution::zipf, 100000, opaque}, 100000, 0x68ec69d1199f5da6, 0xbd71d6bbf0c4d46d},
  {33554432, {hot, 100000, opaque}, 100000, 0x2254800d9e49d2fb, 0x5f770642d83971c1},
  {33554432, {uniform, 100000, dense}, 100000, 0xd3c55dc1df0bb718, 0xee5cefa58594ac2b},
  {33554432, {uniform, 10000000, opaque}, 9651837, 0x798338e23345a8c9, 0xbde8c579124b275b},
  {33554432, {distribution::zipf, 10000000, opaque}, 4269979, 0xbbaf49673ca5fc2b, 0xe2ef0d55baeaed65},
  {33554432, {hot, 10000000, opaque}, 2851406, 0x85792c9dc6a7f1b6, 0x3b94636c830e020d},
  {33554432, {uniform, 10000000, dense}, 9651837, 0x4aee98984f4feffa, 0xda1bccf867f5ad15},
  {100000000, {uniform, 1000, dense}, 1000, 0x297aedcbe1efcac2, 0x18a0e7d8bec2bedb},
  {100000000, {uniform, 1000, opaque}, 1000, 0x01dee88ae737ad35, 0xf4dc35fe090fd53a},
  {100000000, {distribution::zipf, 1000, opaque}, 1000, 0xe08daefc3f3e0a0b, 0x2771ce3b0eebe105},
  {100000000, {hot, 1000, opaque}, 1000, 0x6fd0d84f63a577e3, 0xe85f3486cab2dc5d},
  {100000000, {uniform, 100000, dense}, 100000, 0xe8b521fb4c70adf8, 0xed41bfea5f4c7d43},
  {100000000, {uniform, 100000, opaque}, 100000, 0x38af24fd3496c6c2, 0x601e88576cd592c3},
  {100000000, {distribution::zipf, 100000, opaque}, 100000, 0x12a76f0b50c3658a, 0x9dd945fd039def0b},
  {100000000, {hot, 100000, opaque}, 100000, 0x7957d2d9273fd2e8, 0xfc97c52d6d330f5b},
  {100000000, {uniform, 10000000, dense}, 9999538, 0x0a9ef03fb85258cb, 0x540e3dc6f390e75d},
  {100000000, {uniform, 10000000, opaque}, 9999538, 0xefa1c6a87555a5a1, 0x7c57f3ee7125393a},
  {100000000, {distribution::zipf, 10000000, opaque}, 7232305, 0x86004758fa1b5cac, 0x100c87df3f5de065},
  {100000000, {hot, 10000000, opaque}, 6322273, 0x6a30a10ca5144150, 0x7f548f1ad6eb2791},
};
// clang-format on

}  // namespace

std::optional<answer> keyed_answer(const keyed_input& input, std::uint64_t rows) {
  for (const entry& e : entries) {
    if (e.rows == rows && e.input == input) {
      return answer{e.out_rows, {{"count", e.count}, {"sum", e.sum}}};
    }
  }
  return std::nullopt;
}

}  // namespace sluice::bench
