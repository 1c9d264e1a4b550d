#ifndef RTLIFT_ADDON_SHARED_MEMORY_CALLS_H_
#define RTLIFT_ADDON_SHARED_MEMORY_CALLS_H_

#include <napi.h>

namespace rtlift {

// createSharedMemory(): number. A file descriptor, the caller's to close.
Napi::Value CreateSharedMemoryCall(const Napi::CallbackInfo& info);

// mapSharedMemory(fd, offset, bytes): ArrayBuffer. Grows the memory to hold the part; unmapped when the buffer is collected.
Napi::Value MapSharedMemoryCall(const Napi::CallbackInfo& info);

}  // namespace rtlift

#endif  // RTLIFT_ADDON_SHARED_MEMORY_CALLS_H_
