// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// QOPT_VECTOR_VERSIONS in front of a function: the compiler makes one version
// of it for each vector width, the loader picks one. Results do not depend on
// which, as nothing is contracted and no sum is reordered.

#ifndef QOPT_LIB_WEIGHTROUNDING_VECTORVERSIONS_H
#define QOPT_LIB_WEIGHTROUNDING_VECTORVERSIONS_H

// The sanitizers' runtime is not ready when the loader picks a version.
#define QOPT_VECTOR_VERSIONS
#if defined(__x86_64__) && defined(__clang__)
#if !__has_feature(address_sanitizer)
#undef QOPT_VECTOR_VERSIONS
#define QOPT_VECTOR_VERSIONS                                                   \
  __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#endif

#endif // QOPT_LIB_WEIGHTROUNDING_VECTORVERSIONS_H
