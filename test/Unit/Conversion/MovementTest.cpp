// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// kernel.pad, concat, transpose and view, run.

#include "KernelTest.h"

using namespace qopt::test;

namespace {

template <typename T>
void checkPad(const Shape &shape, const Shape &low, const Shape &high, T value,
              const std::string &text, bool flip = false) {
  Shape padded;
  for (size_t d = 0; d < shape.size(); ++d)
    padded.push_back(low[d] + shape[d] + high[d]);
  auto input = randomValues<T>(elements(shape));
  std::vector<T> expected(elements(padded));
  for (int64_t i = 0; i < elements(padded); ++i) {
    int64_t rest = i, from = 0, step = 1;
    bool inside = true;
    for (size_t d = shape.size(); d-- > 0;) {
      int64_t at = rest % padded[d] - low[d];
      rest /= padded[d];
      inside = inside && at >= 0 && at < shape[d];
      from += at * step;
      step *= shape[d];
    }
    expected[i] = inside ? input[from] : value;
    if (inside && flip)
      expected[i] = static_cast<T>(static_cast<int>(input[from]) ^ 0x80);
  }
  expectKernel<T>("kernel.pad %arg0 outs %out {low = " + array(low) +
                      ", high = " + array(high) + ", value = " + text +
                      (flip ? ", flip" : "") + "} : TYPES",
                  {Argument::of(shape, input)}, padded, expected);
}

TEST(Movement, pad) {
  checkPad<int8_t>({1, 5, 7, 3}, {0, 1, 1, 0}, {0, 1, 2, 0}, -3, "-3 : i8");
  checkPad<int8_t>({2, 3, 4, 70}, {0, 0, 1, 0}, {0, 2, 0, 0}, 5, "5 : i8");
  checkPad<int8_t>({3, 2, 5}, {1, 2, 3}, {2, 1, 0}, 0, "0 : i8");
  checkPad<int8_t>({1, 5, 7, 3}, {0, 1, 1, 0}, {0, 1, 2, 0}, -3, "-3 : i8",
                   /*flip=*/true);
  checkPad<int8_t>({2, 3, 4, 70}, {0, 0, 1, 0}, {0, 2, 0, 0}, 5, "5 : i8",
                   /*flip=*/true);
  checkPad<int8_t>({4, 4}, {0, 0}, {0, 0}, 1, "1 : i8");
  checkPad<int8_t>({1}, {0}, {1}, 9, "9 : i8");
  checkPad<int16_t>({1, 3, 33, 1}, {0, 2, 0, 17}, {0, 0, 1, 0}, -300,
                    "-300 : i16");
  checkPad<float>({1, 3, 3, 2}, {0, 1, 1, 0}, {0, 1, 1, 0}, 0.5f,
                  "5.0e-01 : f32");
}

template <typename T>
void checkSlice(const Shape &shape, const Shape &offsets, const Shape &strides,
                const Shape &taken) {
  auto input = randomValues<T>(elements(shape));
  std::vector<T> expected(elements(taken));
  for (int64_t i = 0; i < elements(taken); ++i) {
    int64_t rest = i, from = 0, step = 1;
    for (size_t d = shape.size(); d-- > 0;) {
      from += (offsets[d] + rest % taken[d] * strides[d]) * step;
      rest /= taken[d];
      step *= shape[d];
    }
    expected[i] = input[from];
  }
  expectKernel<T>(
      "kernel.strided_slice %arg0 outs %out {offsets = " + array(offsets) +
          ", strides = " + array(strides) + "} : TYPES",
      {Argument::of(shape, input)}, taken, expected);
}

TEST(Movement, stridedSlice) {
  // Half of the channels, then every other row, then one corner.
  checkSlice<int8_t>({1, 5, 7, 48}, {0, 0, 0, 24}, {1, 1, 1, 1}, {1, 5, 7, 24});
  checkSlice<int8_t>({1, 6, 4, 3}, {0, 1, 0, 0}, {1, 2, 1, 1}, {1, 3, 4, 3});
  checkSlice<int8_t>({1, 6, 5, 3}, {0, 3, 2, 0}, {1, 1, 1, 1}, {1, 3, 3, 3});
  // Every other element, and backwards.
  checkSlice<int8_t>({3, 70}, {0, 1}, {1, 2}, {3, 35});
  checkSlice<int8_t>({2, 3, 9}, {1, 2, 8}, {-1, -2, -3}, {2, 2, 3});
  // A whole tensor, one element.
  checkSlice<int8_t>({4, 4}, {0, 0}, {1, 1}, {4, 4});
  checkSlice<int8_t>({4, 4}, {3, 2}, {5, -5}, {1, 1});
  checkSlice<int16_t>({2, 33, 2}, {1, 3, 0}, {1, 1, 1}, {1, 30, 2});
  checkSlice<float>({5, 17}, {4, 0}, {-2, 4}, {3, 5});
}

template <typename T>
void checkConcat(std::vector<Shape> shapes, size_t axis) {
  Shape full = shapes[0];
  full[axis] = 0;
  std::string operands;
  std::vector<Argument> arguments;
  std::vector<std::vector<T>> inputs;
  for (size_t i = 0; i < shapes.size(); ++i) {
    full[axis] += shapes[i][axis];
    operands += (i ? ", %arg" : "%arg") + std::to_string(i);
    inputs.push_back(
        randomValues<T>(elements(shapes[i]), static_cast<unsigned>(i)));
    arguments.push_back(Argument::of(shapes[i], inputs.back()));
  }
  std::vector<T> expected;
  int64_t outer = 1;
  for (size_t d = 0; d < axis; ++d)
    outer *= full[d];
  for (int64_t o = 0; o < outer; ++o)
    for (const auto &input : inputs) {
      auto run = static_cast<int64_t>(input.size()) / outer;
      expected.insert(expected.end(), input.begin() + o * run,
                      input.begin() + (o + 1) * run);
    }
  expectKernel<T>("kernel.concat " + operands + " outs %out {axis = " +
                      std::to_string(axis) + " : i64} : TYPES",
                  arguments, full, expected);
}

TEST(Movement, concat) {
  checkConcat<int8_t>({{1, 4, 4, 2}, {1, 4, 4, 3}}, 3);
  checkConcat<int8_t>({{2, 3, 65}, {2, 1, 65}, {2, 2, 65}}, 1);
  checkConcat<int16_t>({{5}, {70}, {1}}, 0);
  checkConcat<float>({{3, 17}, {3, 1}}, 1);
  checkConcat<int8_t>({{2, 2}}, 0);
}

template <typename T>
void checkTranspose(const Shape &shape, const Shape &permutation) {
  Shape transposed;
  std::vector<int64_t> steps(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;)
    steps[d - 1] = steps[d] * shape[d];
  for (int64_t d : permutation)
    transposed.push_back(shape[d]);
  auto input = randomValues<T>(elements(shape));
  std::vector<T> expected(input.size());
  for (int64_t i = 0; i < elements(shape); ++i) {
    int64_t rest = i, from = 0;
    for (size_t d = shape.size(); d-- > 0; rest /= transposed[d])
      from += rest % transposed[d] * steps[permutation[d]];
    expected[i] = input[from];
  }
  expectKernel<T>("kernel.transpose %arg0 outs %out {permutation = " +
                      array(permutation) + "} : TYPES",
                  {Argument::of(shape, input)}, transposed, expected);
}

TEST(Movement, transpose) {
  // Tiles and what is left of both sides.
  checkTranspose<float>({1, 19, 9, 5}, {0, 2, 3, 1});
  checkTranspose<float>({1, 9, 5, 19}, {0, 3, 1, 2});
  checkTranspose<int8_t>({2, 33, 4, 37}, {0, 2, 3, 1});
  checkTranspose<int16_t>({64, 48}, {1, 0});
  // Too narrow for tiles.
  checkTranspose<float>({1, 3, 8, 8}, {0, 2, 3, 1});
  checkTranspose<int8_t>({1, 8, 8, 3}, {0, 3, 1, 2});
  // The innermost dimension stays.
  checkTranspose<int8_t>({3, 4, 65}, {1, 0, 2});
  // Nothing moves, and everything does.
  checkTranspose<int8_t>({3, 4}, {0, 1});
  checkTranspose<int32_t>({5, 6, 7, 8}, {3, 2, 1, 0});
  checkTranspose<float>({4, 5, 6, 7}, {2, 0, 3, 1});
  checkTranspose<float>({1, 1, 8, 1}, {3, 1, 0, 2});
}

TEST(Movement, view_is_an_alias) {
  auto jit = Jit::compile(R"(
    func.func @f(%x: memref<2x3x4xi8>, %y: memref<24xi8>) {
      %0 = kernel.view %x : memref<2x3x4xi8> to memref<24xi8>
      kernel.elementwise %0 outs %y {stages = []}
        : (memref<24xi8>, memref<24xi8>) -> ()
      return
    })");
  ASSERT_TRUE(jit);
  auto input = randomValues<int8_t>(24);
  Guarded<int8_t> x(input), y(24);
  ASSERT_TRUE(jit->call("f", {x.data(), y.data()}));
  EXPECT_EQ(input, y.values());
}

TEST(Movement, on_aarch64) {
  if (guestLevels().empty())
    GTEST_SKIP();
  LevelScope scope(neonLevel());
  checkPad<int8_t>({1, 5, 7, 3}, {0, 1, 1, 0}, {0, 1, 2, 0}, -3, "-3 : i8");
  checkConcat<int8_t>({{2, 3, 65}, {2, 1, 65}, {2, 2, 65}}, 1);
  checkTranspose<int8_t>({2, 33, 4, 37}, {0, 2, 3, 1});
}

} // namespace
