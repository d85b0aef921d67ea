// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pictures of a few pixels in every format, into every layout.

#include "Files.h"

#include "../../../lib/Samples/Image.h"

#include <cstdio>
#include <jpeglib.h>
#include <png.h>

using namespace qopt;
using namespace qopt::samples;
using testing::ElementsAre;
using testing::HasSubstr;

/// Red, green; blue, white.
static const uint8_t corners[12] = {255, 0, 0,   0,   255, 0,
                                    0,   0, 255, 255, 255, 255};

static std::string makePPM() {
  return "P6\n# corners\n2 2\n255\n" +
         std::string(reinterpret_cast<const char *>(corners), 12);
}

static std::string makePNG() {
  png_image png = {};
  png.version = PNG_IMAGE_VERSION;
  png.width = png.height = 2;
  png.format = PNG_FORMAT_RGB;
  std::string bytes(1000, 0);
  png_alloc_size_t size = bytes.size();
  EXPECT_TRUE(png_image_write_to_memory(&png, bytes.data(), &size, 0, corners,
                                        0, nullptr));
  bytes.resize(size);
  return bytes;
}

static std::string makeJPEG(uint8_t grey) {
  jpeg_compress_struct info;
  jpeg_error_mgr manager;
  info.err = jpeg_std_error(&manager);
  jpeg_create_compress(&info);
  unsigned char *memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = info.image_height = 8;
  info.input_components = 1;
  info.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&info);
  jpeg_start_compress(&info, TRUE);
  std::vector<uint8_t> row(8, grey);
  JSAMPROW rows = row.data();
  while (info.next_scanline < 8)
    jpeg_write_scanlines(&info, &rows, 1);
  jpeg_finish_compress(&info);
  std::string bytes(reinterpret_cast<char *>(memory), size);
  jpeg_destroy_compress(&info);
  free(memory);
  return bytes;
}

/// 24 bits, bottom row first, rows padded to 8 bytes.
static std::string makeBMP() {
  std::string bytes = "BM";
  auto add = [&](uint32_t value, int size) {
    for (int i = 0; i < size; ++i)
      bytes += char(value >> (8 * i));
  };
  for (uint32_t value : {54u + 16, 0u, 54u, 40u, 2u, 2u})
    add(value, 4);
  add(1, 2);
  add(24, 2);
  for (int i = 0; i < 6; ++i)
    add(0, 4);
  for (int y : {1, 0}) {
    for (int x : {0, 1})
      for (int c : {2, 1, 0})
        bytes += char(corners[6 * y + 3 * x + c]);
    add(0, 2);
  }
  return bytes;
}

static const InputFormat nhwc{"x", ElementKind::Float32, {1, 2, 2, 3}};
static const InputFormat nchw{"x", ElementKind::Float32, {1, 3, 2, 2}};
static const InputFormat grey{"x", ElementKind::Float32, {1, 2, 2, 1}};

TEST_F(SamplesTest, every_format_decodes_to_the_same_pixels) {
  for (auto [name, bytes] :
       {std::make_pair("a.ppm", makePPM()),
        {"a.png", makePNG()},
        {"a.bmp", makeBMP()},
        {"b.ppm", std::string("P3 2 2 1\n1 0 0  0 1 0\n0 0 1  1 1 1")}}) {
    std::string file = write(name, bytes);
    EXPECT_THAT(readAll({file}, nhwc),
                ElementsAre(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255))
        << name;
    EXPECT_THAT(readAll({file}, nchw),
                ElementsAre(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255))
        << name;
    EXPECT_THAT(readAll({file}, grey), ElementsAre(76, 150, 29, 255)) << name;
  }
}

TEST_F(SamplesTest, jpeg) {
  std::string file = write("a.jpg", makeJPEG(100));
  EXPECT_THAT(readAll({file}, grey), testing::Each(100));
  std::string bytes = makeJPEG(100);
  for (size_t size = 3; size < bytes.size(); size += 5)
    EXPECT_THAT(getError({write("cut.jpg", bytes.substr(0, size))}, grey),
                HasSubstr("cannot decode"))
        << size;
}

TEST_F(SamplesTest, folders_and_lists) {
  write("b.pgm", "P5 1 1 255\nB");
  write("a.pgm", "P5 1 1 255\nA");
  write("notes.md", "not a picture");
  InputFormat one{"x", ElementKind::Float32, {1, 1, 1, 1}};
  EXPECT_THAT(readAll({folder.str().str()}, one), ElementsAre('A', 'B'));
  std::string list = write("list.txt", "# second first\nb.pgm\n\na.pgm\n");
  EXPECT_THAT(readAll({list}, one), ElementsAre('B', 'A'));
  InputFormat batch{"x", ElementKind::Float32, {2, 1, 1, 1}};
  EXPECT_THAT(readAll({list}, batch), ElementsAre('B', 'A'));
  InputFormat three{"x", ElementKind::Float32, {3, 1, 1, 1}};
  EXPECT_THAT(getError({list}, three),
              HasSubstr("has 2 pictures, expected a multiple of the batch of "
                        "input 'x', 3"));
}

TEST_F(SamplesTest, values_above_255_and_scaling) {
  std::string file =
      write("a.pgm", llvm::StringRef("P5 2 1 511\n\1\xff\0\0", 15));
  InputFormat two{"x", ElementKind::Float32, {1, 1, 2, 1}};
  SampleOptions options;
  options.mean = {127.5};
  options.scale = {1 / 127.5};
  EXPECT_THAT(readAll({file}, two, options), ElementsAre(1, -1));
}

TEST(Image, bilinear_is_that_of_half_pixel_centres) {
  Image image;
  image.width = 2;
  image.height = 1;
  image.channels = 1;
  image.pixels = {0, 100};
  EXPECT_THAT(resizeBilinear(image, 4, 1), ElementsAre(0, 25, 75, 100));
  EXPECT_THAT(resizeBilinear(image, 1, 2), ElementsAre(50, 50));
  EXPECT_THAT(resizeBilinear(image, 2, 1), ElementsAre(0, 100));
}

TEST_F(SamplesTest, broken_pictures_are_errors) {
  auto error = [&](llvm::StringRef name, llvm::StringRef bytes) {
    return getError({write(name, bytes)}, nhwc);
  };
  EXPECT_THAT(error("a.png", "hello"), HasSubstr("it is no PNG, JPEG, BMP"));
  EXPECT_THAT(error("a.ppm", "P6 2 2 255\nabc"),
              HasSubstr("it has 3 bytes of pixels, expected 12"));
  EXPECT_THAT(error("a.ppm", "P6 99999 1 255\n"),
              HasSubstr("it has 99999x1 pixels, expected 1x1 to 32768"));
  EXPECT_THAT(error("a.ppm", "P6 x"), HasSubstr("expected a width of 0 to"));
  EXPECT_THAT(error("a.bmp", makeBMP().substr(0, 60)),
              HasSubstr("its pixels are 16 bytes at byte 54 of 60"));
  EXPECT_THAT(error("a.bmp", makeBMP().substr(0, 30)),
              HasSubstr("expected a header of 54"));
  std::string png = makePNG();
  EXPECT_THAT(error("a.png", llvm::StringRef(png).take_front(50)),
              HasSubstr("cannot decode"));
  // Any byte changed: an error or other pixels, no crash.
  for (const std::string &good : {makePPM(), png, makeBMP(), makeJPEG(7)})
    for (size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = ~bad[i];
      error("a.ppm", bad);
    }
}

TEST_F(SamplesTest, pictures_need_an_input_for_them) {
  InputFormat vector{"x", ElementKind::Float32, {1, 10}};
  EXPECT_THAT(
      getError({write("a.ppm", makePPM())}, vector),
      HasSubstr("is a picture, but input 'x' is float32 of shape 1x10"));
}
