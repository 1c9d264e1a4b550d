// Counts the bits of a model that change from one cycle to the next, in a sample of the cycles.
//
// In each window of so many cycles of a clock, the bits of its groups are kept at one moment and compared at the same
// moment of the next cycle: just before the rising edge, where all has settled. What changes twice in between (a glitch)
// counts as nothing. The first cycle of the pair is drawn at random from the window, or a kernel whose rounds take as
// long as a window would show the same round every time; the second may be of the next window. Memories, which may hold more bits than all else, are looked at in
// one pair of eight, drawn as well.
#ifndef RTLIFT_DRIVER_ACTIVITY_SAMPLER_H_
#define RTLIFT_DRIVER_ACTIVITY_SAMPLER_H_

#include <array>
#include <cstdint>

#include "changed_bits.h"
#include "kernel_abi.h"

namespace rtlift {

template <typename Design>
class ActivitySampler {
 public:
  // One pair in every `every` cycles; 0: none. The model stays where it is from here on.
  void Open(typename Design::Top& top, uint32_t every) {
    if (every == 0 || Design::kActivityGroups == 0) return;
    every_ = every;
    Design::VisitActivity(top, [this](uint32_t group, const void* member, size_t bytes) {
      Clock& clock = clocks_[Design::kActivityClocks[group]];
      (Design::kActivityIsMemory[group] ? clock.memories : clock.logic).Add(group, member, bytes);
    });
    for (Clock& clock : clocks_) {
      clock.logic.Arrange();
      clock.memories.Arrange();
      clock.wait = DrawOffset(&clock);
    }
  }

  bool IsOn() const { return every_ != 0; }

  // A run begins.
  void Begin() {
    totals_ = {};
    Restart();
  }

  // What follows is not the next cycle of what was before. The pair that was begun is lost, and so is its window.
  void Restart() {
    for (Clock& clock : clocks_) {
      if (!clock.is_begun) continue;
      clock.is_begun = false;
      clock.wait = DrawOffset(&clock);
    }
  }

  // Once in every cycle of the clock: whether Look() is wanted in this one.
  bool IsDue(uint32_t clock) {
    if (clocks_[clock].wait == 0) return true;
    --clocks_[clock].wait;
    return false;
  }

  // Everything settled, the clock about to rise.
  void Look(uint32_t index) {
    Clock& clock = clocks_[index];
    if (clock.is_begun) {
      Compare(clock);
      // From the cycle after this one to the first of the next pair; before it where the two pairs share this cycle.
      const int64_t left = int64_t{every_} - clock.offset - 2;
      const int64_t wait = left + DrawOffset(&clock);
      clock.is_begun = wait < 0;
      clock.wait = clock.is_begun ? 0 : static_cast<uint32_t>(wait);
    } else {
      clock.is_begun = true;
    }
    if (clock.is_begun) Keep(&clock);
  }

  // The clocks of which a bit is set are about to rise.
  void LookAtAll(uint32_t rising) {
    for (uint32_t i = 0; i < Design::kActivityClockCount; ++i) {
      if (((rising >> i) & 1) != 0 && IsDue(i)) Look(i);
    }
  }

  // Of the run; room for kActivityGroups.
  void Report(RtliftActivity* groups) const {
    for (uint32_t i = 0; i < Design::kActivityGroups; ++i) groups[i] = totals_[i];
  }

 private:
  struct Clock {
    ChangedBits logic;
    ChangedBits memories;
    uint32_t wait = 0;          // cycles until Look() is due
    uint32_t offset = 0;        // of the pair in its window
    bool is_begun = false;      // the first of a pair is kept
    bool has_memories = false;  // and memories with it
  };

  void Keep(Clock* clock) {
    clock->logic.Keep();
    clock->has_memories = (Random() & 7) == 0;
    if (clock->has_memories) clock->memories.Keep();
  }

  void Compare(const Clock& clock) {
    const auto add = [this](uint32_t group, uint64_t bits) { totals_[group].toggles += bits; };
    clock.logic.Compare(add);
    if (clock.has_memories) clock.memories.Compare(add);
    const auto index = static_cast<uint32_t>(&clock - clocks_.data());
    for (uint32_t i = 0; i < Design::kActivityGroups; ++i) {
      const bool is_seen = Design::kActivityClocks[i] == index && (clock.has_memories || !Design::kActivityIsMemory[i]);
      totals_[i].samples += is_seen;
    }
  }

  // xorshift32: the same in every run of the same model.
  uint32_t Random() {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return random_;
  }
  // 0 to every - 1.
  uint32_t DrawOffset(Clock* clock) {
    clock->offset = static_cast<uint32_t>((uint64_t{Random()} * every_) >> 32);
    return clock->offset;
  }

  uint32_t every_ = 0;
  uint32_t random_ = 0x51;
  std::array<Clock, Design::kActivityClockCount> clocks_;
  std::array<RtliftActivity, Design::kActivityGroups + 1> totals_{};
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_ACTIVITY_SAMPLER_H_
