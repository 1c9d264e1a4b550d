// Watches an output stream for what AXI4-Stream forbids between a valid and its ready.
// See Arm IHI 0051B, section 2.2 (handshake) and 2.4 (byte qualifiers).
#ifndef RTLIFT_DRIVER_OUTPUT_MONITOR_H_
#define RTLIFT_DRIVER_OUTPUT_MONITOR_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "handshake.h"
#include "model_events.h"
#include "stream_keep.h"

namespace rtlift {

template <typename Design>
class OutputMonitor {
 public:
  using Top = typename Design::Top;
  using Output = typename Design::Output;

  void Restart() { is_stalled_ = is_inside_ = false; }

  // Once a cycle of the stream's clock, outputs settled, before the edge.
  void Look(const Top& top, bool is_ready) {
    if constexpr (Output::kHandshake == Handshake::kStream) {
      const bool is_valid = Output::Valid(top) != 0;
      if (is_stalled_) CheckHeld(top, is_valid);
      if (is_valid) CheckKeep(top, is_ready);
      is_stalled_ = is_valid && !is_ready;
      if (is_stalled_) Remember(top);
    }
  }

 private:
  void CheckHeld(const Top& top, bool is_valid) const {
    if (!is_valid) {
      Violate(RTLIFT_RULE_VALID_DROPPED,
              std::string(Output::kValidName) + " fell while " + Output::kReadyName +
                  " was low, expected it to stay until the beat");
    }
    uint8_t data[Output::kBytes];
    Output::Load(top, data);
    // A value beside the packet counts with its last beat only.
    const bool counts = !Output::kTakesLast || last_;
    for (uint32_t i = 0; counts && i < Output::kBytes; ++i) {
      if (data[i] != data_[i]) {
        Violate(RTLIFT_RULE_PAYLOAD_CHANGED, std::string(Output::kDataName) + " changed while stalled, in byte " +
                                                 std::to_string(i) + ": was " + std::to_string(data_[i]) + ", got " +
                                                 std::to_string(data[i]));
      }
    }
    if constexpr (Output::kHasKeep) {
      if (std::memcmp(&Output::Keep(top), keep_, sizeof keep_) != 0) {
        Violate(RTLIFT_RULE_PAYLOAD_CHANGED, std::string(Output::kKeepName) + " changed while stalled");
      }
    }
    if constexpr (Output::kHasLast) {
      if ((Output::Last(top) != 0) != last_) {
        Violate(RTLIFT_RULE_PAYLOAD_CHANGED, std::string(Output::kLastName) + " changed while stalled");
      }
    }
  }

  // An empty packet is one beat without a byte; anywhere else such a beat says nothing.
  void CheckKeep(const Top& top, bool is_ready) {
    if constexpr (Output::kHasKeep) {
      bool is_last = true;
      if constexpr (Output::kHasLast) is_last = Output::Last(top) != 0;
      if (CountBytes<Output>(top, is_last) == 0 && (is_inside_ || !is_last)) {
        Violate(RTLIFT_RULE_KEEP_EMPTY,
                std::string(Output::kKeepName) + " is 0 in a beat that is not an empty packet");
      }
      if (is_ready) is_inside_ = !is_last;
    }
  }

  void Remember(const Top& top) {
    Output::Load(top, data_);
    if constexpr (Output::kHasKeep) std::memcpy(keep_, &Output::Keep(top), sizeof keep_);
    if constexpr (Output::kHasLast) last_ = Output::Last(top) != 0;
  }

  bool is_stalled_ = false;
  bool is_inside_ = false;
  bool last_ = false;
  uint8_t data_[Output::kBytes] = {};
  uint8_t keep_[Output::kKeepPortBytes] = {};
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_OUTPUT_MONITOR_H_
