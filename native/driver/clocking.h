// One clock cycle of a Verilated model.
#ifndef RTLIFT_DRIVER_CLOCKING_H_
#define RTLIFT_DRIVER_CLOCKING_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "verilated.h"

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
  // Written by the model's thread alone, so a plain load and store of it suffice.
  std::atomic<uint64_t> cycle{0};

  // Lets the outputs settle after the inputs changed, with the clock low.
  void Settle() {
    Design::Clock(*top) = 0;
    top->eval();
  }
  // The rising edge that ends the cycle. Outputs are those of the next cycle afterwards.
  void Edge() {
    Design::Clock(*top) = 1;
    top->eval();
    context->timeInc(1);
    cycle.store(cycle.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  // Settle and edge in one evaluation: only where no sampled output depends on an input within the cycle.
  void SettleAndEdge() {
    ForgetClock(top->rootp, 0);
    Edge();
  }
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_CLOCKING_H_
