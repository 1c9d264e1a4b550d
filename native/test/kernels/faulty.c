// Returns the status that the first byte of the data asks for, and prints as many kilobytes as the
// second byte says.
#include "kernels/fake_kernel.h"

#define FAKE_NAME "faulty"

static int32_t FakeRun(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters,
                       RtliftFault* fault) {
  model->cycle += 10;
  counters->cycles = 10;
  const int status = batch->data_bytes > 0 ? batch->data[0] : 0;
  if (batch->data_bytes > 1) {
    char line[1024];
    memset(line, '.', sizeof(line));
    line[sizeof(line) - 1] = '\n';
    for (int i = 0; i < batch->data[1]; ++i) model->log(model->log_user, line, sizeof(line));
  }
  if (status == RTLIFT_OK && batch->result_bytes == 0) {
    memset(batch->result_offsets, 0, (batch->message_count + 1) * sizeof(int32_t));
  }
  if (status == RTLIFT_OK) return RTLIFT_OK;
  if (status == RTLIFT_INTERNAL) {
    memset(fault->text, 'x', sizeof(fault->text));  // a library that forgets the final NUL
    return status;
  }
  char text[64];
  snprintf(text, sizeof(text), "fault %d on request", status);
  if (status == RTLIFT_PROTOCOL) fault->rule = RTLIFT_RULE_KEEP_HOLE;
  return FakeFault(fault, status, model->cycle, 0, text);
}

#include "kernels/fake_kernel_api.h"
