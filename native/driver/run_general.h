// Runs a batch on a core of any shape, with seeded bubbles, stalls, gaps, a reset on the way, and monitors.
#ifndef RTLIFT_DRIVER_RUN_GENERAL_H_
#define RTLIFT_DRIVER_RUN_GENERAL_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>

#include "activity_sampler.h"
#include "clocking.h"
#include "kernel_abi.h"
#include "model_events.h"
#include "output_monitor.h"
#include "stimulus.h"
#include "stream_sink.h"
#include "stream_source.h"
#include "watchdog.h"

namespace rtlift {

template <typename Design, bool kMonitors>
class GeneralRun {
 public:
  using Top = typename Design::Top;
  using Output = typename Design::Output;

  GeneralRun(Simulation<Design>& simulation, const RtliftBatch& batch, RtliftCounters& counters, uint64_t* done,
             ActivitySampler<Design>* activity)
      : simulation_(simulation),
        top_(*simulation.top),
        batch_(batch),
        c_(counters),
        done_(*done),
        sources_(Design::template MakeSources<StreamSource>(batch)),
        sink_(batch, done),
        watchdog_(batch, Output::kValidName, Design::kQuietCycles),
        stimulus_(batch),
        activity_(activity->IsOn() ? activity : nullptr) {}

  // `reset` resets the model and writes its settings again.
  template <typename ResetModel>
  void Run(ResetModel&& reset) {
    if (batch_.message_count == 0) return;
    Begin();
    while (IsBusy()) {
      if (Design::kHasReset && batch_.reset_at != 0 && c_.cycles >= batch_.reset_at && !was_reset_) {
        was_reset_ = true;
        reset();
        // It may have hung, and come back when the batch is gone.
        CheckCancel(batch_.cancel);
        sink_.Rewind();
        Begin();
      }
      RunEdge();
    }
    End();
    if constexpr (kMonitors) Drain();
  }

 private:
  // Longest time after a batch in which a result that answers nothing is waited for.
  static constexpr uint64_t kLongestDrain = 1024;

  template <typename Body>
  void ForEachSource(Body&& body) {
    std::apply([&](auto&... source) { (body(source), ...); }, sources_);
  }

  // A core may answer before the last beat of a message, which must still be taken.
  bool IsBusy() {
    bool is_busy = done_ < batch_.message_count;
    ForEachSource([&](auto& source) { is_busy = is_busy || source.HasMore(); });
    return is_busy;
  }
  uint64_t SentByAll() {
    uint64_t sent = batch_.message_count;
    ForEachSource([&](auto& source) { sent = std::min(sent, source.Sent()); });
    return sent;
  }
  bool MayStart(uint64_t message) const {
    return !(Design::kIsSerial || batch_.isolate != 0) || message <= done_;
  }

  void Begin() {
    quiet_ = 0;
    has_moved_ = is_held_ = false;
    monitor_.Restart();
    if (activity_ != nullptr) activity_->Restart();
    sink_.Begin(top_);
    ForEachSource([&](auto& source) {
      source.Restart(done_);
      source.Advance(top_, false, MayStart(source.Sent()), stimulus_, c_.cycles, batch_.isolate != 0);
    });
    SetReady();
  }
  // The state between batches: nothing offered, outputs settled.
  void End() {
    Design::StreamsIdle(top_);
    simulation_.Settle();
  }

  void SetReady() {
    is_ready_ = !stimulus_.Stall(c_.cycles);
    if constexpr (Output::kHasReady) Output::Ready(top_) = is_ready_ != Output::kIsBusy;
    if constexpr (!Output::kHasReady) is_ready_ = true;
  }

  void RunEdge() {
    const uint32_t rising = simulation_.SettleAny();
    CheckCancel(batch_.cancel);
    if (activity_ != nullptr) activity_->LookAtAll(rising);
    const char* awaited = nullptr;
    uint64_t started = 0;
    uint32_t accepted = 0;
    ForEachSource([&](auto& source) {
      using Input = typename std::decay_t<decltype(source)>::Port;
      const bool is_clocked = ((rising >> Input::kClock) & 1) != 0;
      const bool accepts = is_clocked && source.Accepts(top_);
      if (is_clocked) {
        const bool is_ready = source.IsReady(top_);
        c_.in_stalls += source.IsOffering() && !accepts;
        c_.in_bubbles += !source.IsOffering() && is_ready && source.HasMore();
        if (accepts && c_.in_beats++ == 0) first_in_ = c_.cycles;
      }
      accepted |= static_cast<uint32_t>(accepts) << Input::kIndex;
      started = std::max(started, source.Started(accepts));
      if (source.IsOffering() && !accepts) awaited = Input::kReadyName;
      has_moved_ = has_moved_ || accepts;
    });
    const bool out_clocked = ((rising >> Output::kClock) & 1) != 0;
    if (out_clocked) {
      if constexpr (kMonitors) monitor_.Look(top_, is_ready_);
      const bool out_beat = sink_.HasBeat(top_, is_ready_, SentByAll());
      const bool is_valid = Output::Valid(top_) != 0;
      is_held_ = is_valid && !is_ready_;
      c_.out_stalls += is_held_;
      c_.out_bubbles += is_ready_ && !is_valid;
      if (out_beat) {
        if (c_.out_beats++ == 0) c_.latency_cycles = c_.cycles - first_in_;
        // A beat that brings no result nearer is no progress, or a core that never ends a packet would run for ever.
        has_moved_ = sink_.Take(top_, started, simulation_.cycle) || has_moved_;
      }
    }

    simulation_.EdgeAny();
    CheckCancel(batch_.cancel);
    // What is driven from here on belongs to the cycle that begins.
    if ((rising & 1) != 0) ++c_.cycles;
    ForEachSource([&](auto& source) {
      using Input = typename std::decay_t<decltype(source)>::Port;
      if (((rising >> Input::kClock) & 1) == 0) return;
      const bool was_accepted = ((accepted >> Input::kIndex) & 1) != 0;
      // The message after this one, where this beat was its last.
      const uint64_t next = source.Sent() + (was_accepted && source.IsLast() ? 1 : 0);
      source.Advance(top_, was_accepted, MayStart(next), stimulus_, c_.cycles, batch_.isolate != 0);
    });
    if (out_clocked) SetReady();
    if ((rising & 1) == 0) return;
    if (Design::kQuietCycles != 0) has_moved_ = LookForDrop() || has_moved_;
    watchdog_.Look(has_moved_, awaited, c_, SentByAll() == batch_.message_count, sink_.IsInside());
    has_moved_ = false;
  }

  // A message that is in whole and has had no answer for long enough was dropped.
  bool LookForDrop() {
    if (has_moved_ || is_held_ || SentByAll() <= done_ || sink_.IsInside()) {
      quiet_ = 0;
      return false;
    }
    if (++quiet_ < Design::kQuietCycles) return false;
    quiet_ = 0;
    sink_.Drop(simulation_.cycle);
    return true;
  }

  // Waits for results that answer nothing.
  void Drain() {
    if constexpr (Output::kHandshake == Handshake::kLevel || Output::kAfterMessage) return;
    if constexpr (Output::kHasReady) Output::Ready(top_) = !Output::kIsBusy;
    const uint64_t cycles = std::min<uint64_t>(kLongestDrain, 64 + 2 * c_.latency_cycles);
    for (uint64_t i = 0; i < cycles; ++i) {
      const uint32_t rising = simulation_.SettleAny();
      CheckCancel(batch_.cancel);
      if (((rising >> Output::kClock) & 1) != 0) {
        monitor_.Look(top_, true);
        if (Output::Valid(top_) != 0) {
          Violate(RTLIFT_RULE_EXTRA_RESULT, "a result after all " + std::to_string(batch_.message_count) +
                                                " messages of the batch were answered");
        }
      }
      simulation_.EdgeAny();
    }
    End();
  }

  Simulation<Design>& simulation_;
  Top& top_;
  const RtliftBatch& batch_;
  RtliftCounters& c_;
  uint64_t& done_;
  decltype(Design::template MakeSources<StreamSource>(std::declval<const RtliftBatch&>())) sources_;
  StreamSink<Design> sink_;
  OutputMonitor<Design> monitor_;
  Watchdog watchdog_;
  Stimulus stimulus_;
  ActivitySampler<Design>* const activity_;  // null where nothing is counted
  uint64_t first_in_ = 0;
  uint64_t quiet_ = 0;
  bool has_moved_ = false;  // a beat on any stream since the last cycle of the kernel's clock
  bool is_held_ = false;    // a result waits for the sink
  bool is_ready_ = false;
  bool was_reset_ = false;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_RUN_GENERAL_H_
