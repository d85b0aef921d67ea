// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The .npy format: "\x93NUMPY", two version bytes, the header's length (16 bits
// little endian in version 1, 32 in 2 and 3), a header that is a Python
// dictionary literal
//
//   {'descr': '<f4', 'fortran_order': False, 'shape': (1, 8, 8), }
//
// padded with spaces and ended by a newline, then the elements.

#include "qopt/Support/Npy.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace qopt;

static constexpr llvm::StringLiteral magic("\x93NUMPY");

/// numpy's type codes; the byte order of single bytes is written '|'.
static const std::pair<llvm::StringLiteral, ElementKind> codes[] = {
    {"|b1", ElementKind::Bool},    {"|i1", ElementKind::Int8},
    {"|u1", ElementKind::UInt8},   {"<i2", ElementKind::Int16},
    {"<u2", ElementKind::UInt16},  {"<i4", ElementKind::Int32},
    {"<u4", ElementKind::UInt32},  {"<i8", ElementKind::Int64},
    {"<f4", ElementKind::Float32}, {"<f8", ElementKind::Float64}};

namespace {
/// Reads the header's dictionary. Every method that fails leaves a message.
class HeaderParser {
public:
  HeaderParser(llvm::StringRef text, llvm::StringRef name)
      : rest(text), name(name) {}

  llvm::Expected<Tensor> parse();

private:
  llvm::Error error(const llvm::Twine &message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   name + ": " + message);
  }
  llvm::Error expected(const llvm::Twine &what) {
    std::string found =
        rest.empty() ? "the end" : ("'" + rest.take_front(16) + "'").str();
    return error("npy header: expected " + what + ", found " + found);
  }
  bool consume(llvm::StringRef token) {
    rest = rest.ltrim(" \t\n");
    return rest.consume_front(token);
  }
  llvm::Expected<llvm::StringRef> parseString();
  llvm::Error parseType();
  llvm::Error parseOrder();
  llvm::Error parseShape();

  llvm::StringRef rest;
  llvm::StringRef name;
  Tensor result;
  bool fortranOrder = false;
};
} // namespace

llvm::Expected<llvm::StringRef> HeaderParser::parseString() {
  rest = rest.ltrim(" \t\n");
  if (!rest.starts_with("'") && !rest.starts_with("\""))
    return expected("a quoted string");
  char quote = rest.front();
  size_t end = rest.find(quote, 1);
  if (end == llvm::StringRef::npos)
    return expected("a closing quote");
  llvm::StringRef text = rest.slice(1, end);
  rest = rest.drop_front(end + 1);
  return text;
}

llvm::Error HeaderParser::parseType() {
  llvm::Expected<llvm::StringRef> text = parseString();
  if (!text)
    return text.takeError();
  for (const auto &[code, kind] : codes) {
    // A single byte has no order: numpy accepts '<i1' for '|i1'.
    if (*text == code ||
        (code.front() == '|' &&
         text->drop_front(!text->empty()) == code.drop_front())) {
      result.kind = kind;
      return llvm::Error::success();
    }
  }
  return error("element type '" + *text +
               "' is not supported, expected one of bool, int8, uint8, int16, "
               "uint16, int32, uint32, int64, float32, float64 in little "
               "endian; convert with array.astype()");
}

llvm::Error HeaderParser::parseOrder() {
  if (consume("True"))
    fortranOrder = true;
  else if (!consume("False"))
    return expected("True or False after 'fortran_order'");
  return llvm::Error::success();
}

llvm::Error HeaderParser::parseShape() {
  if (!consume("("))
    return expected("a tuple after 'shape'");
  while (!consume(")")) {
    rest = rest.ltrim(" \t\n");
    uint64_t dim;
    if (rest.consumeInteger(10, dim) || dim > INT64_MAX)
      return expected("a dimension of 0 or more");
    rest.consume_front("L");
    result.shape.push_back(dim);
    if (result.shape.size() > 32)
      return error("npy header: more than 32 dimensions");
    if (!consume(",") && !rest.ltrim(" \t\n").starts_with(")"))
      return expected("',' or ')' in 'shape'");
  }
  return llvm::Error::success();
}

llvm::Expected<Tensor> HeaderParser::parse() {
  bool hasType = false, hasOrder = false, hasShape = false;
  if (!consume("{"))
    return expected("a dictionary");
  while (!consume("}")) {
    llvm::Expected<llvm::StringRef> key = parseString();
    if (!key)
      return key.takeError();
    if (!consume(":"))
      return expected("':' after '" + *key + "'");
    bool *seen = *key == "descr"           ? &hasType
                 : *key == "fortran_order" ? &hasOrder
                 : *key == "shape"         ? &hasShape
                                           : nullptr;
    if (!seen || *seen)
      return error("npy header: unexpected key '" + *key + "'");
    *seen = true;
    llvm::Error failure = seen == &hasType    ? parseType()
                          : seen == &hasOrder ? parseOrder()
                                              : parseShape();
    if (failure)
      return std::move(failure);
    if (!consume(",") && !rest.ltrim(" \t\n").starts_with("}"))
      return expected("',' or '}'");
  }
  if (!hasType || !hasOrder || !hasShape)
    return error("npy header: expected the keys 'descr', 'fortran_order' and "
                 "'shape'");
  if (fortranOrder && result.shape.size() > 1)
    return error("array is in Fortran order, expected C order; convert with "
                 "numpy.ascontiguousarray()");
  return std::move(result);
}

uint64_t NpyHeader::getByteSize() const {
  // A zero first: hostile dimensions beside it do not matter.
  if (llvm::is_contained(shape, 0))
    return 0;
  uint64_t size = getElementSize(kind);
  for (int64_t dim : shape)
    size = llvm::SaturatingMultiply<uint64_t>(size, dim);
  return size;
}

llvm::Expected<NpyHeader> qopt::parseNpyHeader(llvm::StringRef bytes,
                                               llvm::StringRef name) {
  auto error = [&](const llvm::Twine &message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   name + ": " + message);
  };
  if (!bytes.starts_with(magic))
    return error("not a .npy file, expected it to begin with \\x93NUMPY");
  if (bytes.size() < 10)
    return error("truncated in the npy preamble");
  unsigned version = static_cast<uint8_t>(bytes[6]);
  if (version < 1 || version > 3)
    return error("npy format version " + llvm::Twine(version) +
                 " is not supported, expected 1, 2 or 3");
  size_t preamble = version == 1 ? 10 : 12;
  if (bytes.size() < preamble)
    return error("truncated in the npy preamble");
  uint64_t length = version == 1
                        ? llvm::support::endian::read16le(bytes.data() + 8)
                        : llvm::support::endian::read32le(bytes.data() + 8);
  if (length > bytes.size() - preamble)
    return error("npy header of " + llvm::Twine(length) + " bytes, but only " +
                 llvm::Twine(bytes.size() - preamble) + " are left");
  HeaderParser parser(bytes.substr(preamble, length), name);
  llvm::Expected<Tensor> tensor = parser.parse();
  if (!tensor)
    return tensor.takeError();

  NpyHeader header;
  header.kind = tensor->kind;
  header.shape = tensor->shape;
  header.dataOffset = preamble + length;
  return header;
}

llvm::Expected<Tensor> qopt::parseNpy(llvm::StringRef bytes,
                                      llvm::StringRef name) {
  llvm::Expected<NpyHeader> header = parseNpyHeader(bytes, name);
  if (!header)
    return header.takeError();
  llvm::StringRef data = bytes.drop_front(header->dataOffset);
  uint64_t size = header->getByteSize();
  Tensor tensor;
  tensor.kind = header->kind;
  tensor.shape = header->shape;
  if (size != data.size())
    return llvm::createStringError(
        llvm::inconvertibleErrorCode(),
        name + ": array of " + tensor.describeType() + " needs " +
            (size == UINT64_MAX ? llvm::Twine("more than 2^64")
                                : llvm::Twine(size)) +
            " bytes, found " + llvm::Twine(data.size()));
  tensor.bytes.assign(data.begin(), data.end());
  return tensor;
}

llvm::Expected<Tensor> qopt::readNpy(llvm::StringRef path) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                  /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::createStringError(buffer.getError(),
                                   path + ": " + buffer.getError().message());
  return parseNpy((*buffer)->getBuffer(), path);
}

std::string qopt::printNpy(const Tensor &tensor) {
  std::string header;
  llvm::raw_string_ostream os(header);
  os << "{'descr': '";
  for (const auto &[code, kind] : codes)
    if (kind == tensor.kind)
      os << code;
  os << "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < tensor.shape.size(); ++i)
    os << (i ? " " : "") << tensor.shape[i]
       << (i + 1 < tensor.shape.size() || i == 0 ? "," : "");
  os << "), }";
  // numpy aligns the data to 64 bytes.
  constexpr size_t preamble = 10;
  header.resize(llvm::alignTo(preamble + header.size() + 1, 64) - preamble - 1,
                ' ');
  header += '\n';

  std::string file = (magic + llvm::StringRef("\1\0", 2)).str();
  file += static_cast<char>(header.size() & 0xff);
  file += static_cast<char>(header.size() >> 8);
  file += header;
  file.append(tensor.bytes.begin(), tensor.bytes.end());
  return file;
}

llvm::Error qopt::writeNpy(llvm::StringRef path, const Tensor &tensor) {
  std::error_code failure;
  llvm::raw_fd_ostream os(path, failure);
  if (!failure) {
    os << printNpy(tensor);
    os.close();
    failure = os.error();
    os.clear_error();
  }
  if (failure)
    return llvm::createStringError(failure, path + ": " + failure.message());
  return llvm::Error::success();
}
