// Sends the messages of a batch, or its part of them, to one input stream of any shape.
#ifndef RTLIFT_DRIVER_STREAM_SOURCE_H_
#define RTLIFT_DRIVER_STREAM_SOURCE_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <tuple>

#include "handshake.h"
#include "kernel_abi.h"
#include "model_events.h"
#include "port_bytes.h"
#include "stimulus.h"

namespace rtlift {

// The bytes of one input stream within a message; see stream-codecs.ts. False where a length does not fit.
template <typename Design>
inline bool FindPart(const RtliftBatch& batch, uint64_t message, uint32_t stream, const uint8_t** begin,
                     const uint8_t** end) {
  const uint8_t* at = batch.data + batch.offsets[message];
  const uint8_t* const limit = batch.data + batch.offsets[message + 1];
  for (uint32_t i = 0;; ++i) {
    uint64_t size = static_cast<uint64_t>(limit - at);
    if (Design::kInputs > 1 && Design::kInputBytes[i] >= 0) {
      size = static_cast<uint64_t>(Design::kInputBytes[i]);
    } else if (i + 1 < Design::kInputs) {
      uint32_t length = 0;
      if (size >= sizeof length) std::memcpy(&length, at, sizeof length);
      at += size >= sizeof length ? sizeof length : size;
      size = length;
    }
    if (size > static_cast<uint64_t>(limit - at)) return false;
    if (i == stream) {
      *begin = at;
      *end = at + size;
      return true;
    }
    at += size;
  }
}

// What is wrong with a message in itself, or nothing. Asked before a run: a model that has part of a bad message is of no
// use.
template <typename Design, typename Input>
inline std::string FindBadPart(const RtliftBatch& batch, uint64_t message) {
  const uint8_t* begin = nullptr;
  const uint8_t* end = nullptr;
  if (!FindPart<Design>(batch, message, Input::kIndex, &begin, &end)) {
    return "does not hold the bytes of input " + std::to_string(Input::kIndex) + " that it says it does";
  }
  if constexpr (Input::kHasSpareBits) {
    // Only messages of one beat go to such a port.
    for (uint32_t i = 0; i < Input::kBytes && begin + i < end; ++i) {
      if ((begin[i] & Input::kSpareBits[i]) != 0) {
        return std::string("has bits in byte ") + std::to_string(i) + " that " + Input::kDataName +
               " is too narrow for: " + std::to_string(begin[i]);
      }
    }
  }
  return {};
}

template <typename Design, typename... Inputs>
inline std::string FindBadParts(const RtliftBatch& batch, uint64_t message, const std::tuple<Inputs...>*) {
  std::string wrong;
  static_cast<void>(((wrong = FindBadPart<Design, Inputs>(batch, message)).empty() && ...));
  return wrong;
}
// Whether a message can be wrong in itself.
template <typename... Inputs>
constexpr bool MayHaveBadParts(const std::tuple<Inputs...>*) {
  return sizeof...(Inputs) > 1 || (Inputs::kHasSpareBits || ...);
}

template <typename Design, typename Input>
class StreamSource {
 public:
  using Top = typename Design::Top;
  using Port = Input;
  static constexpr uint32_t kBytes = Input::kBytes;

  explicit StreamSource(const RtliftBatch& batch) : batch_(batch) {}

  // Begins again with a message.
  void Restart(uint64_t message) {
    message_ = message;
    is_offering_ = is_started_ = is_resting_ = is_open_ = false;
    gap_ = 0;
  }

  bool HasMore() const { return message_ < batch_.message_count; }
  bool IsOffering() const { return is_offering_; }
  // Whether the beat on the port is the last of its message.
  bool IsLast() const { return is_offering_ && is_last_; }
  // Messages that were taken whole.
  uint64_t Sent() const { return message_; }
  // Messages of which at least one beat was taken, the beat on the port included where it is taken now.
  uint64_t Started(bool accepts_now) const { return message_ + (is_started_ || accepts_now ? 1 : 0); }

  // Whether the beat on the port is taken at the edge that follows.
  bool Accepts(const Top& top) const {
    if (!is_offering_) return false;
    if constexpr (Input::kHandshake == Handshake::kStart || !Input::kHasReady) return true;
    return IsReady(top);
  }
  bool IsReady(const Top& top) const {
    if constexpr (!Input::kHasReady) {
      return true;
    } else {
      return (Input::Ready(top) != 0) != Input::kIsBusy;
    }
  }

  // After the edge: what the port shows from now on. `may_start` is false while earlier messages must be answered.
  void Advance(Top& top, bool was_accepted, bool may_start, const Stimulus& stimulus, uint64_t cycle,
               bool is_isolated) {
    if (was_accepted) Accept();
    if (is_offering_) return;
    Input::Valid(top) = 0;
    if constexpr (Input::kHasNext) Input::Next(top) = 0;
    if (!HasMore() || (!is_started_ && !may_start)) return;
    if constexpr (Input::kHandshake == Handshake::kStart) {
      // The core is given a cycle to show that it is busy.
      const bool rests = is_resting_;
      is_resting_ = false;
      if (rests || !IsReady(top)) return;
    }
    if (is_isolated && !is_started_) {
      if (!is_open_) {
        is_open_ = true;
        gap_ = stimulus.Gap(cycle, kLongestGap);
      }
      if (gap_ > 0) {
        --gap_;
        return;
      }
    }
    if (stimulus.Bubble(cycle, Input::kIndex)) return;
    Offer(top);
  }

 private:
  static constexpr uint32_t kLongestGap = 24;

  void Offer(Top& top) {
    // CheckBatch() has seen that it is there.
    if (!is_started_) FindPart<Design>(batch_, message_, Input::kIndex, &position_, &end_);
    const uint64_t left = static_cast<uint64_t>(end_ - position_);
    const uint32_t count = left < kBytes ? static_cast<uint32_t>(left) : kBytes;
    // Lanes without tkeep may carry anything, so they carry what hides least.
    uint8_t beat[kBytes];
    std::memcpy(beat, position_, count);
    std::memset(beat + count, 0xa5, kBytes - count);
    Input::Store(top, beat);
    if constexpr (Input::kHasKeep && Input::kIsBig) StoreKeepHigh<kBytes>(Input::Keep(top), count);
    if constexpr (Input::kHasKeep && !Input::kIsBig) StoreKeep<kBytes>(Input::Keep(top), count);
    is_last_ = left <= kBytes;
    if constexpr (Input::kHasLast) Input::Last(top) = is_last_;
    if constexpr (Input::kHasNext) {
      if (is_started_) {
        Input::Next(top) = 1;
      } else {
        Input::Valid(top) = 1;
      }
    } else {
      Input::Valid(top) = 1;
    }
    is_offering_ = true;
  }

  void Accept() {
    is_offering_ = false;
    is_started_ = !is_last_;
    is_open_ = false;
    is_resting_ = true;
    position_ += kBytes;
    if (is_last_) ++message_;
  }

  const RtliftBatch& batch_;
  uint64_t message_ = 0;
  const uint8_t* position_ = nullptr;
  const uint8_t* end_ = nullptr;
  uint32_t gap_ = 0;
  bool is_offering_ = false;
  bool is_started_ = false;
  bool is_last_ = false;
  bool is_resting_ = false;
  bool is_open_ = false;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_STREAM_SOURCE_H_
