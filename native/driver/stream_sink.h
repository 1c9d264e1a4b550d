// Collects the results of an output stream of any shape.
#ifndef RTLIFT_DRIVER_STREAM_SINK_H_
#define RTLIFT_DRIVER_STREAM_SINK_H_

#include <cstdint>
#include <string>

#include "handshake.h"
#include "kernel_abi.h"
#include "model_events.h"
#include "result_writer.h"
#include "stream_keep.h"

namespace rtlift {

template <typename Design>
class StreamSink {
 public:
  using Top = typename Design::Top;
  using Output = typename Design::Output;

  StreamSink(const RtliftBatch& batch, uint64_t* done) : done_(*done), writer_(batch, done) {}

  bool IsInside() const { return writer_.IsInside(); }
  void Drop(uint64_t cycle) { writer_.Drop(cycle); }
  void Rewind() { writer_.Rewind(); }
  // A level that is up already is no result.
  void Begin(const Top& top) { was_valid_ = Output::Valid(top) != 0; }

  // Whether the output shows a beat in this cycle, given that `sent` messages are in.
  bool HasBeat(const Top& top, bool is_ready, uint64_t sent) {
    const bool is_valid = Output::Valid(top) != 0;
    const bool rose = is_valid && !was_valid_;
    was_valid_ = is_valid;
    if constexpr (Output::kAfterMessage) {
      if (sent <= done_) return false;
    }
    if constexpr (Output::kHandshake == Handshake::kLevel) return rose;
    return is_valid && is_ready;
  }

  // Returns whether the beat was part of a result.
  bool Take(const Top& top, uint64_t started, uint64_t cycle) {
    if (done_ >= started) {
      Violate(RTLIFT_RULE_RESULT_WITHOUT_MESSAGE, "a result beat with no message to answer: expected at most " +
                                                      std::to_string(started) + " results so far");
    }
    bool is_last = true;
    if constexpr (Output::kHasLast) is_last = Output::Last(top) != 0;
    if constexpr (Output::kTakesLast) {
      if (!is_last) return false;
    }
    const uint32_t count = CountBytes<Output>(top, is_last);
    uint8_t beat[Output::kBytes];
    Output::Load(top, beat);
    writer_.Append(beat, Output::kTakesLast ? Output::kBytes : count, is_last, cycle);
    return true;
  }

 private:
  uint64_t& done_;
  ResultWriter<Design> writer_;
  bool was_valid_ = false;
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_STREAM_SINK_H_
