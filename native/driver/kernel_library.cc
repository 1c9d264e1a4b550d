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

#include "design.h"
#include "model_events.h"
#include "model_memory.h"
#include "register_driver.h"
#include "run_full_rate.h"
#include "run_with_stimulus.h"

using rtlift::Design;

struct RtliftModel {
  rtlift::Simulation<Design> simulation;
  rtlift::ModelContext events;
};

namespace rtlift {
namespace {

constexpr uint32_t kResetCycles = 8;

void Fill(RtliftFault* fault, RtliftStatus status, uint64_t cycle, uint64_t message, const char* text) {
  fault->status = status;
  fault->reserved = 0;
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
    Fill(fault, event.status, cycle, *message, event.text.c_str());
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

void Reset(Simulation<Design>& simulation) {
  auto& top = *simulation.top;
  Design::InputsIdle(top);
  Design::SetReset(top, true);
  for (uint32_t i = 0; i < kResetCycles; ++i) {
    simulation.Settle();
    simulation.Edge();
  }
  Design::SetReset(top, false);
  simulation.Settle();
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
  const RtliftStatus status = Guard(model.get(), fault, &no_message, [&] {
    auto& simulation = model->simulation;
    // Registers that the RTL leaves uninitialised start at values drawn from the seed, as after power-up.
    simulation.context->randReset(2);
    simulation.context->randSeed(static_cast<int>(options->seed % 0x7fffffff) + 1);
    simulation.top.reset(new Design::Top(simulation.context.get(), "TOP"));
    Reset(simulation);
  });
  return status == RTLIFT_OK ? model.release() : nullptr;
}

int32_t Configure(RtliftModel* model, const RtliftRegisterWrite* writes, uint64_t count,
                  const volatile int32_t* cancel, RtliftFault* fault) {
  const uint64_t no_message = RTLIFT_NO_MESSAGE;
  return Guard(model, fault, &no_message, [&] {
    if constexpr (Design::kHasRegisters) {
      WriteRegisters(model->simulation, writes, count, cancel);
    } else if (count != 0) {
      throw ModelEvent{RTLIFT_REGISTER, "the design has no AXI4-Lite port to write to"};
    }
  });
}

// The batch comes from another language: nothing in it is believed.
bool CheckBatch(const RtliftBatch& batch, RtliftFault* fault, uint64_t cycle) {
  char text[160];
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
  return true;
}

int32_t Run(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters, RtliftFault* fault) {
  const auto begin = std::chrono::steady_clock::now();
  *counters = RtliftCounters{};
  if (!CheckBatch(*batch, fault, model->simulation.cycle)) return RTLIFT_BAD_BATCH;
  uint64_t done = 0;
  const RtliftStatus status = Guard(model, fault, &done, [&] {
    auto& simulation = model->simulation;
    const bool is_random = batch->bubble_per_65536 != 0 || batch->stall_per_65536 != 0;
    if (is_random) {
      RunWithStimulus<Design>(simulation, *batch, *counters, &done);
    } else if (Design::kMayEvaluateOnce && ForgetClock(simulation.top->rootp, 0)) {
      RunFullRate<Design, true>(simulation, *batch, *counters, &done);
    } else {
      RunFullRate<Design, false>(simulation, *batch, *counters, &done);
    }
  });
  const auto spent = std::chrono::steady_clock::now() - begin;
  counters->host_ns =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count());
  return status;
}

uint64_t Cycles(const RtliftModel* model) { return model->simulation.cycle.load(std::memory_order_relaxed); }

void Destroy(RtliftModel* model) {
  if (model == nullptr) return;
  const CurrentModel scope(&model->events);
  delete model;
}

constexpr RtliftKernelApi kApi = {
    RTLIFT_ABI_VERSION,
    sizeof(RtliftKernelApi),
    Design::kName,
    Design::kBuildId,
    Design::kInBeatBytes,
    Design::kOutBeatBytes,
    Design::kHasRegisters ? 1u : 0u,
    0,
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
