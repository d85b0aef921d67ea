// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The guest program as LLVM IR text: a fixed runtime (system calls, loops
// around read and write, the three memory functions) and a main loop that
// depends on the model's buffers.

#include "qopt/CodeGen/GuestProgram.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SourceMgr.h"

using namespace llvm;

/// Numbers are those of Linux on AArch64: read 63, write 64, exit 93,
/// clock_gettime 113 (clock 1: monotonic).
static const char *const runtime = R"(
@time = internal global [2 x i64] zeroinitializer, align 16
@elapsed = internal global i64 0, align 8

define internal i64 @syscall(i64 %number, i64 %a, i64 %b, i64 %c) noinline {
  %r = call i64 asm sideeffect "svc #0", "={x0},{x8},{x0},{x1},{x2},~{memory}"(i64 %number, i64 %a, i64 %b, i64 %c)
  ret i64 %r
}

define internal void @exit(i32 %code) noreturn {
  %wide = zext i32 %code to i64
  %r = call i64 @syscall(i64 93, i64 %wide, i64 0, i64 0)
  unreachable
}

define internal i64 @now() {
  %p = ptrtoint ptr @time to i64
  %r = call i64 @syscall(i64 113, i64 1, i64 %p, i64 0)
  %s = load i64, ptr @time
  %np = getelementptr i64, ptr @time, i64 1
  %n = load i64, ptr %np
  %ns = mul i64 %s, 1000000000
  %t = add i64 %ns, %n
  ret i64 %t
}

; Reads or writes until all is done or the other side has ended.
define internal i64 @transfer(i64 %number, i64 %file, ptr %buffer, i64 %size) {
entry:
  %base = ptrtoint ptr %buffer to i64
  br label %loop
loop:
  %done = phi i64 [ 0, %entry ], [ %sum, %more ]
  %left = sub i64 %size, %done
  %finished = icmp eq i64 %left, 0
  br i1 %finished, label %end, label %call
call:
  %at = add i64 %base, %done
  %n = call i64 @syscall(i64 %number, i64 %file, i64 %at, i64 %left)
  %stop = icmp sle i64 %n, 0
  br i1 %stop, label %end, label %more
more:
  %sum = add i64 %done, %n
  br label %loop
end:
  ret i64 %done
}

define internal void @write_all(ptr %buffer, i64 %size) {
  %n = call i64 @transfer(i64 64, i64 1, ptr %buffer, i64 %size)
  %ok = icmp eq i64 %n, %size
  br i1 %ok, label %end, label %fail
fail:
  call void @exit(i32 3)
  unreachable
end:
  ret void
}

define ptr @memcpy(ptr %to, ptr %from, i64 %size) {
  %r = call ptr @memmove(ptr %to, ptr %from, i64 %size)
  ret ptr %r
}

define ptr @memmove(ptr %to, ptr %from, i64 %size) noinline {
entry:
  %t = ptrtoint ptr %to to i64
  %f = ptrtoint ptr %from to i64
  %distance = sub i64 %t, %f
  %forward = icmp uge i64 %distance, %size
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %finished = icmp eq i64 %i, %size
  br i1 %finished, label %end, label %body
body:
  %next = add i64 %i, 1
  %mirrored = sub i64 %size, %next
  %at = select i1 %forward, i64 %i, i64 %mirrored
  %src = getelementptr i8, ptr %from, i64 %at
  %dst = getelementptr i8, ptr %to, i64 %at
  %byte = load volatile i8, ptr %src
  store volatile i8 %byte, ptr %dst
  br label %loop
end:
  ret ptr %to
}

define ptr @memset(ptr %to, i32 %value, i64 %size) noinline {
entry:
  %byte = trunc i32 %value to i8
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %finished = icmp eq i64 %i, %size
  br i1 %finished, label %end, label %body
body:
  %dst = getelementptr i8, ptr %to, i64 %i
  store volatile i8 %byte, ptr %dst
  %next = add i64 %i, 1
  br label %loop
end:
  ret ptr %to
}
)";

static std::string bufferDefinition(StringRef name, int64_t size,
                                    int64_t align) {
  return formatv("@{0} = internal global [{1} x i8] zeroinitializer, "
                 "align {2}\n",
                 name, size, align)
      .str();
}

/// Reads one input; only the first may meet the end of the file.
static std::string readInput(size_t index, int64_t size) {
  StringRef text = R"(
  %n{0} = call i64 @transfer(i64 63, i64 0, ptr @input_{0}, i64 {1})
  %full{0} = icmp eq i64 %n{0}, {1}
  br i1 %full{0}, label %have{0}, label %short{0}
short{0}:
  %none{0} = icmp eq i64 %n{0}, 0
  %code{0} = select i1 %none{0}, i32 {2}, i32 3
  call void @exit(i32 %code{0})
  unreachable
have{0}:
)";
  return formatv(text.data(), index, size, index == 0 ? 0 : 3).str();
}

Expected<std::unique_ptr<Module>>
qopt::makeGuestProgram(const ModelInterface &model, LLVMContext &context,
                       const TargetMachine &machine) {
  std::string globals, reads, arguments, types, writes;
  for (auto [index, tensor] : enumerate(model.inputs)) {
    std::string name = formatv("input_{0}", index).str();
    globals += bufferDefinition(name, tensor.getByteSize(), 64);
    reads += readInput(index, tensor.getByteSize());
    arguments += "ptr @" + name + ", ";
    types += "ptr, ";
  }
  writes += "  call void @write_all(ptr @elapsed, i64 8)\n";
  for (auto [index, tensor] : enumerate(model.outputs)) {
    std::string name = formatv("output_{0}", index).str();
    globals += bufferDefinition(name, tensor.getByteSize(), 64);
    arguments += "ptr @" + name + ", ";
    types += "ptr, ";
    writes += formatv("  call void @write_all(ptr @{0}, i64 {1})\n", name,
                      tensor.getByteSize());
  }
  globals += bufferDefinition("arena", std::max<int64_t>(model.arenaSize, 1),
                              model.arenaAlign);
  if (!model.layers.empty()) {
    globals += "@" + model.name + "_profile_ticks = external global i64\n";
    writes += formatv("  call void @write_all(ptr @{0}_profile_ticks, "
                      "i64 {1})\n",
                      model.name, 8 * model.layers.size());
  }
  std::string text = runtime + globals;
  text += "declare i32 @" + model.name + "_run(" + types + "ptr" +
          (model.threads > 0 ? ", ptr, ptr" : "") + ")\n";
  text += "define void @_start() noreturn {\n  br label %again\nagain:\n";
  text += reads;
  text += "  %start = call i64 @now()\n";
  text += "  %code = call i32 @" + model.name + "_run(" + arguments +
          "ptr @arena" + (model.threads > 0 ? ", ptr null, ptr null" : "") +
          ")\n";
  text += R"(
  %end = call i64 @now()
  %ns = sub i64 %end, %start
  store i64 %ns, ptr @elapsed
  %ok = icmp eq i32 %code, 0
  br i1 %ok, label %write, label %fail
fail:
  call void @exit(i32 %code)
  unreachable
write:
)";
  text += writes + "  br label %again\n}\n";

  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module =
      parseAssemblyString(text, diagnostic, context);
  if (!module) {
    std::string message;
    raw_string_ostream stream(message);
    diagnostic.print("guest program", stream);
    return createStringError(message);
  }
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  return std::move(module);
}
