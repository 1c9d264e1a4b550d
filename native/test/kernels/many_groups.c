// A kernel library that says it has more groups of activity than there can be.
#include "kernels/fake_kernel.h"

#define FAKE_NAME "many_groups"
#define FAKE_ACTIVITY_GROUPS 0xffffffffu

static int32_t FakeRun(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters,
                       RtliftFault* fault) {
  (void)model;
  (void)batch;
  (void)counters;
  (void)fault;
  return RTLIFT_INTERNAL;
}

#include "kernels/fake_kernel_api.h"
