#ifndef RTLIFT_HOST_JOB_H_
#define RTLIFT_HOST_JOB_H_

#include <cstdint>
#include <string>
#include <vector>

#include "driver/kernel_abi.h"
#include "host/malloc_buffer.h"
#include "host/status.h"

namespace rtlift {

// What became of a job.
struct Outcome {
  Status status;
  uint32_t rule = RTLIFT_RULE_NONE;  // RtliftRule that was broken
  uint64_t cycle = 0;  // of the fault, since the model was created
  uint64_t message_index = RTLIFT_NO_MESSAGE;
  uint64_t model_cycles = 0;  // since the model was created, when the job ended
  RtliftCounters counters{};
  std::vector<RtliftActivity> activity;  // a group each, where changes are counted and the run went well
  std::string log;  // what the RTL printed, bounded
};

// One piece of work for a model: register writes, or a batch. Filled in before Model::Submit;
// `outcome` and the result buffers are written before the observer hears of the job and never
// after.
class Job {
 public:
  explicit Job(std::vector<RtliftRegisterWrite> writes);
  // Of `batch`, only what describes messages and results is used. The offsets are copied, so that
  // they stay as they were checked; data and results are borrowed until the job is settled.
  explicit Job(const RtliftBatch& batch);

  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  uint64_t message_count() const { return batch_.message_count; }
  bool has_variable_results() const { return is_run_ && batch_.result_bytes == 0; }

  // Results of any length: message_count + 1 offsets of int32 and the bytes they point into.
  MallocBuffer result_offsets;
  MallocBuffer result_data;
  uint64_t result_data_bytes = 0;

  Outcome outcome;

 private:
  friend class ModelThread;
  enum class State : uint8_t { kQueued, kRunning, kSettled };

  int32_t Execute(const RtliftKernelApi& api, RtliftModel* model, bool counts_activity, RtliftFault* fault);
  int32_t ExecuteRun(const RtliftKernelApi& api, RtliftModel* model, RtliftFault* fault);
  void RequestCancel() { __atomic_store_n(&cancel_, 1, __ATOMIC_RELAXED); }

  const bool is_run_;
  State state_ = State::kQueued;  // guarded by the mutex of the model
  int32_t cancel_ = 0;            // plain, because the ABI says int32_t; written through __atomic
  std::vector<RtliftRegisterWrite> writes_;
  std::vector<int32_t> offsets_;
  RtliftBatch batch_{};
};

}  // namespace rtlift

#endif  // RTLIFT_HOST_JOB_H_
