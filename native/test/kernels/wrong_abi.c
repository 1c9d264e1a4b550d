// A kernel library from another time.
#include "kernels/fake_kernel.h"

#define FAKE_NAME "wrong_abi"
#define FAKE_ABI_VERSION 999u

static int32_t FakeRun(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters,
                       RtliftFault* fault) {
  (void)model;
  (void)batch;
  (void)counters;
  (void)fault;
  return RTLIFT_INTERNAL;
}

#include "kernels/fake_kernel_api.h"
