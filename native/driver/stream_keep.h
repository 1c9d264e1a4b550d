// How many bytes an output beat carries.
#ifndef RTLIFT_DRIVER_STREAM_KEEP_H_
#define RTLIFT_DRIVER_STREAM_KEEP_H_

#include <cstdint>
#include <string>

#include "kernel_abi.h"
#include "model_events.h"
#include "port_bytes.h"

namespace rtlift {

template <typename Output>
inline uint32_t CountBytes(const typename Output::Top& top, bool is_last) {
  if constexpr (!Output::kHasKeep) {
    return Output::kBytes;
  } else {
    const int32_t kept = Output::kIsBig ? CountKeepHigh<Output::kBytes>(Output::Keep(top))
                                        : CountKeep<Output::kBytes>(Output::Keep(top));
    if (kept < 0) {
      Violate(RTLIFT_RULE_KEEP_HOLE,
              std::string(Output::kKeepName) + " has a hole: expected contiguous lanes from the first");
    }
    if (!is_last && kept != static_cast<int32_t>(Output::kBytes)) {
      Violate(RTLIFT_RULE_KEEP_NOT_FULL, std::string("expected a full ") + Output::kKeepName + " before " +
                                             (Output::kHasLast ? Output::kLastName : "the end") + ", got " +
                                             std::to_string(kept) + " of " + std::to_string(Output::kBytes) + " lanes");
    }
    return static_cast<uint32_t>(kept);
  }
}

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_STREAM_KEEP_H_
