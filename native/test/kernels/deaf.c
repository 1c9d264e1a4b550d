// Does not look at the cancel flag for as many tenths of a second as the first byte of the data
// says, as RTL does that is caught in a loop; for good without data. Then the flag comes first,
// because a batch that was cancelled may be gone.
#include <time.h>

#include "kernels/fake_kernel.h"

#define FAKE_NAME "deaf"

static int32_t FakeRun(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters,
                       RtliftFault* fault) {
  int32_t tenths = batch->data_bytes > 0 ? batch->data[0] : -1;
  const struct timespec pause = {0, 100000000};
  while (tenths != 0) {
    nanosleep(&pause, NULL);
    if (tenths > 0) --tenths;
  }
  ++model->cycle;
  counters->cycles = 1;
  if (FakeCancelled(batch->cancel)) {
    return FakeFault(fault, RTLIFT_CANCELLED, model->cycle, 0, "the cancel flag was set");
  }
  if (batch->result_bytes > 0) {
    memset(batch->results, 1, batch->message_count * batch->result_bytes);
  } else {
    memset(batch->result_offsets, 0, (batch->message_count + 1) * sizeof(int32_t));
  }
  return RTLIFT_OK;
}

#include "kernels/fake_kernel_api.h"
