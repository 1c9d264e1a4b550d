// Runs a batch as fast as the kernel takes it: the source offers a beat in every cycle, the sink is always ready.
#ifndef RTLIFT_DRIVER_RUN_FULL_RATE_H_
#define RTLIFT_DRIVER_RUN_FULL_RATE_H_

#include <cstdint>

#include "activity_sampler.h"
#include "batch_streams.h"
#include "clocking.h"
#include "kernel_abi.h"
#include "watchdog.h"

namespace rtlift {

// At full rate most counters follow from three, which spares the loop: the source has a beat in every cycle until its
// last one is accepted, so all others of these cycles are stalls; the sink never stalls.
class FullRateCounters {
 public:
  explicit FullRateCounters(RtliftCounters* counters) : c_(*counters) {}
  ~FullRateCounters() {
    c_.in_stalls = (is_sent_ ? sent_ : c_.cycles) - c_.in_beats;
    c_.out_bubbles = c_.cycles - c_.out_beats;
  }
  FullRateCounters(const FullRateCounters&) = delete;
  FullRateCounters& operator=(const FullRateCounters&) = delete;

  void InBeat() {
    if (c_.in_beats++ == 0) first_in_ = c_.cycles;
  }
  void OutBeat() {
    if (c_.out_beats++ == 0) c_.latency_cycles = c_.cycles - first_in_;
  }
  void Cycle() { ++c_.cycles; }
  void AllSent() {
    is_sent_ = true;
    sent_ = c_.cycles;
  }

 private:
  RtliftCounters& c_;
  uint64_t first_in_ = 0;
  uint64_t sent_ = 0;
  bool is_sent_ = false;
};

// kOneEval: see Simulation::SettleAndEdge; the sink's tready never changes here. kActivity: see ActivitySampler; a cycle
// that it looks at takes both evaluations, so that what lies behind the inputs has settled.
template <typename Design, bool kOneEval, bool kActivity>
void RunFullRate(Simulation<Design>& simulation, const RtliftBatch& batch, RtliftCounters& counters, uint64_t* done,
                 ActivitySampler<Design>* activity) {
  if (batch.message_count == 0) return;
  auto& top = *simulation.top;
  Source<Design> source(batch);
  Sink<Design> sink(batch, done);
  Watchdog watchdog(batch, Design::Output::kValidName);
  const volatile int32_t* const cancel = batch.cancel;
  FullRateCounters count(&counters);
  bool is_offering = true;

  Design::Output::Ready(top) = 1;
  if constexpr (kOneEval) simulation.Settle();
  source.Drive(top);
  Design::Input0::Valid(top) = 1;

  // A kernel may answer before the last beat of a message, which must still be taken.
  while (*done < batch.message_count || is_offering) {
    if constexpr (!kOneEval) {
      simulation.Settle();
      CheckCancel(cancel);
    }
    bool is_settled = false;
    if constexpr (kActivity) {
      if (activity->IsDue(0)) {
        if constexpr (kOneEval) {
          simulation.Settle();
          CheckCancel(cancel);
          is_settled = true;
        }
        activity->Look(0);
      }
    }
    const bool in_beat = is_offering && Design::Input0::Ready(top) != 0;
    const bool out_beat = Design::Output::Valid(top) != 0;
    if (in_beat) count.InBeat();
    // Results are read before the edge: after it the port shows the next cycle. A core without a register on the
    // way answers in the very cycle in which it accepts.
    if (out_beat) {
      count.OutBeat();
      sink.Take(top, source.Started(in_beat), simulation.cycle.load(std::memory_order_relaxed));
    }
    if (kOneEval && !is_settled) {
      simulation.SettleAndEdge();
    } else {
      simulation.Edge();
    }
    count.Cycle();
    CheckCancel(cancel);
    if (in_beat) {
      source.Accept();
      if (source.HasMore()) {
        source.Drive(top);
      } else {
        is_offering = false;
        Design::Input0::Valid(top) = 0;
        count.AllSent();
      }
    }
    watchdog.Look(in_beat || out_beat, is_offering ? Design::Input0::kReadyName : nullptr, counters, !is_offering,
                  sink.IsInside());
  }
  // The state between batches is that of a settled low clock, whatever the mode.
  Design::Input0::Valid(top) = 0;
  simulation.Settle();
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_RUN_FULL_RATE_H_
