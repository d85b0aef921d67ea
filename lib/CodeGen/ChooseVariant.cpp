// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The choice between variants as LLVM IR text: a fixed reader of what the CPU
// reports, and a comparison with what each variant needs, from the last to the
// first.

#include "qopt/CodeGen/TilePermission.h"
#include "qopt/CodeGen/Variants.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SourceMgr.h"

using namespace llvm;
using namespace qopt;

/// Leaves that a CPU does not have are read as zero. XGETBV only exists if the
/// operating system uses it (bit 27 of leaf 1).
static const char *const x86Reader = R"(
define internal {i32, i32, i32, i32} @qopt_cpuid(i32 %leaf, i32 %part) noinline {
  %base = and i32 %leaf, -2147483648
  %most = call {i32, i32, i32, i32} asm sideeffect "cpuid", "={ax},={bx},={cx},={dx},{ax},{cx},~{dirflag},~{fpsr},~{flags}"(i32 %base, i32 0)
  %last = extractvalue {i32, i32, i32, i32} %most, 0
  %exists = icmp ule i32 %leaf, %last
  br i1 %exists, label %read, label %none
read:
  %words = call {i32, i32, i32, i32} asm sideeffect "cpuid", "={ax},={bx},={cx},={dx},{ax},{cx},~{dirflag},~{fpsr},~{flags}"(i32 %leaf, i32 %part)
  ret {i32, i32, i32, i32} %words
none:
  ret {i32, i32, i32, i32} zeroinitializer
}

define internal void @qopt_put(ptr %words, i32 %index, i32 %value) {
  %wide = zext i32 %value to i64
  %at = getelementptr i64, ptr %words, i32 %index
  store i64 %wide, ptr %at
  ret void
}

define internal void @qopt_read_features(ptr %words) noinline {
  %l1 = call {i32, i32, i32, i32} @qopt_cpuid(i32 1, i32 0)
  %l1c = extractvalue {i32, i32, i32, i32} %l1, 2
  call void @qopt_put(ptr %words, i32 0, i32 %l1c)
  %l7 = call {i32, i32, i32, i32} @qopt_cpuid(i32 7, i32 0)
  %l7a = extractvalue {i32, i32, i32, i32} %l7, 0
  %l7b = extractvalue {i32, i32, i32, i32} %l7, 1
  %l7c = extractvalue {i32, i32, i32, i32} %l7, 2
  %l7d = extractvalue {i32, i32, i32, i32} %l7, 3
  call void @qopt_put(ptr %words, i32 1, i32 %l7b)
  call void @qopt_put(ptr %words, i32 2, i32 %l7c)
  call void @qopt_put(ptr %words, i32 3, i32 %l7d)
  %l71 = call {i32, i32, i32, i32} @qopt_cpuid(i32 7, i32 1)
  ; A CPU without this part may repeat another one.
  %has71 = icmp ne i32 %l7a, 0
  %l71a = extractvalue {i32, i32, i32, i32} %l71, 0
  %l71d = extractvalue {i32, i32, i32, i32} %l71, 3
  %m71a = select i1 %has71, i32 %l71a, i32 0
  %m71d = select i1 %has71, i32 %l71d, i32 0
  call void @qopt_put(ptr %words, i32 4, i32 %m71a)
  call void @qopt_put(ptr %words, i32 5, i32 %m71d)
  %e1 = call {i32, i32, i32, i32} @qopt_cpuid(i32 -2147483647, i32 0)
  %e1c = extractvalue {i32, i32, i32, i32} %e1, 2
  call void @qopt_put(ptr %words, i32 6, i32 %e1c)
  %ld = call {i32, i32, i32, i32} @qopt_cpuid(i32 13, i32 1)
  %lda = extractvalue {i32, i32, i32, i32} %ld, 0
  call void @qopt_put(ptr %words, i32 7, i32 %lda)
  %saves = and i32 %l1c, 134217728
  %has.xgetbv = icmp ne i32 %saves, 0
  br i1 %has.xgetbv, label %state, label %end
state:
  %xcr = call {i32, i32} asm sideeffect "xgetbv", "={ax},={dx},{cx}"(i32 0)
  %low = extractvalue {i32, i32} %xcr, 0
  br label %end
end:
  %xcr0 = phi i32 [ 0, %0 ], [ %low, %state ]
  call void @qopt_put(ptr %words, i32 8, i32 %xcr0)
  ret void
}
)";

/// A field of four bits is there if it is not zero; that becomes its lowest
/// bit. (All ones mean "none" in PFR0, of fields that are not asked for.)
static const char *const armReader = R"(
define internal i64 @qopt_fields(i64 %register) {
  %r1 = lshr i64 %register, 1
  %r2 = lshr i64 %register, 2
  %r3 = lshr i64 %register, 3
  %a = or i64 %register, %r1
  %b = or i64 %r2, %r3
  %c = or i64 %a, %b
  %d = and i64 %c, 1229782938247303441
  ret i64 %d
}

define internal void @qopt_read_features(ptr %words) noinline {
  %isar0 = call i64 asm sideeffect "mrs $0, ID_AA64ISAR0_EL1", "=r"()
  %f0 = call i64 @qopt_fields(i64 %isar0)
  store i64 %f0, ptr %words
  %isar1 = call i64 asm sideeffect "mrs $0, ID_AA64ISAR1_EL1", "=r"()
  %f1 = call i64 @qopt_fields(i64 %isar1)
  %p1 = getelementptr i64, ptr %words, i32 1
  store i64 %f1, ptr %p1
  %pfr0 = call i64 asm sideeffect "mrs $0, ID_AA64PFR0_EL1", "=r"()
  %f2 = call i64 @qopt_fields(i64 %pfr0)
  %p2 = getelementptr i64, ptr %words, i32 2
  store i64 %f2, ptr %p2
  ret void
}
)";

/// Blocks that look at one variant and go on to the one before it.
static std::string compare(size_t index, const CodeVariant &variant) {
  std::string text = formatv("try{0}:\n", index).str();
  std::string all = "true";
  for (auto [word, mask] : enumerate(variant.required)) {
    if (mask == 0)
      continue;
    std::string name = formatv("{0}.{1}", index, word).str();
    text += formatv("  %p{0} = getelementptr i64, ptr %words, i32 {1}\n"
                    "  %w{0} = load i64, ptr %p{0}\n"
                    "  %m{0} = and i64 %w{0}, {2}\n"
                    "  %h{0} = icmp eq i64 %m{0}, {2}\n"
                    "  %a{0} = and i1 {3}, %h{0}\n",
                    name, word, mask, all)
                .str();
    all = "%a" + name;
  }
  std::string other =
      index == 0 ? std::string("none") : "try" + std::to_string(index - 1);
  text += formatv("  br i1 {0}, label %{1}{2}, label %{3}\n", all,
                  variant.asksForTiles ? "ask" : "take", index, other)
              .str();
  if (variant.asksForTiles)
    text += formatv("ask{0}:\n  %t{0} = call i1 @qopt_may_use_tiles()\n"
                    "  br i1 %t{0}, label %take{0}, label %{1}\n",
                    index, other)
                .str();
  text +=
      formatv("take{0}:\n  ret ptr @\"{1}\"\n", index, variant.body->getName())
          .str();
  return text;
}

Expected<Function *> qopt::addVariantChoice(Module &module,
                                            ArrayRef<CodeVariant> variants,
                                            const Twine &name) {
  const Triple &triple = module.getTargetTriple();
  std::string text = triple.isX86() ? x86Reader : armReader;
  // Seen by both modules until they are one.
  SmallVector<Function *> shared;
  if (any_of(variants, [](const CodeVariant &v) { return v.asksForTiles; })) {
    shared.push_back(getTilePermission(module));
    text += formatv("declare hidden i1 @{0}()\n", shared.back()->getName());
  }
  for (const CodeVariant &variant : variants) {
    shared.push_back(variant.body);
    text +=
        formatv("declare hidden void @\"{0}\"({1})\n", variant.body->getName(),
                join(std::vector<std::string>(variant.body->arg_size(), "ptr"),
                     ", "))
            .str();
  }
  text += formatv("define hidden ptr @\"{0}\"() noinline nounwind {{\n"
                  "  %words = alloca [{1} x i64]\n"
                  "  call void @qopt_read_features(ptr %words)\n"
                  "  br label %try{2}\n",
                  name.str(), numFeatureWords, variants.size() - 1)
              .str();
  for (size_t index = variants.size(); index-- > 0;)
    text += compare(index, variants[index]);
  text += "none:\n  ret ptr null\n}\n";

  for (Function *function : shared) {
    function->setLinkage(GlobalValue::ExternalLinkage);
    function->setVisibility(GlobalValue::HiddenVisibility);
  }
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> choice =
      parseAssemblyString(text, diagnostic, module.getContext());
  if (!choice) {
    std::string message;
    raw_string_ostream stream(message);
    diagnostic.print("choice of variants", stream);
    return createStringError(message);
  }
  choice->setTargetTriple(triple);
  choice->setDataLayout(module.getDataLayout());
  for (Function &function : *choice)
    if (!function.isDeclaration())
      function.addFnAttr("target-cpu", triple.isX86() ? "x86-64" : "generic");
  if (Linker::linkModules(module, std::move(choice)))
    return createStringError("cannot link the choice of variants");
  shared.push_back(module.getFunction(name.str()));
  for (Function *function : shared) {
    function->setVisibility(GlobalValue::DefaultVisibility);
    function->setLinkage(GlobalValue::InternalLinkage);
    function->setDSOLocal(true);
  }
  return shared.back();
}
