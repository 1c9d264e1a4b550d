#ifndef RTLIFT_ADDON_SHARED_MEMORY_CALLS_H_
#define RTLIFT_ADDON_SHARED_MEMORY_CALLS_H_

#include <napi.h>

namespace rtlift {

// createSharedMemory(): number. A file descriptor, the caller's to close.
Napi::Value CreateSharedMemoryCall(const Napi::CallbackInfo& info);

// mapSharedMemory(fd, offset, bytes): ArrayBuffer. Grows the memory to hold the part; unmapped when the buffer is collected.
Napi::Value MapSharedMemoryCall(const Napi::CallbackInfo& info);

// unmapSharedMemory(memory): void. Detaches the buffer; the memory is unmapped in this turn of the event loop or the next.
void UnmapSharedMemoryCall(const Napi::CallbackInfo& info);

// freeSharedMemory(fd, offset, bytes): void. Gives the pages of a part back, whoever has it mapped.
void FreeSharedMemoryCall(const Napi::CallbackInfo& info);

}  // namespace rtlift

#endif  // RTLIFT_ADDON_SHARED_MEMORY_CALLS_H_
