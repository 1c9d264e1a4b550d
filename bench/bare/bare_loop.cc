// The least that drives a batch through a Verilated model: no checks, no counters, no cancelling. What the driver of
// rtlift costs is measured against it, with the same model, the same flags, the same messages, and what else makes the
// driver fast: one evaluation a cycle where it is proved, whole beats, a model on a page of its own.
//
// bare_loop BATCH REPEATS [register writes...]: BATCH holds n as u32, n + 1 offsets as i32, then the bytes.
// Prints one line a repeat: cycles and nanoseconds.
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "clocking.h"
#include "design.h"
#include "model_events.h"
#include "model_memory.h"
#include "port_bytes.h"
#include "register_driver.h"

using rtlift::Design;

namespace {

struct Batch {
  std::vector<char> file;
  uint32_t count;
  const int32_t* offsets;
  const uint8_t* data;
  const uint8_t* end;
};

Batch Load(const char* path) {
  std::ifstream in(path, std::ios::binary);
  Batch batch{{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}, 0, nullptr, nullptr, nullptr};
  std::memcpy(&batch.count, batch.file.data(), 4);
  batch.offsets = reinterpret_cast<const int32_t*>(batch.file.data() + 4);
  batch.data = reinterpret_cast<const uint8_t*>(batch.offsets + batch.count + 1);
  batch.end = reinterpret_cast<const uint8_t*>(batch.file.data() + batch.file.size());
  return batch;
}

template <bool kOneEval>
uint64_t Run(rtlift::Simulation<Design>& simulation, const Batch& batch, uint8_t* results) {
  auto& top = *simulation.top;
  const uint64_t begin = simulation.cycle.load();
  uint32_t message = 0, done = 0;
  const uint8_t* at = batch.data + batch.offsets[0];
  Design::Output::Ready(top) = 1;
  while (done < batch.count) {
    bool is_last = false;
    Design::Input0::Valid(top) = message < batch.count;
    if (message < batch.count) {
      const int32_t left = static_cast<int32_t>(batch.data + batch.offsets[message + 1] - at);
      is_last = left <= static_cast<int32_t>(Design::Input0::kBytes);
      const uint32_t count = is_last ? static_cast<uint32_t>(left) : Design::Input0::kBytes;
      if (at + Design::Input0::kBytes <= batch.end) {
        rtlift::StoreFull<Design::Input0::kBytes>(Design::InData(top), at);
      } else {
        rtlift::StorePartial<Design::Input0::kBytes>(Design::InData(top), at, count);
      }
      if (Design::Input0::kBytes >= 32) __builtin_prefetch(at + 512);
      rtlift::StoreKeep<Design::Input0::kBytes>(Design::Input0::Keep(top), count);
      Design::Input0::Last(top) = is_last;
    }
    if (!kOneEval) simulation.Settle();
    const bool in_beat = message < batch.count && Design::Input0::Ready(top);
    if (Design::Output::Valid(top)) {
      std::memcpy(results + uint64_t{done++} * Design::Output::kBytes, &Design::OutData(top), Design::Output::kBytes);
    }
    if (kOneEval) {
      simulation.SettleAndEdge();
    } else {
      simulation.Edge();
    }
    if (in_beat) {
      at += Design::Input0::kBytes;
      if (is_last && ++message < batch.count) at = batch.data + batch.offsets[message];
    }
  }
  return simulation.cycle - begin;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const Batch batch = Load(argv[1]);
  std::vector<uint8_t> results(uint64_t{batch.count} * Design::Output::kBytes);
  rtlift::Simulation<Design> simulation;
  simulation.top.reset(new Design::Top(simulation.context.get(), "TOP"));
  Design::InputsIdle(*simulation.top);
  Design::SetReset(*simulation.top, true);
  for (int i = 0; i < 8; ++i) {
    simulation.Settle();
    simulation.Edge();
  }
  Design::SetReset(*simulation.top, false);
  simulation.Settle();
  if constexpr (Design::kHasRegisters) {
    std::vector<RtliftRegisterWrite> writes;
    for (int i = 3; i + 1 < argc; i += 2) {
      writes.push_back({static_cast<uint32_t>(std::strtoul(argv[i], nullptr, 10)),
                        static_cast<uint32_t>(std::strtoul(argv[i + 1], nullptr, 10))});
    }
    const volatile int32_t no_cancel = 0;
    rtlift::WriteRegisters(simulation, writes.data(), writes.size(), &no_cancel, false, 0);
  }
  Design::Output::Ready(*simulation.top) = 1;
  simulation.Settle();
  for (int i = 0; i < std::atoi(argv[2]); ++i) {
    const auto start = std::chrono::steady_clock::now();
    const uint64_t cycles = Run<Design::kMayEvaluateOnce>(simulation, batch, results.data());
    const auto spent = std::chrono::steady_clock::now() - start;
    std::printf("%llu %lld\n", static_cast<unsigned long long>(cycles),
                static_cast<long long>(std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count()));
  }
  return 0;
}

extern "C" int rtlift_print(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = std::vfprintf(stderr, format, arguments);
  va_end(arguments);
  return length;
}
void vl_finish(const char*, int, const char*) { std::exit(3); }
void vl_stop(const char*, int, const char*) { std::exit(3); }
void vl_fatal(const char*, int, const char*, const char*) { std::exit(3); }
void vl_warn(const char*, int, const char*, const char*) {}
