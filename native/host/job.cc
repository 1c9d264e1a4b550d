#include "host/job.h"

#include <cstdio>
#include <utility>

namespace rtlift {
namespace {

uint8_t* Grow(void* user, uint64_t bytes) {
  // Result offsets are int32, so nothing above could be addressed.
  if (bytes > INT32_MAX) return nullptr;
  return static_cast<MallocBuffer*>(user)->Reserve(bytes);
}

template <typename... Values>
int32_t Fail(RtliftFault* fault, int32_t status, const char* format, Values... values) {
  fault->message_index = RTLIFT_NO_MESSAGE;
  std::snprintf(fault->text, sizeof(fault->text), format, values...);
  return status;
}

}  // namespace

Job::Job(std::vector<RtliftRegisterWrite> writes) : is_run_(false), writes_(std::move(writes)) {}

Job::Job(const RtliftBatch& batch) : is_run_(true), batch_(batch) {
  batch_.cancel = &cancel_;
  offsets_.assign(batch.offsets, batch.offsets + batch.message_count + 1);
  batch_.offsets = offsets_.data();
  batch_.result_offsets = nullptr;
  batch_.grow = Grow;
  batch_.grow_user = &result_data;
}

int32_t Job::Execute(const RtliftKernelApi& api, RtliftModel* model, bool counts_activity, RtliftFault* fault) {
  if (is_run_) {
    if (counts_activity) outcome.activity.resize(api.activity_groups);
    batch_.activity = outcome.activity.empty() ? nullptr : outcome.activity.data();
    const int32_t status = ExecuteRun(api, model, fault);
    if (status != RTLIFT_OK) outcome.activity.clear();
    return status;
  }
  return api.configure(model, writes_.data(), writes_.size(), &cancel_, fault);
}

int32_t Job::ExecuteRun(const RtliftKernelApi& api, RtliftModel* model, RtliftFault* fault) {
  if (!has_variable_results()) return api.run(model, &batch_, &outcome.counters, fault);

  const uint64_t offsets_bytes = (batch_.message_count + 1) * sizeof(int32_t);
  uint8_t* offsets_room = result_offsets.Reserve(offsets_bytes);
  if (offsets_room == nullptr) {
    return Fail(fault, RTLIFT_NO_MEMORY, "no memory for %llu result offsets",
                static_cast<unsigned long long>(batch_.message_count + 1));
  }
  batch_.result_offsets = reinterpret_cast<int32_t*>(offsets_room);
  batch_.result_offsets[0] = 0;
  const int32_t status = api.run(model, &batch_, &outcome.counters, fault);
  if (status != RTLIFT_OK) return status;

  // The last offset becomes the length of a buffer that JavaScript reads: check it against what was
  // allocated.
  const int32_t last = batch_.result_offsets[batch_.message_count];
  if (last < 0 || static_cast<uint64_t>(last) > result_data.capacity()) {
    return Fail(fault, RTLIFT_INTERNAL, "result offsets end at %lld, expected 0..%lld",
                static_cast<long long>(last), static_cast<long long>(result_data.capacity()));
  }
  result_data_bytes = static_cast<uint64_t>(last);
  result_data.Trim(result_data_bytes);
  return RTLIFT_OK;
}

}  // namespace rtlift
