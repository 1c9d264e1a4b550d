// Runs a batch with seeded random bubbles on the source and stalls on the sink.
#ifndef RTLIFT_DRIVER_RUN_WITH_STIMULUS_H_
#define RTLIFT_DRIVER_RUN_WITH_STIMULUS_H_

#include <cstdint>

#include "batch_streams.h"
#include "clocking.h"
#include "kernel_abi.h"
#include "stimulus.h"
#include "watchdog.h"

namespace rtlift {

template <typename Design>
void RunWithStimulus(Simulation<Design>& simulation, const RtliftBatch& batch, RtliftCounters& counters,
                     uint64_t* done) {
  auto& top = *simulation.top;
  Source<Design> source(batch);
  Sink<Design> sink(batch, done);
  Watchdog watchdog(batch);
  const volatile int32_t* const cancel = batch.cancel;
  Stimulus stimulus(batch.stimulus_seed, batch.bubble_per_65536, batch.stall_per_65536);
  RtliftCounters& c = counters;
  bool is_offering = false;
  uint64_t first_in = 0;

  Design::InValid(top) = 0;
  // A kernel may answer before the last beat of a message, which must still be taken.
  while (*done < batch.message_count || is_offering || source.HasMore()) {
    const bool is_ready = !stimulus.Stall();
    Design::OutReady(top) = is_ready;
    // tvalid, once raised, stays until the beat is accepted.
    if (!is_offering && source.HasMore() && !stimulus.Bubble()) {
      source.Drive(top);
      Design::InValid(top) = 1;
      is_offering = true;
    }
    simulation.Settle();
    CheckCancel(cancel);

    const bool kernel_ready = Design::InReady(top) != 0;
    const bool kernel_valid = Design::OutValid(top) != 0;
    const bool in_beat = is_offering && kernel_ready;
    const bool out_beat = is_ready && kernel_valid;
    c.in_stalls += is_offering && !kernel_ready;
    c.in_bubbles += !is_offering && kernel_ready && source.HasMore();
    c.out_stalls += kernel_valid && !is_ready;
    c.out_bubbles += is_ready && !kernel_valid;
    if (in_beat && c.in_beats++ == 0) first_in = c.cycles;
    if (out_beat) {
      if (c.out_beats++ == 0) c.latency_cycles = c.cycles - first_in;
      sink.Take(top, source.Started(in_beat));
    }

    simulation.Edge();
    ++c.cycles;
    CheckCancel(cancel);
    if (in_beat) {
      source.Accept();
      is_offering = false;
      Design::InValid(top) = 0;
    }
    watchdog.Look(in_beat || out_beat, is_offering, c);
  }
  // The state between batches is that of a settled low clock.
  Design::InValid(top) = 0;
  simulation.Settle();
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_RUN_WITH_STIMULUS_H_
