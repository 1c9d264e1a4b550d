// The two ends of a batch: the source sends each message as a packet, the sink collects one packet each.
#ifndef RTLIFT_DRIVER_BATCH_STREAMS_H_
#define RTLIFT_DRIVER_BATCH_STREAMS_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "kernel_abi.h"
#include "model_events.h"
#include "port_bytes.h"

namespace rtlift {

// Offers the beats of a batch, one at a time.
template <typename Design>
class Source {
 public:
  using Top = typename Design::Top;
  static constexpr uint32_t kBytes = Design::kInBeatBytes;
  static constexpr uint32_t kPrefetchBytes = 8 * 64;

  explicit Source(const RtliftBatch& batch)
      : data_(batch.data), limit_(batch.data + batch.data_bytes), offsets_(batch.offsets), count_(batch.message_count) {
    Open();
  }

  bool HasMore() const { return message_ < count_; }
  // Messages of which at least one beat was accepted, the one on the port included where it is accepted now.
  uint64_t Started(bool accepts_now) const { return message_ + (is_started_ || accepts_now ? 1 : 0); }

  void Drive(Top& top) {
    const uint32_t left = static_cast<uint32_t>(end_ - position_);
    const bool is_last = left <= kBytes;
    // Lanes without tkeep carry what follows in the buffer, as they may on a real bus; a copy of constant size is
    // several times as fast as one that stops at the tail.
    if (position_ + kBytes <= limit_) {
      StoreFull<kBytes>(Design::InData(top), position_);
    } else {
      StorePartial<kBytes>(Design::InData(top), position_, left);
    }
    // The payload comes from memory that no cache holds. Narrow beats leave the hardware time to see the stream; wide
    // ones do not. A prefetch past the end of the buffer is harmless.
    if constexpr (kBytes >= 32) __builtin_prefetch(position_ + kPrefetchBytes);
    // An empty message is one beat with tlast and no tkeep bit.
    if constexpr (Design::kInHasKeep) StoreKeep<kBytes>(Design::InKeep(top), left < kBytes ? left : kBytes);
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
  const uint8_t* limit_;
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

  // `done` counts the results that are complete.
  Sink(const RtliftBatch& batch, uint64_t* done) : batch_(batch), done_(*done) {
    done_ = 0;
    if (batch.result_bytes == 0 && batch.result_offsets != nullptr) batch.result_offsets[0] = 0;
  }

  // Reads the result beat on the port. Most results are one beat; the rest is kept out of the loop that calls this.
  void Take(const Top& top, uint64_t started) {
    if (done_ >= started) RaiseStray(started);
    if constexpr (!Design::kOutHasKeep) {
      bool is_last = true;
      if constexpr (Design::kOutHasLast) is_last = Design::OutLast(top) != 0;
      if (is_last && batch_.result_bytes == kBytes) {
        if (filled_ != 0) RaiseLength(filled_ + kBytes, true);
        std::memcpy(batch_.results + done_ * kBytes, BytesOf(Design::OutData(top)), kBytes);
        ++done_;
        return;
      }
    }
    TakeAnyBeat(top);
  }

 private:
  __attribute__((noinline)) void TakeAnyBeat(const Top& top) {
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

  [[noreturn]] __attribute__((noinline, cold)) static void RaiseStray(uint64_t started) {
    throw ModelEvent{RTLIFT_PROTOCOL, "a result beat with no message to answer: expected at most " +
                                          std::to_string(started) + " results so far"};
  }
  [[noreturn]] __attribute__((noinline, cold)) void RaiseLength(uint32_t got, bool is_last) const {
    throw ModelEvent{RTLIFT_PROTOCOL, "expected a result of " + std::to_string(batch_.result_bytes) + " bytes, got " +
                                          (is_last ? "" : "at least ") + std::to_string(got)};
  }

  void TakeFixed(const Top& top, uint32_t count, bool is_last) {
    const uint32_t want = batch_.result_bytes;
    uint32_t room = want - filled_;
    if constexpr (!Design::kOutHasKeep) count = count < room ? count : room;
    if constexpr (!Design::kOutHasLast) is_last = count == room;
    if (count > room || (is_last && count != room)) {
      RaiseLength(filled_ + count, is_last);
    }
    if (!is_last && count == room) {
      throw ModelEvent{RTLIFT_PROTOCOL,
                       "expected m_axis_tlast with byte " + std::to_string(want) + " of the result, got none"};
    }
    uint8_t* target = batch_.results + done_ * want + filled_;
    if (count == kBytes) {
      std::memcpy(target, BytesOf(Design::OutData(top)), kBytes);
    } else {
      std::memcpy(target, BytesOf(Design::OutData(top)), count);
    }
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
  uint64_t& done_;
  uint32_t filled_ = 0;
  uint8_t* buffer_ = nullptr;
  uint64_t total_ = 0;
  uint64_t capacity_ = 0;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_BATCH_STREAMS_H_
