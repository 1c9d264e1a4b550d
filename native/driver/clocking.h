// The clock edges of a Verilated model.
#ifndef RTLIFT_DRIVER_CLOCKING_H_
#define RTLIFT_DRIVER_CLOCKING_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "handshake.h"
#include "verilated.h"
#include "waveform.h"

namespace rtlift {

// Clears the model's record of the previous clock level, so that the next eval() with the clock high is a rising
// edge although the clock never fell. The record is private and its name differs between Verilator versions; where
// neither is there, this returns false and the driver evaluates both edges.
template <typename Root>
inline auto ForgetClock(Root* root, int) -> decltype((void)(root->RTLIFT_CLOCK_RECORD_A = 0), true) {
  root->RTLIFT_CLOCK_RECORD_A = 0;
  return true;
}
template <typename Root>
inline auto ForgetClock(Root* root, long) -> decltype((void)(root->RTLIFT_CLOCK_RECORD_B = 0), true) {
  root->RTLIFT_CLOCK_RECORD_B = 0;
  return true;
}
template <typename Root>
inline bool ForgetClock(Root*, ...) {
  return false;
}

// The model with its context, and the cycle count since creation.
template <typename Design>
struct Simulation {
  std::unique_ptr<VerilatedContext> context{new VerilatedContext};
  std::unique_ptr<typename Design::Top> top;
  Waveform waveform;
  // Written by the model's thread alone, so a plain load and store of it suffice.
  std::atomic<uint64_t> cycle{0};

  // Brings the model to where the kernel's clock is about to rise, with the outputs settled.
  void Settle() {
    if constexpr (Design::kClockSteps == 0) {
      Design::Clock(*top) = 0;
      Evaluate(kWaveCycle / 2);
    } else {
      while ((NextRising() & 1) == 0) Step();
      Evaluate(0);
    }
  }
  // The rising edge that ends the cycle. Outputs are those of the next cycle afterwards.
  void Edge() {
    if constexpr (Design::kClockSteps == 0) {
      Design::Clock(*top) = 1;
      Evaluate(kWaveCycle);
      CountCycle();
    } else {
      Step();
    }
  }
  // Settle and edge in one evaluation: only where no sampled output depends on an input within the cycle.
  void SettleAndEdge() {
    ForgetClock(top->rootp, 0);
    Edge();
  }

  // Brings the model to where any clock is about to rise, with the outputs settled. Returns which, a bit each.
  uint32_t SettleAny() {
    if constexpr (Design::kClockSteps == 0) {
      Settle();
      return 1;
    } else {
      while (NextRising() == 0) Step();
      Evaluate(0);
      return NextRising();
    }
  }
  // The edges that SettleAny() announced.
  void EdgeAny() { Edge(); }

 private:
  // A design of several clocks goes through a fixed sequence of edges, over and over.
  uint32_t NextRising() const {
    if constexpr (Design::kClockSteps == 0) {
      return 1;
    } else {
      return Design::kClockRising[step_];
    }
  }
  void Step() {
    if constexpr (Design::kClockSteps != 0) {
      const bool is_cycle = (Design::kClockRising[step_] & 1) != 0;
      Design::SetClocks(*top, Design::kClockRising[step_], Design::kClockFalling[step_]);
      Evaluate(is_cycle ? kWaveCycle : static_cast<uint64_t>(Design::kClockPhase[step_] * kWaveCycle));
      step_ = step_ + 1 < Design::kClockSteps ? step_ + 1 : 0;
      if (is_cycle) CountCycle();
    }
  }
  // `moment`: in the cycle, for the waveform alone.
  void Evaluate(uint64_t moment) {
    top->eval();
    waveform.Show(cycle.load(std::memory_order_relaxed), moment);
  }
  void CountCycle() {
    context->timeInc(1);
    cycle.store(cycle.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  uint32_t step_ = 0;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_CLOCKING_H_
