// RUN: qopt %s --kernel-choose-signedness --verify-diagnostics

// expected-error @+1 {{unknown target triple 'vax-dec-vms'}}
module attributes {kernel.target = #kernel.target<triple = "vax-dec-vms", cpu = "", features = "">} {
}
