// Drives one batch through AXI4-Stream: the source sends each message as a packet, the sink collects one packet each.
#ifndef RTLIFT_DRIVER_STREAM_DRIVER_H_
#define RTLIFT_DRIVER_STREAM_DRIVER_H_

#include <cstdint>
#include <cstdio>
#include <cstring>

#include "clocking.h"
#include "kernel_abi.h"
#include "model_events.h"
#include "port_bytes.h"
#include "stimulus.h"

namespace rtlift {

// Offers the beats of a batch, one at a time.
template <typename Design>
class Source {
 public:
  using Top = typename Design::Top;
  static constexpr uint32_t kBytes = Design::kInBeatBytes;

  explicit Source(const RtliftBatch& batch)
      : data_(batch.data), offsets_(batch.offsets), count_(batch.message_count) {
    Open();
  }

  bool HasMore() const { return message_ < count_; }
  // Messages of which at least one beat was accepted, the one on the port included where it is accepted now.
  uint64_t Started(bool accepts_now) const { return message_ + (is_started_ || accepts_now ? 1 : 0); }

  void Drive(Top& top) {
    const uint32_t left = static_cast<uint32_t>(end_ - position_);
    const bool is_last = left <= kBytes;
    if (left >= kBytes) {
      StoreFull<kBytes>(Design::InData(top), position_);
      if constexpr (Design::kInHasKeep) StoreKeep<kBytes>(Design::InKeep(top), kBytes);
    } else {
      // An empty message is one beat with tlast and no tkeep bit.
      StorePartial<kBytes>(Design::InData(top), position_, left);
      if constexpr (Design::kInHasKeep) StoreKeep<kBytes>(Design::InKeep(top), left);
    }
    if constexpr (Design::kInHasLast) Design::InLast(top) = is_last;
    is_last_ = is_last;
  }

  // The beat on the port was accepted.
  void Accept() {
    is_started_ = true;
    position_ += kBytes;
    if (is_last_) {
      ++message_;
      is_started_ = false;
      Open();
    }
  }

 private:
  void Open() {
    if (message_ >= count_) return;
    position_ = data_ + offsets_[message_];
    end_ = data_ + offsets_[message_ + 1];
  }

  const uint8_t* data_;
  const int32_t* offsets_;
  uint64_t count_;
  uint64_t message_ = 0;
  const uint8_t* position_ = nullptr;
  const uint8_t* end_ = nullptr;
  bool is_last_ = false;
  bool is_started_ = false;
};

// Collects result packets.
template <typename Design>
class Sink {
 public:
  using Top = typename Design::Top;
  static constexpr uint32_t kBytes = Design::kOutBeatBytes;

  explicit Sink(const RtliftBatch& batch) : batch_(batch) {
    if (batch.result_bytes == 0 && batch.result_offsets != nullptr) batch.result_offsets[0] = 0;
  }

  uint64_t Done() const { return done_; }

  void Take(const Top& top, uint64_t started) {
    if (done_ >= started) {
      throw ModelEvent{RTLIFT_PROTOCOL, "a result beat with no message to answer: expected at most " +
                                            std::to_string(started) + " results so far"};
    }
    uint32_t count = kBytes;
    if constexpr (Design::kOutHasKeep) {
      const int32_t kept = CountKeep<kBytes>(Design::OutKeep(top));
      if (kept < 0) throw ModelEvent{RTLIFT_PROTOCOL, "m_axis_tkeep has a hole: expected contiguous lanes from 0"};
      count = static_cast<uint32_t>(kept);
    }
    bool is_last = true;
    if constexpr (Design::kOutHasLast) is_last = Design::OutLast(top) != 0;
    if (!is_last && count != kBytes) {
      throw ModelEvent{RTLIFT_PROTOCOL, "expected a full m_axis_tkeep before tlast, got " + std::to_string(count) +
                                            " of " + std::to_string(kBytes) + " lanes"};
    }
    if (batch_.result_bytes != 0) {
      TakeFixed(top, count, is_last);
    } else {
      TakeAny(top, count, is_last);
    }
  }

 private:
  void TakeFixed(const Top& top, uint32_t count, bool is_last) {
    const uint32_t want = batch_.result_bytes;
    uint32_t room = want - filled_;
    if constexpr (!Design::kOutHasKeep) count = count < room ? count : room;
    if constexpr (!Design::kOutHasLast) is_last = count == room;
    if (count > room || (is_last && count != room)) {
      throw ModelEvent{RTLIFT_PROTOCOL, "expected a result of " + std::to_string(want) + " bytes, got " +
                                            (is_last ? "" : "at least ") + std::to_string(filled_ + count)};
    }
    if (!is_last && count == room) {
      throw ModelEvent{RTLIFT_PROTOCOL,
                       "expected m_axis_tlast with byte " + std::to_string(want) + " of the result, got none"};
    }
    std::memcpy(batch_.results + done_ * want + filled_, BytesOf(Design::OutData(top)), count);
    filled_ += count;
    if (is_last) {
      filled_ = 0;
      ++done_;
    }
  }

  void TakeAny(const Top& top, uint32_t count, bool is_last) {
    if (total_ + count > INT32_MAX) {
      throw ModelEvent{RTLIFT_PROTOCOL, "the results of a batch hold at most 2^31 - 1 bytes, got more"};
    }
    if (total_ + count > capacity_) {
      capacity_ = (total_ + count) * 2 < 4096 ? 4096 : (total_ + count) * 2;
      buffer_ = batch_.grow(batch_.grow_user, capacity_);
      if (buffer_ == nullptr) throw ModelEvent{RTLIFT_NO_MEMORY, "no memory for results"};
    }
    std::memcpy(buffer_ + total_, BytesOf(Design::OutData(top)), count);
    total_ += count;
    if (is_last) batch_.result_offsets[++done_] = static_cast<int32_t>(total_);
  }

  const RtliftBatch& batch_;
  uint64_t done_ = 0;
  uint32_t filled_ = 0;
  uint8_t* buffer_ = nullptr;
  uint64_t total_ = 0;
  uint64_t capacity_ = 0;
};

[[noreturn]] inline void RaiseNoProgress(const RtliftBatch& batch, const RtliftCounters& counters, bool is_offering) {
  throw ModelEvent{RTLIFT_NO_PROGRESS,
                   "no beat on any stream for " + std::to_string(batch.no_progress_cycles) + " cycles; " +
                       std::to_string(counters.in_beats) + " beats in, " + std::to_string(counters.out_beats) +
                       " out; " +
                       (is_offering ? "the kernel does not raise s_axis_tready"
                                    : "the kernel does not raise m_axis_tvalid")};
}

// Asked after each evaluation, before the batch is touched again: a model that was stuck in one may come back when
// the memory of the batch is gone, and then the flag is set.
inline void CheckCancel(const RtliftBatch& batch) {
  if (*batch.cancel != 0) throw ModelEvent{RTLIFT_CANCELLED, "cancelled"};
}

// kRandom: bubbles and stalls by the batch's chances; otherwise full rate.
// kOneEval: see Simulation::SettleAndEdge; the sink's tready never changes then.
template <typename Design, bool kRandom, bool kOneEval>
void RunBatch(Simulation<Design>& simulation, const RtliftBatch& batch, RtliftCounters& counters, uint64_t* done) {
  auto& top = *simulation.top;
  Source<Design> source(batch);
  Sink<Design> sink(batch);
  Stimulus stimulus(batch.stimulus_seed, batch.bubble_per_65536, batch.stall_per_65536);
  RtliftCounters c{};
  bool is_offering = false;
  uint64_t first_in = 0;
  uint64_t idle_since = 0;
  const uint64_t limit = batch.no_progress_cycles != 0 ? batch.no_progress_cycles : UINT64_MAX;

  Design::OutReady(top) = 1;
  Design::InValid(top) = 0;
  if constexpr (kOneEval) simulation.Settle();

  try {
    while (sink.Done() < batch.message_count) {
      bool is_ready = true;
      if constexpr (kRandom) {
        is_ready = !stimulus.Stall();
        Design::OutReady(top) = is_ready;
      }
      if (!is_offering && source.HasMore() && !(kRandom && stimulus.Bubble())) {
        source.Drive(top);
        Design::InValid(top) = 1;
        is_offering = true;
      }
      if constexpr (!kOneEval) {
        simulation.Settle();
        CheckCancel(batch);
      }

      const bool kernel_ready = Design::InReady(top) != 0;
      const bool kernel_valid = Design::OutValid(top) != 0;
      const bool in_beat = is_offering && kernel_ready;
      const bool out_beat = is_ready && kernel_valid;
      c.in_stalls += is_offering && !kernel_ready;
      c.in_bubbles += !is_offering && kernel_ready && source.HasMore();
      c.out_stalls += kernel_valid && !is_ready;
      c.out_bubbles += is_ready && !kernel_valid;
      if (in_beat && c.in_beats++ == 0) first_in = c.cycles;
      // Results are read before the edge: after it the port shows the next cycle. A core without a register on the
      // way answers in the very cycle in which it accepts.
      if (out_beat) {
        if (c.out_beats++ == 0) c.latency_cycles = c.cycles - first_in;
        sink.Take(top, source.Started(in_beat));
      }

      if constexpr (kOneEval) {
        simulation.SettleAndEdge();
      } else {
        simulation.Edge();
      }
      ++c.cycles;
      CheckCancel(batch);

      if (in_beat) {
        source.Accept();
        is_offering = false;
        Design::InValid(top) = 0;
      }
      if (in_beat || out_beat) {
        idle_since = c.cycles;
      } else if (c.cycles - idle_since >= limit) {
        RaiseNoProgress(batch, c, is_offering);
      }
    }
  } catch (...) {
    counters = c;
    *done = sink.Done();
    throw;
  }
  // The state between batches is that of a settled low clock, whatever the mode.
  Design::InValid(top) = 0;
  simulation.Settle();
  counters = c;
  *done = sink.Done();
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_STREAM_DRIVER_H_
