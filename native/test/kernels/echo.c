// Results of a fixed width: the sum of the message's bytes plus register 0, then the first bytes of
// the message, padded with zeroes. Results of any length: the message, a byte of room asked for at
// a time. Activity of two groups: one sample a message, then as many toggles as the model was told to wait cycles.
#include "kernels/fake_kernel.h"

#define FAKE_NAME "echo"
#define FAKE_ACTIVITY_GROUPS 2

static int32_t EchoVariable(const RtliftBatch* batch, RtliftFault* fault) {
  uint64_t used = 0;
  for (uint64_t i = 0; i < batch->message_count; ++i) {
    const int32_t length = batch->offsets[i + 1] - batch->offsets[i];
    batch->result_offsets[i] = (int32_t)used;
    for (int32_t k = 0; k < length; ++k) {
      uint8_t* results = batch->grow(batch->grow_user, used + 1);
      if (results == NULL) return FakeFault(fault, RTLIFT_NO_MEMORY, 0, i, "no room");
      results[used++] = batch->data[batch->offsets[i] + k];
    }
  }
  batch->result_offsets[batch->message_count] = (int32_t)used;
  return RTLIFT_OK;
}

static int32_t FakeRun(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters,
                       RtliftFault* fault) {
  for (uint64_t i = 0; i < batch->message_count; ++i) {
    if (batch->offsets[i] < 0 || batch->offsets[i + 1] < batch->offsets[i] ||
        (uint64_t)batch->offsets[i + 1] > batch->data_bytes) {
      return FakeFault(fault, RTLIFT_BAD_BATCH, model->cycle, i, "offsets are not monotone");
    }
  }
  model->cycle += batch->message_count;
  counters->cycles = batch->message_count;
  counters->in_beats = batch->message_count;
  counters->out_beats = batch->message_count;
  counters->latency_cycles = 1;
  counters->host_ns = 1;
  for (int i = 0; batch->activity != NULL && i < FAKE_ACTIVITY_GROUPS; ++i) {
    batch->activity[i].samples = batch->message_count + (uint64_t)i;
    batch->activity[i].toggles = model->activity_every;
  }
  if (batch->result_bytes == 0) return EchoVariable(batch, fault);

  for (uint64_t i = 0; i < batch->message_count; ++i) {
    const uint8_t* message = batch->data + batch->offsets[i];
    const uint64_t length = (uint64_t)(batch->offsets[i + 1] - batch->offsets[i]);
    uint8_t* result = batch->results + i * batch->result_bytes;
    uint8_t sum = (uint8_t)model->register0;
    for (uint64_t k = 0; k < length; ++k) sum = (uint8_t)(sum + message[k]);
    const uint64_t room = batch->result_bytes - 1;
    const uint64_t kept = length < room ? length : room;
    result[0] = sum;
    memset(result + 1, 0, room);
    if (kept > 0) memcpy(result + 1, message, kept);
  }
  return RTLIFT_OK;
}

#include "kernels/fake_kernel_api.h"
