// RUN: not qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=pdp11})" 2>&1 | FileCheck %s --check-prefix=TRIPLE
// RUN: not qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=z80})" 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: not qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu features=+avx2})" 2>&1 | FileCheck %s --check-prefix=FEATURE
// RUN: not qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu features=dotprod})" 2>&1 | FileCheck %s --check-prefix=SIGN
// RUN: not qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=riscv64-linux-gnu cpu=native})" 2>&1 | FileCheck %s --check-prefix=NATIVE

// TRIPLE: error: unknown target triple 'pdp11
// CPU: error: unknown cpu 'z80' for target 'x86_64-unknown-linux-gnu'
// FEATURE: error: unknown feature '+avx2' for target 'aarch64-unknown-linux-gnu'
// SIGN: error: feature 'dotprod' must begin with '+' or '-'
// NATIVE: error: cpu 'native' is a {{.*}} and the target is 'riscv64-unknown-linux-gnu': name a cpu of that target, or its features
module {}
