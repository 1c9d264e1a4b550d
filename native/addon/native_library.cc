#include "addon/native_library.h"

#include <utility>

#include "addon/addon.h"
#include "addon/arguments.h"
#include "addon/error_codes.h"
#include "addon/native_model.h"

namespace rtlift {

Napi::FunctionReference NativeLibrary::Define(Napi::Env env) {
  return Napi::Persistent(DefineClass(
      env, "NativeLibrary", {InstanceMethod("createModel", &NativeLibrary::CreateModel)}));
}

Napi::Object NativeLibrary::New(Napi::Env env, std::shared_ptr<const KernelLibrary> library) {
  const RtliftKernelApi& api = library->api();
  Napi::Object info = Napi::Object::New(env);
  info.Set("name", api.name);
  info.Set("buildId", api.build_id);
  info.Set("inBeatBytes", api.in_beat_bytes);
  info.Set("outBeatBytes", api.out_beat_bytes);
  info.Set("hasRegisters", api.has_registers != 0);
  Napi::Object object = RtliftAddon::Of(env).library_constructor.New({});
  object.Set("info", info);
  Unwrap(object)->library_ = std::move(library);
  return object;
}

Napi::Value NativeLibrary::CreateModel(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (library_ == nullptr) throw Napi::TypeError::New(env, "a library comes from openLibrary");
  Status status{kInvalidArgument, "options must be an object"};
  ModelSettings settings;
  if (info[0].IsObject()) {
    status = ReadModelSettings(info[0].As<Napi::Object>(), &settings);
  }
  uint64_t model_id = 0;
  std::shared_ptr<Model> model;
  if (status.ok()) status = RtliftAddon::Of(env).OpenModel(library_, std::move(settings), &model_id, &model);
  if (!status.ok()) throw Napi::Error(env, MakeError(env, status));
  return NativeModel::New(env, model_id, std::move(model));
}

}  // namespace rtlift
