// The two ends of a batch: the source sends each message as a packet, the sink collects one packet each.
#ifndef RTLIFT_DRIVER_BATCH_STREAMS_H_
#define RTLIFT_DRIVER_BATCH_STREAMS_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "kernel_abi.h"
#include "model_events.h"
#include "port_bytes.h"
#include "result_writer.h"
#include "stream_keep.h"

namespace rtlift {

// Offers the beats of a batch, one at a time.
template <typename Design>
class Source {
 public:
  using Top = typename Design::Top;
  using Input = typename Design::Input0;
  static constexpr uint32_t kBytes = Input::kBytes;
  static constexpr uint32_t kPrefetchBytes = 8 * 64;

  explicit Source(const RtliftBatch& batch)
      : data_(batch.data),
        limit_(batch.data + batch.offsets[batch.message_count]),
        offsets_(batch.offsets),
        count_(batch.message_count) {
    Open();
  }

  bool HasMore() const { return message_ < count_; }
  // Messages of which at least one beat was accepted, the one on the port included where it is accepted now.
  uint64_t Started(bool accepts_now) const { return message_ + (is_started_ || accepts_now ? 1 : 0); }

  void Drive(Top& top) {
    const uint32_t left = static_cast<uint32_t>(end_ - position_);
    const bool is_last = left <= kBytes;
    // Lanes without tkeep carry what follows in the batch, as they may on a real bus; a copy of constant size is
    // several times as fast as one that stops at the tail. Behind the batch lies memory that nobody wrote: bits that it
    // sets would be counted as activity, another number in every run.
    if (position_ + kBytes <= limit_) {
      StoreFull<kBytes>(Design::InData(top), position_);
    } else {
      StorePartial<kBytes>(Design::InData(top), position_, left);
    }
    // The payload comes from memory that no cache holds. Narrow beats leave the hardware time to see the stream; wide
    // ones do not. A prefetch past the end of the buffer is harmless.
    if constexpr (kBytes >= 32) __builtin_prefetch(position_ + kPrefetchBytes);
    // An empty message is one beat with tlast and no tkeep bit.
    if constexpr (Input::kHasKeep) StoreKeep<kBytes>(Input::Keep(top), left < kBytes ? left : kBytes);
    if constexpr (Input::kHasLast) Input::Last(top) = is_last;
    is_last_ = is_last;
  }

  // The beat on the port was accepted.
  void Accept() {
    is_started_ = true;
    position_ += kBytes;
    if (is_last_) {
      ++message_;
      is_started_ = false;
      // Offsets leave no gap: the next message starts where this one ends.
      position_ = end_;
      if (message_ < count_) end_ = data_ + offsets_[message_ + 1];
    }
  }

 private:
  void Open() {
    if (message_ >= count_) return;
    position_ = data_ + offsets_[message_];
    end_ = data_ + offsets_[message_ + 1];
  }

  const uint8_t* data_;
  const uint8_t* limit_;  // of the payload; the buffer may be longer
  const int32_t* offsets_;
  uint64_t count_;
  uint64_t message_ = 0;
  const uint8_t* position_ = nullptr;
  const uint8_t* end_ = nullptr;
  bool is_last_ = false;
  bool is_started_ = false;
};

// Collects result packets at full rate.
template <typename Design>
class Sink {
 public:
  using Top = typename Design::Top;
  using Output = typename Design::Output;
  static constexpr uint32_t kBytes = Output::kBytes;

  // `done` counts the results that are complete.
  Sink(const RtliftBatch& batch, uint64_t* done) : batch_(batch), done_(*done), writer_(batch, done) {}

  bool IsInside() const { return writer_.IsInside(); }

  // Reads the result beat on the port. Most results are one beat; the rest is kept out of the loop that calls this.
  void Take(const Top& top, uint64_t started, uint64_t cycle) {
    if (done_ >= started) RaiseStray(started);
    if constexpr (!Output::kHasKeep) {
      bool is_last = true;
      if constexpr (Output::kHasLast) is_last = Output::Last(top) != 0;
      if (is_last && batch_.result_bytes == kBytes && batch_.result_cycles == nullptr) {
        if (writer_.filled() != 0) writer_.RaiseLength(writer_.filled() + kBytes, true);
        std::memcpy(batch_.results + done_ * kBytes, BytesOf(Design::OutData(top)), kBytes);
        ++done_;
        return;
      }
    }
    TakeAnyBeat(top, cycle);
  }

  [[noreturn]] __attribute__((noinline, cold)) static void RaiseStray(uint64_t started) {
    Violate(RTLIFT_RULE_RESULT_WITHOUT_MESSAGE, "a result beat with no message to answer: expected at most " +
                                                    std::to_string(started) + " results so far");
  }

 private:
  __attribute__((noinline)) void TakeAnyBeat(const Top& top, uint64_t cycle) {
    bool is_last = true;
    if constexpr (Output::kHasLast) is_last = Output::Last(top) != 0;
    const uint32_t count = CountBytes<Output>(top, is_last);
    writer_.Append(BytesOf(Design::OutData(top)), count, is_last, cycle);
  }

  const RtliftBatch& batch_;
  uint64_t& done_;
  ResultWriter<Design> writer_;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_BATCH_STREAMS_H_
