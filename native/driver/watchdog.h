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
  // `valid`: name of the output's. `quiet_cycles`: a core that may drop a message is given this long by its descriptor.
  Watchdog(const RtliftBatch& batch, const char* valid, uint64_t quiet_cycles = 0)
      : limit_(batch.no_progress_cycles == 0                ? UINT64_MAX
               : batch.no_progress_cycles <= quiet_cycles ? quiet_cycles + 1
                                                          : batch.no_progress_cycles),
        valid_(valid) {}

  // `ready`: name of what a beat that is offered waits for, or nullptr where none is; `is_sent`: every message was taken;
  // `is_inside`: part of a result came.
  void Look(bool has_beat, const char* ready, const RtliftCounters& counters, bool is_sent, bool is_inside) {
    if (has_beat) {
      idle_ = 0;
    } else if (++idle_ >= limit_) {
      Raise(ready, counters, is_sent, is_inside);
    }
  }

 private:
  [[noreturn]] __attribute__((noinline, cold)) void Raise(const char* ready, const RtliftCounters& counters,
                                                          bool is_sent, bool is_inside) const {
    const RtliftRule rule = is_inside                     ? RTLIFT_RULE_PACKET_WITHOUT_END
                            : is_sent && ready == nullptr ? RTLIFT_RULE_MISSING_RESULT
                                                          : RTLIFT_RULE_NONE;
    throw ModelEvent{RTLIFT_NO_PROGRESS,
                     "no beat on any stream for " + std::to_string(limit_) + " cycles; " +
                         std::to_string(counters.in_beats) + " beats in, " + std::to_string(counters.out_beats) +
                         " out; " +
                         (ready != nullptr ? "the kernel does not take the beat that waits for " + std::string(ready)
                                           : "the kernel does not raise " + std::string(valid_)),
                     rule};
  }

  uint64_t limit_;
  const char* valid_;
  uint64_t idle_ = 0;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_WATCHDOG_H_
