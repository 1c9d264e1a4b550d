#ifndef RTLIFT_ADDON_NATIVE_LIBRARY_H_
#define RTLIFT_ADDON_NATIVE_LIBRARY_H_

#include <napi.h>

#include <memory>

#include "host/kernel_library.h"

namespace rtlift {

// NativeLibrary of JavaScript: `info` and createModel.
class NativeLibrary : public Napi::ObjectWrap<NativeLibrary> {
 public:
  static Napi::FunctionReference Define(Napi::Env env);
  static Napi::Object New(Napi::Env env, std::shared_ptr<const KernelLibrary> library);

  explicit NativeLibrary(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

 private:
  Napi::Value CreateModel(const Napi::CallbackInfo& info);

  // Null in an object that JavaScript made with `new`.
  std::shared_ptr<const KernelLibrary> library_;
};

}  // namespace rtlift

#endif  // RTLIFT_ADDON_NATIVE_LIBRARY_H_
