// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an error says; nothing of a success.

#ifndef QOPT_TEST_UNIT_CALIBRATION_MESSAGE_H
#define QOPT_TEST_UNIT_CALIBRATION_MESSAGE_H

#include "llvm/Support/Error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

inline std::string messageOf(llvm::Error error) {
  return error ? llvm::toString(std::move(error)) : std::string();
}

template <typename T>
std::string messageOf(const llvm::Expected<T> &expected) {
  auto &mutableExpected = const_cast<llvm::Expected<T> &>(expected);
  return messageOf(mutableExpected.takeError());
}

#endif // QOPT_TEST_UNIT_CALIBRATION_MESSAGE_H
