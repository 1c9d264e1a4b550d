// Ends a run that was cancelled or that no longer moves.
#ifndef RTLIFT_DRIVER_WATCHDOG_H_
#define RTLIFT_DRIVER_WATCHDOG_H_

#include <cstdint>
#include <string>

#include "kernel_abi.h"
#include "model_events.h"

namespace rtlift {

// Asked after each evaluation, before the batch is touched again: a model that was stuck in one may come back when
// the memory of the batch is gone, and then the flag is set.
[[noreturn]] __attribute__((noinline, cold)) inline void RaiseCancelled() {
  throw ModelEvent{RTLIFT_CANCELLED, "cancelled"};
}
inline void CheckCancel(const volatile int32_t* cancel) {
  if (*cancel != 0) RaiseCancelled();
}

// Counts the cycles without a beat on any stream.
class Watchdog {
 public:
  explicit Watchdog(const RtliftBatch& batch)
      : limit_(batch.no_progress_cycles != 0 ? batch.no_progress_cycles : UINT64_MAX) {}

  void Look(bool has_beat, bool is_offering, const RtliftCounters& counters) {
    if (has_beat) {
      idle_ = 0;
    } else if (++idle_ >= limit_) {
      Raise(is_offering, counters);
    }
  }

 private:
  [[noreturn]] __attribute__((noinline, cold)) void Raise(bool is_offering, const RtliftCounters& counters) const {
    throw ModelEvent{RTLIFT_NO_PROGRESS, "no beat on any stream for " + std::to_string(limit_) + " cycles; " +
                                               std::to_string(counters.in_beats) + " beats in, " +
                                               std::to_string(counters.out_beats) + " out; " +
                                               (is_offering ? "the kernel does not raise s_axis_tready"
                                                            : "the kernel does not raise m_axis_tvalid")};
  }

  uint64_t limit_;
  uint64_t idle_ = 0;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_WATCHDOG_H_
