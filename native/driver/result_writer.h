// Puts result beats into the memory of a batch, and checks their length.
#ifndef RTLIFT_DRIVER_RESULT_WRITER_H_
#define RTLIFT_DRIVER_RESULT_WRITER_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "kernel_abi.h"
#include "model_events.h"

namespace rtlift {

template <typename Design>
class ResultWriter {
 public:
  using Output = typename Design::Output;

  // `done` counts the results that are complete.
  ResultWriter(const RtliftBatch& batch, uint64_t* done)
      : batch_(batch), done_(*done), want_(batch.result_bytes != 0 ? batch.result_bytes : Design::kResultBytes) {
    done_ = 0;
    if (batch.result_bytes == 0 && batch.result_offsets != nullptr) batch.result_offsets[0] = 0;
  }

  bool IsInside() const { return is_inside_; }
  uint32_t filled() const { return filled_; }

  // Takes `count` bytes. Without tlast a result ends with its last byte.
  void Append(const uint8_t* bytes, uint32_t count, bool is_last, uint64_t cycle) {
    if (want_ != 0) {
      const uint32_t room = want_ - filled_;
      if constexpr (!Output::kHasKeep) count = count < room ? count : room;
      if constexpr (!Output::kHasLast) is_last = count == room;
      if (count > room || (is_last && count != room)) RaiseLength(filled_ + count, is_last);
      if (!is_last && count == room) {
        Violate(RTLIFT_RULE_RESULT_LENGTH, std::string("expected ") + Output::kLastName + " with byte " +
                                               std::to_string(want_) + " of the result, got none");
      }
    }
    if (want_ == 0 && batch_.longest_result != 0 && count > batch_.longest_result - filled_) RaiseEndless();
    std::memcpy(Room(count), bytes, count);
    filled_ += count;
    total_ += count;
    is_inside_ = !is_last;
    if (is_last) Finish(cycle);
  }

  // The message has no result.
  void Drop(uint64_t cycle) { Finish(cycle); }

  // Forgets the part of a result that came before a reset.
  void Rewind() {
    total_ -= filled_;
    filled_ = 0;
    is_inside_ = false;
  }

  [[noreturn]] __attribute__((noinline, cold)) void RaiseLength(uint32_t got, bool is_last) const {
    Violate(RTLIFT_RULE_RESULT_LENGTH, "expected a result of " + std::to_string(want_) + " bytes, got " +
                                           (is_last ? "" : "at least ") + std::to_string(got));
  }

 private:
  [[noreturn]] __attribute__((noinline, cold)) void RaiseEndless() const {
    Violate(RTLIFT_RULE_PACKET_WITHOUT_END, std::string("expected ") + Output::kLastName + " within " +
                                                std::to_string(batch_.longest_result) +
                                                " bytes of a result (limits.maxResultBytes), got none");
  }

  uint8_t* Room(uint32_t count) {
    if (batch_.result_bytes != 0) return batch_.results + done_ * want_ + filled_;
    if (total_ + count > INT32_MAX) {
      Violate(RTLIFT_RULE_RESULT_LENGTH, "the results of a batch hold at most 2^31 - 1 bytes, got more");
    }
    if (buffer_ == nullptr || total_ + count > capacity_) {
      capacity_ = (total_ + count) * 2 < 4096 ? 4096 : (total_ + count) * 2;
      buffer_ = batch_.grow(batch_.grow_user, capacity_);
      if (buffer_ == nullptr) throw ModelEvent{RTLIFT_NO_MEMORY, "no memory for results"};
    }
    return buffer_ + total_;
  }

  void Finish(uint64_t cycle) {
    filled_ = 0;
    if (batch_.result_cycles != nullptr) batch_.result_cycles[done_] = cycle;
    ++done_;
    if (batch_.result_bytes == 0) batch_.result_offsets[done_] = static_cast<int32_t>(total_);
  }

  const RtliftBatch& batch_;
  uint64_t& done_;
  const uint32_t want_;  // bytes of a result, 0 where it varies
  uint32_t filled_ = 0;
  uint64_t total_ = 0;
  uint64_t capacity_ = 0;
  uint8_t* buffer_ = nullptr;
  bool is_inside_ = false;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_RESULT_WRITER_H_
