// Kernel libraries without a Verilated model, in plain C as any compiler may produce them. Each
// source file here defines FakeRun and what else it wants to change, then includes
// fake_kernel_api.h at its end.
#ifndef RTLIFT_TEST_KERNELS_FAKE_KERNEL_H_
#define RTLIFT_TEST_KERNELS_FAKE_KERNEL_H_

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/kernel_abi.h"

struct RtliftModel {
  uint64_t cycle;
  uint64_t seed;
  uint32_t register0;
  uint32_t activity_every;
  void (*log)(void* user, const char* text, size_t length);
  void* log_user;
};

// A real library reads the flag through its volatile pointer; this one goes further so that
// ThreadSanitizer can see that the access is meant.
static inline int32_t FakeCancelled(const volatile int32_t* cancel) {
  return __atomic_load_n(cancel, __ATOMIC_RELAXED);
}

static inline int32_t FakeFault(RtliftFault* fault, int32_t status, uint64_t cycle,
                                uint64_t message_index, const char* text) {
  fault->status = status;
  fault->cycle = cycle;
  fault->message_index = message_index;
  snprintf(fault->text, sizeof(fault->text), "%s", text);
  return status;
}

static int32_t FakeRun(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters,
                       RtliftFault* fault);

#endif  // RTLIFT_TEST_KERNELS_FAKE_KERNEL_H_
