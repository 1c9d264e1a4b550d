#ifndef RTLIFT_ADDON_ERROR_CODES_H_
#define RTLIFT_ADDON_ERROR_CODES_H_

#include <napi.h>

#include <cstdint>

#include "host/status.h"

namespace rtlift {

// An argument that does not fit what the interface asks for. Beside RtliftStatus and HostStatus in
// one number space.
constexpr int32_t kInvalidArgument = 200;

// The ERR_RTLIFT_* string of an RtliftStatus or HostStatus.
const char* ErrorCode(int32_t status);

// The name of an RtliftRule in error details.
const char* RuleName(uint32_t rule);

// A JavaScript Error with `code` and the text of `status` as its message.
Napi::Value MakeError(Napi::Env env, const Status& status);

}  // namespace rtlift

#endif  // RTLIFT_ADDON_ERROR_CODES_H_
