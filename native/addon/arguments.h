#ifndef RTLIFT_ADDON_ARGUMENTS_H_
#define RTLIFT_ADDON_ARGUMENTS_H_

#include <napi.h>

#include <array>
#include <cstdint>
#include <vector>

#include "driver/kernel_abi.h"
#include "host/model_settings.h"
#include "host/status.h"

namespace rtlift {

struct BatchArguments {
  RtliftBatch batch{};                   // points into the arrays
  std::array<napi_value, 5> borrowed{};  // data, offsets, then or null: results, their cycles, pattern
};

// TypeScript has checked all of this; here it is checked again, because a mistake would be a wild
// pointer. What a property getter throws leaves as a Napi::Error.
Status ReadBatch(const Napi::Value& value, BatchArguments* arguments);
Status ReadWrites(const Napi::Value& value, std::vector<RtliftRegisterWrite>* writes);
Status ReadModelSettings(const Napi::Object& options, ModelSettings* settings);

}  // namespace rtlift

#endif  // RTLIFT_ADDON_ARGUMENTS_H_
