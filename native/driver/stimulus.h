// Seeded random bubbles on the source and stalls on the sink.
#ifndef RTLIFT_DRIVER_STIMULUS_H_
#define RTLIFT_DRIVER_STIMULUS_H_

#include <cstdint>

namespace rtlift {

// splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): any seed is good,
// zero included, and a run repeats from its seed on every machine.
class Stimulus {
 public:
  Stimulus(uint64_t seed, uint32_t bubble_per_65536, uint32_t stall_per_65536)
      : state_(seed), bubble_(bubble_per_65536), stall_(stall_per_65536) {}

  bool Bubble() { return bubble_ != 0 && (Next() & 0xffff) < bubble_; }
  bool Stall() { return stall_ != 0 && (Next() & 0xffff) < stall_; }

 private:
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  uint64_t state_;
  uint32_t bubble_;
  uint32_t stall_;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_STIMULUS_H_
