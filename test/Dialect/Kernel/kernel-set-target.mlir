// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=x86_64-linux-gnu cpu=x86-64-v3 features=+avxvnni})" | FileCheck %s --check-prefix=X86
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{triple=aarch64-linux-gnu})" | FileCheck %s --check-prefix=ARM
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target)" | FileCheck %s --check-prefix=HOST
// RUN: qopt %s --pass-pipeline="builtin.module(kernel-set-target{cpu=native})" | FileCheck %s --check-prefix=HOST

// X86: module attributes {kernel.target = #kernel.target<triple = "x86_64-unknown-linux-gnu", cpu = "x86-64-v3", features = "+avxvnni">}
// ARM: module attributes {kernel.target = #kernel.target<triple = "aarch64-unknown-linux-gnu", cpu = "generic", features = "">}

// The host's features are written out; nothing is left for later to look up.
// HOST-NOT: native
// HOST: kernel.target = #kernel.target<triple = "{{.+}}", cpu = "{{.+}}", features = "
module {}
