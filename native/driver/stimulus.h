// Bubbles on the sources and stalls on the sink: drawn from a seed, or given cycle by cycle.
#ifndef RTLIFT_DRIVER_STIMULUS_H_
#define RTLIFT_DRIVER_STIMULUS_H_

#include <cstdint>

#include "kernel_abi.h"

namespace rtlift {

// Every cycle of a run has a byte: bit 0 is a stall of the sink, bit 1 + i a bubble of input i. What is drawn depends
// on seed, cycle and bit alone, so src/verify/stall-pattern.ts can write the same run down and take bits away.
// The draw is splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014) at the
// index 8 * cycle + bit: any seed is good, zero included.
class Stimulus {
 public:
  explicit Stimulus(const RtliftBatch& batch)
      : seed_(batch.stimulus_seed),
        bubble_(batch.bubble_per_65536),
        stall_(batch.stall_per_65536),
        pattern_(batch.pattern),
        pattern_cycles_(batch.pattern_cycles) {}

  bool Stall(uint64_t cycle) const { return Has(cycle, 0, stall_); }
  bool Bubble(uint64_t cycle, uint32_t input) const { return Has(cycle, input < 6 ? 1 + input : 6, bubble_); }
  // Idle cycles before a message that is sent by itself, 0 to limit - 1.
  uint32_t Gap(uint64_t cycle, uint32_t limit) const { return static_cast<uint32_t>((Draw(cycle, 7) >> 32) % limit); }

 private:
  bool Has(uint64_t cycle, uint32_t bit, uint32_t chance) const {
    if (pattern_ != nullptr) return cycle < pattern_cycles_ && ((pattern_[cycle] >> bit) & 1) != 0;
    return chance != 0 && (Draw(cycle, bit) & 0xffff) < chance;
  }
  uint64_t Draw(uint64_t cycle, uint32_t bit) const {
    uint64_t z = seed_ + (8 * cycle + bit + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  const uint64_t seed_;
  const uint32_t bubble_;
  const uint32_t stall_;
  const uint8_t* const pattern_;
  const uint64_t pattern_cycles_;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_STIMULUS_H_
