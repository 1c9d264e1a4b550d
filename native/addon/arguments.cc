#include "addon/arguments.h"

#include <cmath>
#include <string>

#include "addon/error_codes.h"

namespace rtlift {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;  // 2^53 - 1

Status Invalid(std::string text) { return {kInvalidArgument, std::move(text)}; }

struct View {
  void* data = nullptr;
  size_t length = 0;  // in elements
};

// The memory of a typed array of exactly this type, at its byteOffset. It may lie in a
// SharedArrayBuffer.
Status ReadView(const Napi::Value& value, const char* name, napi_typedarray_type expected,
                View* view) {
  const napi_env env = value.Env();
  napi_typedarray_type type = napi_uint8_array;
  napi_value memory = nullptr;
  const bool is_typed_array = napi_get_typedarray_info(env, value, &type, &view->length,
                                                       &view->data, &memory, nullptr) == napi_ok;
  if (!is_typed_array || type != expected) {
    const char* wanted = expected == napi_uint8_array   ? "a Uint8Array"
                         : expected == napi_int32_array ? "an Int32Array"
                         : expected == napi_biguint64_array ? "a BigUint64Array"
                                                        : "a Uint32Array";
    return Invalid(std::string(name) + " must be " + wanted);
  }
  if (view->length == 0) {  // a view of a detached buffer passes for an empty one
    bool is_detached = false;
    napi_is_detached_arraybuffer(env, memory, &is_detached);
    if (is_detached) return Invalid(std::string(name) + " must not be a view of a detached buffer");
  }
  return {};
}

Status ReadInteger(const Napi::Value& value, const char* name, double max, double* number) {
  const bool is_number = napi_get_value_double(value.Env(), value, number) == napi_ok;
  if (is_number && *number >= 0 && *number <= max && std::trunc(*number) == *number) return {};
  return Invalid(std::string(name) + " must be an integer of 0.." +
                 std::to_string(static_cast<int64_t>(max)));
}

Status ReadSeed(const Napi::Value& value, const char* name, uint64_t* seed) {
  bool lossless = false;
  if (napi_get_value_bigint_uint64(value.Env(), value, seed, &lossless) == napi_ok && lossless) {
    return {};
  }
  return Invalid(std::string(name) + " must be a bigint of 0..2^64 - 1");
}

Status ReadPath(const Napi::Value& value, const char* name, std::string* path) {
  if (value.IsUndefined()) return {};
  if (!value.IsString()) return Invalid(std::string(name) + " must be a string");
  *path = value.As<Napi::String>().Utf8Value();
  return {};
}

}  // namespace

Status ReadModelSettings(const Napi::Object& options, ModelSettings* settings) {
  Status status = ReadSeed(options.Get("seed"), "options.seed", &settings->seed);
  if (!status.ok()) return status;
  settings->monitors = options.Get("monitors").ToBoolean();
  double number = 0;
  const Napi::Value activity_every = options.Get("activityEvery");
  if (!activity_every.IsUndefined()) {
    status = ReadInteger(activity_every, "options.activityEvery", UINT32_MAX, &number);
    if (!status.ok()) return status;
    settings->activity_every = static_cast<uint32_t>(number);
  }
  status = ReadPath(options.Get("coveragePath"), "options.coveragePath", &settings->coverage_path);
  if (!status.ok()) return status;
  status = ReadPath(options.Get("tracePath"), "options.tracePath", &settings->trace_path);
  if (!status.ok() || settings->trace_path.empty()) return status;
  status = ReadInteger(options.Get("traceFrom"), "options.traceFrom", kMaxSafeInteger, &number);
  if (!status.ok()) return status;
  settings->trace_from = static_cast<uint64_t>(number);
  status = ReadInteger(options.Get("traceTo"), "options.traceTo", kMaxSafeInteger, &number);
  if (!status.ok()) return status;
  settings->trace_to = static_cast<uint64_t>(number);
  return {};
}

Status ReadWrites(const Napi::Value& value, std::vector<RtliftRegisterWrite>* writes) {
  View view;
  Status status = ReadView(value, "writes", napi_uint32_array, &view);
  if (!status.ok()) return status;
  if (view.length % 2 != 0) {
    return Invalid("writes must hold address, data pairs, got " + std::to_string(view.length) +
                   " elements");
  }
  const uint32_t* words = static_cast<const uint32_t*>(view.data);
  writes->reserve(view.length / 2);
  for (size_t i = 0; i < view.length; i += 2) writes->push_back({words[i], words[i + 1]});
  return {};
}

Status ReadBatch(const Napi::Value& value, BatchArguments* arguments) {
  if (!value.IsObject()) return Invalid("batch must be an object");
  const Napi::Object object = value.As<Napi::Object>();
  RtliftBatch& batch = arguments->batch;
  View view;
  double number = 0;

  // All properties before any pointer: a getter might detach a buffer that was read before it.
  const Napi::Value data = object.Get("data");
  const Napi::Value offsets = object.Get("offsets");
  const Napi::Value result_bytes = object.Get("resultBytes");
  const Napi::Value max_result_bytes = object.Get("maxResultBytes");
  const Napi::Value results = object.Get("results");
  const Napi::Value no_progress_cycles = object.Get("noProgressCycles");
  const Napi::Value bubble = object.Get("bubble");
  const Napi::Value stall = object.Get("stall");
  const Napi::Value stimulus_seed = object.Get("stimulusSeed");
  const Napi::Value isolate = object.Get("isolate");
  const Napi::Value reset_at = object.Get("resetAt");
  const Napi::Value result_cycles = object.Get("resultCycles");
  const Napi::Value pattern = object.Get("pattern");

  Status status = ReadView(data, "batch.data", napi_uint8_array, &view);
  if (!status.ok()) return status;
  batch.data = static_cast<const uint8_t*>(view.data);
  batch.data_bytes = view.length;

  status = ReadView(offsets, "batch.offsets", napi_int32_array, &view);
  if (!status.ok()) return status;
  if (view.length == 0) return Invalid("batch.offsets must hold one element more than messages");
  batch.offsets = static_cast<const int32_t*>(view.data);
  batch.message_count = view.length - 1;

  status = ReadInteger(result_bytes, "batch.resultBytes", UINT32_MAX, &number);
  if (!status.ok()) return status;
  batch.result_bytes = static_cast<uint32_t>(number);
  if (!max_result_bytes.IsUndefined()) {
    status = ReadInteger(max_result_bytes, "batch.maxResultBytes", UINT32_MAX, &number);
    if (!status.ok()) return status;
    batch.longest_result = static_cast<uint32_t>(number);
  }

  arguments->borrowed = {data, offsets, nullptr, nullptr, nullptr};
  if (batch.result_bytes > 0) {
    status = ReadView(results, "batch.results", napi_uint8_array, &view);
    if (!status.ok()) return status;
    // Divided rather than multiplied: the product may not fit.
    if (view.length / batch.result_bytes != batch.message_count ||
        view.length % batch.result_bytes != 0) {
      return Invalid("batch.results must hold " + std::to_string(batch.message_count) +
                     " results of " + std::to_string(batch.result_bytes) + " bytes, got " +
                     std::to_string(view.length) + " bytes");
    }
    batch.results = static_cast<uint8_t*>(view.data);
    arguments->borrowed[2] = results;
  }

  status = ReadInteger(no_progress_cycles, "batch.noProgressCycles", kMaxSafeInteger, &number);
  if (!status.ok()) return status;
  batch.no_progress_cycles = static_cast<uint64_t>(number);
  status = ReadInteger(bubble, "batch.bubble", UINT16_MAX, &number);
  if (!status.ok()) return status;
  batch.bubble_per_65536 = static_cast<uint32_t>(number);
  status = ReadInteger(stall, "batch.stall", UINT16_MAX, &number);
  if (!status.ok()) return status;
  batch.stall_per_65536 = static_cast<uint32_t>(number);
  batch.isolate = isolate.ToBoolean() ? 1 : 0;
  if (!reset_at.IsUndefined()) {
    status = ReadInteger(reset_at, "batch.resetAt", kMaxSafeInteger, &number);
    if (!status.ok()) return status;
    batch.reset_at = static_cast<uint64_t>(number);
  }
  if (!result_cycles.IsUndefined()) {
    status = ReadView(result_cycles, "batch.resultCycles", napi_biguint64_array, &view);
    if (!status.ok()) return status;
    if (view.length < batch.message_count) {
      return Invalid("batch.resultCycles must hold one element a message");
    }
    batch.result_cycles = static_cast<uint64_t*>(view.data);
    arguments->borrowed[3] = result_cycles;
  }
  if (!pattern.IsUndefined()) {
    status = ReadView(pattern, "batch.pattern", napi_uint8_array, &view);
    if (!status.ok()) return status;
    // An empty pattern is one without stalls, not none.
    static const uint8_t kNothing = 0;
    batch.pattern = view.length > 0 ? static_cast<const uint8_t*>(view.data) : &kNothing;
    batch.pattern_cycles = view.length;
    arguments->borrowed[4] = pattern;
  }
  return ReadSeed(stimulus_seed, "batch.stimulusSeed", &batch.stimulus_seed);
}

}  // namespace rtlift
