#include "addon/shared_memory_calls.h"

#include "addon/error_codes.h"
#include "host/shared_memory.h"

namespace rtlift {
namespace {

constexpr int64_t kPage = 64 * 1024;  // a multiple of every page size in use

bool ReadInteger(const Napi::Value& value, int64_t* number) {
  if (!value.IsNumber()) return false;
  *number = value.As<Napi::Number>().Int64Value();
  return *number >= 0 && *number <= (int64_t{1} << 52);
}

// The first three arguments: a descriptor, an offset and a size.
Status ReadPart(const Napi::CallbackInfo& info, int64_t* fd, int64_t* offset, int64_t* bytes) {
  if (ReadInteger(info[0], fd) && ReadInteger(info[1], offset) && ReadInteger(info[2], bytes) && *offset % kPage == 0 &&
      *bytes > 0 && *bytes % kPage == 0) {
    return {};
  }
  return {kInvalidArgument, "a part of shared memory is a descriptor, an offset and a size in whole 64 KiB"};
}

}  // namespace

Napi::Value CreateSharedMemoryCall(const Napi::CallbackInfo& info) {
  int fd = -1;
  const Status status = CreateSharedMemory(&fd);
  if (!status.ok()) throw Napi::Error(info.Env(), MakeError(info.Env(), status));
  return Napi::Number::New(info.Env(), fd);
}

Napi::Value MapSharedMemoryCall(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  int64_t fd = 0;
  int64_t offset = 0;
  int64_t bytes = 0;
  Status status = ReadPart(info, &fd, &offset, &bytes);
  if (status.ok()) status = GrowSharedMemory(static_cast<int>(fd), static_cast<uint64_t>(offset + bytes));
  void* memory = nullptr;
  if (status.ok()) {
    status = MapSharedMemory(static_cast<int>(fd), static_cast<uint64_t>(offset),
                             static_cast<size_t>(bytes), &memory);
  }
  if (!status.ok()) throw Napi::Error(env, MakeError(env, status));
  const size_t size = static_cast<size_t>(bytes);
  return Napi::ArrayBuffer::New(env, memory, size,
                                [size](Napi::Env, void* data) { UnmapSharedMemory(data, size); });
}

void UnmapSharedMemoryCall(const Napi::CallbackInfo& info) {
  // The finalizer of a detached buffer runs at once, not at some collection of garbage.
  if (info[0].IsArrayBuffer()) info[0].As<Napi::ArrayBuffer>().Detach();
}

void FreeSharedMemoryCall(const Napi::CallbackInfo& info) {
  int64_t fd = 0;
  int64_t offset = 0;
  int64_t bytes = 0;
  const Status status = ReadPart(info, &fd, &offset, &bytes);
  if (!status.ok()) throw Napi::Error(info.Env(), MakeError(info.Env(), status));
  FreeSharedMemory(static_cast<int>(fd), static_cast<uint64_t>(offset), static_cast<uint64_t>(bytes));
}

}  // namespace rtlift
