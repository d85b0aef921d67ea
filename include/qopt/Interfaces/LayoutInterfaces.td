// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The question that layout passes ask: can an op work on tensors whose
// dimensions stand in another order. Ops with the trait Pointwise can without
// being asked.

#ifndef QOPT_INTERFACES_LAYOUTINTERFACES_TD
#define QOPT_INTERFACES_LAYOUTINTERFACES_TD

include "mlir/IR/OpBase.td"

def PermutableOpInterface : OpInterface<"PermutableOpInterface"> {
  let description = [{
    An op of one result that a transposition of its operands can be moved
    through. Dimension i of a transposed tensor is dimension permutation[i] of
    the tensor, and

        op(transpose(x, permutation)) = transpose(op'(x), q)

    where op' is the op after `permuteAttributes`.
  }];
  let cppNamespace = "::qopt";
  let methods = [
    InterfaceMethod<[{
        The operands that are transposed together: by default the first.
      }],
      "::llvm::SmallVector<::mlir::OpOperand *>", "getPermutableOperands",
      (ins), [{}], [{
        return {&$_op->getOpOperand(0)};
      }]>,
    InterfaceMethod<[{
        q above; failure if the op does not allow this permutation. By default
        the permutation itself.
      }],
      "::llvm::FailureOr<::llvm::SmallVector<int64_t>>",
      "getResultPermutation", (ins "::llvm::ArrayRef<int64_t>":$permutation),
      [{}], [{
        return ::llvm::to_vector(permutation);
      }]>,
    InterfaceMethod<[{
        Turns the op into op'. Its operands and the type of its result are the
        caller's business.
      }],
      "void", "permuteAttributes", (ins "::llvm::ArrayRef<int64_t>":$permutation),
      [{}], [{ return; }]>
  ];
}

#endif // QOPT_INTERFACES_LAYOUTINTERFACES_TD
