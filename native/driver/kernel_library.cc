// The entry point of a kernel library. Compiled once for each kernel, with design.h generated from its elaborated RTL.
#include "kernel_abi.h"
// The model and the driver:
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "activity_sampler.h"
#include "design.h"
#include "model_events.h"
#include "model_memory.h"
#include "register_driver.h"
#include "reset.h"
#include "run_full_rate.h"
#include "run_general.h"

using rtlift::Design;

struct RtliftModel {
  rtlift::Simulation<Design> simulation;
  rtlift::ActivitySampler<Design> activity;
  rtlift::ModelContext events;
  bool has_monitors = false;
  uint64_t seed = 0;
  bool was_reset = false;
  // The settings, for a reset in the middle of a run.
  std::vector<RtliftRegisterWrite> writes;
  std::string coverage_path;
};

namespace rtlift {
namespace {

void Fill(RtliftFault* fault, RtliftStatus status, uint64_t cycle, uint64_t message, const char* text,
          RtliftRule rule = RTLIFT_RULE_NONE) {
  fault->status = status;
  fault->rule = rule;
  fault->cycle = cycle;
  fault->message_index = message;
  std::snprintf(fault->text, sizeof fault->text, "%s", text);
}

// Runs `body`, which may throw out of the model, and reports what happened.
template <typename Body>
RtliftStatus Guard(RtliftModel* model, RtliftFault* fault, const uint64_t* message, Body&& body) {
  const CurrentModel scope(&model->events);
  const std::atomic<uint64_t>& cycle = model->simulation.cycle;
  try {
    body();
    return RTLIFT_OK;
  } catch (const ModelEvent& event) {
    Fill(fault, event.status, cycle, *message, event.text.c_str(), event.rule);
    return event.status;
  } catch (const std::bad_alloc&) {
    Fill(fault, RTLIFT_NO_MEMORY, cycle, *message, "out of memory");
    return RTLIFT_NO_MEMORY;
  } catch (const std::exception& error) {
    Fill(fault, RTLIFT_INTERNAL, cycle, *message, error.what());
    return RTLIFT_INTERNAL;
  } catch (...) {
    Fill(fault, RTLIFT_INTERNAL, cycle, *message, "unknown exception");
    return RTLIFT_INTERNAL;
  }
}

void ResetModel(RtliftModel* model) {
  Reset(model->simulation, model->has_monitors);
  model->was_reset = true;
}

RtliftModel* Create(const RtliftModelOptions* options, RtliftFault* fault) {
  std::unique_ptr<RtliftModel> model(new (std::nothrow) RtliftModel);
  const uint64_t no_message = RTLIFT_NO_MESSAGE;
  if (model == nullptr) {
    Fill(fault, RTLIFT_NO_MEMORY, 0, no_message, "out of memory");
    return nullptr;
  }
  model->events.log = options->log;
  model->events.log_user = options->log_user;
  model->has_monitors = options->monitors != 0;
  model->seed = options->seed;
  if (options->coverage_path != nullptr) model->coverage_path = options->coverage_path;
  const RtliftStatus status = Guard(model.get(), fault, &no_message, [&] {
    auto& simulation = model->simulation;
    // Registers that the RTL leaves uninitialised start at values drawn from the seed, as after power-up.
    simulation.context->randReset(2);
    simulation.context->randSeed(static_cast<int>(options->seed % 0x7fffffff) + 1);
    simulation.top.reset(new Design::Top(simulation.context.get(), "TOP"));
    if (options->trace_path != nullptr) {
      simulation.waveform.Open(simulation.context.get(), simulation.top.get(), options->trace_path,
                               options->trace_from, options->trace_to);
    }
    model->activity.Open(*simulation.top, options->activity_every);
    // Settings that are ports come first: what the RTL does with any other value is not its user's concern.
    if (!Design::kHasStatics) ResetModel(model.get());
  });
  return status == RTLIFT_OK ? model.release() : nullptr;
}

// Writes the settings that go through AXI4-Lite; the others stay on their ports through a reset.
void WriteSettings(RtliftModel* model, const volatile int32_t* cancel) {
  if constexpr (Design::kHasRegisters) {
    WriteRegisters(model->simulation, model->writes.data(), model->writes.size(), cancel, model->has_monitors,
                   model->seed);
  } else if (!model->writes.empty()) {
    throw ModelEvent{RTLIFT_REGISTER, "the design has no AXI4-Lite port to write to"};
  }
}

int32_t Configure(RtliftModel* model, const RtliftRegisterWrite* writes, uint64_t count,
                  const volatile int32_t* cancel, RtliftFault* fault) {
  const uint64_t no_message = RTLIFT_NO_MESSAGE;
  return Guard(model, fault, &no_message, [&] {
    auto& simulation = model->simulation;
    bool has_static = false;
    model->writes.clear();
    for (uint64_t i = 0; i < count; ++i) {
      if ((writes[i].address & 3) != 1) {
        model->writes.push_back(writes[i]);
        continue;
      }
      has_static = true;
      Design::SetStatic(*simulation.top, writes[i].address >> 2, writes[i].data);
    }
    // Some cores look at them only while they are in reset.
    if (has_static || !model->was_reset) ResetModel(model);
    WriteSettings(model, cancel);
  });
}

// The batch comes from another language: nothing in it is believed.
bool CheckBatch(const RtliftBatch& batch, RtliftFault* fault, uint64_t cycle) {
  char text[200];
  int64_t previous = 0;
  for (uint64_t i = 0; i <= batch.message_count; ++i) {
    const int64_t offset = batch.offsets[i];
    if (offset < previous || static_cast<uint64_t>(offset) > batch.data_bytes) {
      std::snprintf(text, sizeof text, "offsets[%llu] must lie in %lld..%llu, got %lld",
                    static_cast<unsigned long long>(i), static_cast<long long>(previous),
                    static_cast<unsigned long long>(batch.data_bytes), static_cast<long long>(offset));
      Fill(fault, RTLIFT_BAD_BATCH, cycle, i, text);
      return false;
    }
    previous = offset;
  }
  constexpr typename Design::Inputs* kInputs = nullptr;
  if constexpr (MayHaveBadParts(kInputs)) {
    for (uint64_t i = 0; i < batch.message_count; ++i) {
      const std::string wrong = FindBadParts<Design>(batch, i, kInputs);
      if (wrong.empty()) continue;
      std::snprintf(text, sizeof text, "message %llu %s", static_cast<unsigned long long>(i), wrong.c_str());
      Fill(fault, RTLIFT_BAD_BATCH, cycle, i, text);
      return false;
    }
  }
  return true;
}

// Whether changes are counted is decided outside the loop: one that does not count them has no trace of it.
template <bool kOneEval>
void RunAtFullRate(RtliftModel* model, const RtliftBatch& batch, RtliftCounters& counters, uint64_t* done) {
  if (model->activity.IsOn()) {
    RunFullRate<Design, kOneEval, true>(model->simulation, batch, counters, done, &model->activity);
  } else {
    RunFullRate<Design, kOneEval, false>(model->simulation, batch, counters, done, &model->activity);
  }
}

int32_t Run(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters, RtliftFault* fault) {
  const auto begin = std::chrono::steady_clock::now();
  *counters = RtliftCounters{};
  if (!CheckBatch(*batch, fault, model->simulation.cycle)) return RTLIFT_BAD_BATCH;
  uint64_t done = 0;
  model->activity.Begin();
  const RtliftStatus status = Guard(model, fault, &done, [&] {
    auto& simulation = model->simulation;
    if (!model->was_reset) ResetModel(model);
    const bool is_plain_run = !model->has_monitors && batch->bubble_per_65536 == 0 && batch->stall_per_65536 == 0 &&
                              batch->pattern == nullptr && batch->isolate == 0 && batch->reset_at == 0 &&
                              !VM_TRACE;
    const auto reset = [&] {
      ResetModel(model);
      WriteSettings(model, batch->cancel);
    };
    if constexpr (Design::kIsPlain) {
      if (is_plain_run) {
        if (Design::kMayEvaluateOnce && ForgetClock(simulation.top->rootp, 0)) {
          RunAtFullRate<true>(model, *batch, *counters, &done);
        } else {
          RunAtFullRate<false>(model, *batch, *counters, &done);
        }
        return;
      }
    }
    if (model->has_monitors) {
      GeneralRun<Design, true>(simulation, *batch, *counters, &done, &model->activity).Run(reset);
    } else {
      GeneralRun<Design, false>(simulation, *batch, *counters, &done, &model->activity).Run(reset);
    }
  });
  if (status == RTLIFT_OK && batch->activity != nullptr) model->activity.Report(batch->activity);
  const auto spent = std::chrono::steady_clock::now() - begin;
  counters->host_ns =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count());
  return status;
}

uint64_t Cycles(const RtliftModel* model) { return model->simulation.cycle.load(std::memory_order_relaxed); }

void Destroy(RtliftModel* model) {
  if (model == nullptr) return;
  {
    const CurrentModel scope(&model->events);
    // A model that threw is in no state to go on, but its counts are what they were. A file that cannot be written must
    // not end the process: whoever asked for it will miss it.
    try {
      model->simulation.waveform.Close();
#if VM_COVERAGE
      if (!model->coverage_path.empty()) model->simulation.context->coveragep()->write(model->coverage_path.c_str());
#endif
    } catch (...) {
    }
    delete model;
  }
}

constexpr RtliftKernelApi kApi = {
    RTLIFT_ABI_VERSION,
    sizeof(RtliftKernelApi),
    Design::kName,
    Design::kBuildId,
    Design::Input0::kBytes,
    Design::Output::kBytes,
    Design::kHasRegisters ? 1u : 0u,
    Design::kActivityGroups,
    Create,
    Configure,
    Run,
    Cycles,
    Destroy,
};

}  // namespace
}  // namespace rtlift

// Verilator's run-time library calls these instead of its own; see verilated_overrides.h.
extern "C" int rtlift_print(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  const int length = std::vsnprintf(nullptr, 0, format, arguments);
  va_end(arguments);
  if (length > 0) {
    std::string text(static_cast<size_t>(length) + 1, '\0');
    std::vsnprintf(&text[0], text.size(), format, again);
    text.resize(static_cast<size_t>(length));
    rtlift::Log(text);
  }
  va_end(again);
  return length;
}

void vl_finish(const char* filename, int linenum, const char*) {
  throw rtlift::ModelEvent{RTLIFT_FINISH, rtlift::At(filename, linenum, "$finish")};
}
void vl_stop(const char* filename, int linenum, const char*) { rtlift::RaiseStop(filename, linenum); }
void vl_fatal(const char* filename, int linenum, const char*, const char* msg) {
  rtlift::RaiseFatal(filename, linenum, msg);
}
void vl_warn(const char* filename, int linenum, const char*, const char* msg) {
  throw rtlift::ModelEvent{RTLIFT_MODEL_WARNING, rtlift::At(filename, linenum, msg != nullptr ? msg : "")};
}

extern "C" __attribute__((visibility("default"))) const RtliftKernelApi* rtlift_kernel(void) {
  return &rtlift::kApi;
}
