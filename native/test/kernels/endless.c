// Runs until it is cancelled, as a kernel does that never raises tready.
#include <time.h>

#include "kernels/fake_kernel.h"

#define FAKE_NAME "endless"

static int32_t FakeRun(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters,
                       RtliftFault* fault) {
  const struct timespec pause = {0, 100000};
  while (!FakeCancelled(batch->cancel)) {
    ++model->cycle;
    ++counters->cycles;
    nanosleep(&pause, NULL);
  }
  return FakeFault(fault, RTLIFT_CANCELLED, model->cycle, 0, "the cancel flag was set");
}

#include "kernels/fake_kernel_api.h"
