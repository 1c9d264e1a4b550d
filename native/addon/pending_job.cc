#include "addon/pending_job.h"

#include <cstring>

#include "addon/error_codes.h"

namespace rtlift {
namespace {

// Statuses are not looked at here: they fail when the environment is being torn down, and then
// nobody waits for the result.
void Set(napi_env env, napi_value object, const char* name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

void Set(napi_env env, napi_value object, const char* name, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  Set(env, object, name, value);
}

void Set(napi_env env, napi_value object, const char* name, uint64_t number) {
  Set(env, object, name, static_cast<double>(number));
}

void Set(napi_env env, napi_value object, const char* name, const std::string& text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &value);
  Set(env, object, name, value);
}

napi_value MakeCounters(napi_env env, const RtliftCounters& counters) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  Set(env, object, "cycles", counters.cycles);
  Set(env, object, "inBeats", counters.in_beats);
  Set(env, object, "inStalls", counters.in_stalls);
  Set(env, object, "inBubbles", counters.in_bubbles);
  Set(env, object, "outBeats", counters.out_beats);
  Set(env, object, "outStalls", counters.out_stalls);
  Set(env, object, "outBubbles", counters.out_bubbles);
  Set(env, object, "latencyCycles", counters.latency_cycles);
  Set(env, object, "hostNs", counters.host_ns);
  return object;
}

// Below this, a copy costs less than memory with a finalizer, which is 2.5 us an array.
constexpr uint64_t kCopyBelowBytes = 16 * 1024;

// Hands the bytes to JavaScript. Copies what is small, and all where the runtime allows no external
// memory, as Electron does not.
napi_value TakeArray(napi_env env, MallocBuffer* buffer, uint64_t bytes, napi_typedarray_type type,
                     uint64_t length) {
  napi_value memory = nullptr;
  napi_value array = nullptr;
  if (bytes >= kCopyBelowBytes) {
    const auto free_bytes = [](napi_env, void* data, void*) { std::free(data); };
    if (napi_create_external_arraybuffer(env, buffer->data(), bytes, free_bytes, nullptr,
                                         &memory) == napi_ok) {
      static_cast<void>(buffer->Release());
    }
  }
  if (memory == nullptr) {
    void* copy = nullptr;
    if (napi_create_arraybuffer(env, bytes, &copy, &memory) != napi_ok) return nullptr;
    if (bytes > 0) std::memcpy(copy, buffer->data(), bytes);
  }
  napi_create_typedarray(env, type, length, memory, 0, &array);
  return array;
}

// Two numbers a group: samples, toggles.
napi_value MakeActivity(napi_env env, const std::vector<RtliftActivity>& groups) {
  napi_value list = nullptr;
  napi_create_array_with_length(env, groups.size() * 2, &list);
  uint32_t at = 0;
  for (const RtliftActivity& group : groups) {
    for (const uint64_t number : {group.samples, group.toggles}) {
      napi_value value = nullptr;
      napi_create_double(env, static_cast<double>(number), &value);
      napi_set_element(env, list, at++, value);
    }
  }
  return list;
}

napi_value MakeReport(napi_env env, PendingJob* job) {
  napi_value report = MakeCounters(env, job->outcome.counters);
  Set(env, report, "modelCycles", job->outcome.model_cycles);
  Set(env, report, "log", job->outcome.log);
  if (!job->outcome.activity.empty()) {
    Set(env, report, "activity", MakeActivity(env, job->outcome.activity));
  }
  if (job->has_variable_results()) {
    const uint64_t count = job->message_count() + 1;
    Set(env, report, "resultOffsets",
        TakeArray(env, &job->result_offsets, count * sizeof(int32_t), napi_int32_array, count));
    Set(env, report, "resultData",
        TakeArray(env, &job->result_data, job->result_data_bytes, napi_uint8_array,
                  job->result_data_bytes));
  }
  return report;
}

}  // namespace

napi_value MakeJobError(napi_env env, const Outcome& outcome) {
  napi_value error = MakeError(env, outcome.status);
  napi_value details = nullptr;
  napi_value none = nullptr;
  napi_create_object(env, &details);
  napi_get_null(env, &none);
  Set(env, details, "status", static_cast<double>(outcome.status.code));
  Set(env, details, "cycle", outcome.cycle);
  if (outcome.rule != RTLIFT_RULE_NONE) {
    Set(env, details, "rule", std::string(RuleName(outcome.rule)));
  }
  if (outcome.message_index == RTLIFT_NO_MESSAGE) {
    Set(env, details, "messageIndex", none);
  } else {
    Set(env, details, "messageIndex", outcome.message_index);
  }
  Set(env, details, "counters", MakeCounters(env, outcome.counters));
  Set(env, details, "log", outcome.log);
  Set(env, error, "details", details);
  return error;
}

void PendingJob::GiveBack(napi_env env) {
  for (napi_ref& array : borrowed) {
    if (array != nullptr) napi_delete_reference(env, array);
    array = nullptr;
  }
}

void PendingJob::Settle(napi_env env) {
  GiveBack(env);
  if (outcome.status.ok()) {
    napi_resolve_deferred(env, deferred, MakeReport(env, this));
  } else {
    napi_reject_deferred(env, deferred, MakeJobError(env, outcome));
  }
}

}  // namespace rtlift
