#include "addon/native_model.h"

#include <utility>
#include <vector>

#include "addon/addon.h"
#include "addon/arguments.h"
#include "addon/native_job.h"

namespace rtlift {

Napi::FunctionReference NativeModel::Define(Napi::Env env) {
  return Napi::Persistent(DefineClass(
      env, "NativeModel",
      {InstanceMethod("configure", &NativeModel::Configure),
       InstanceMethod("run", &NativeModel::Run),
       InstanceMethod("heartbeat", &NativeModel::Heartbeat), InstanceMethod("close", &NativeModel::Close)}));
}

Napi::Object NativeModel::New(Napi::Env env, uint64_t model_id, std::shared_ptr<Model> model) {
  Napi::Object object = RtliftAddon::Of(env).model_constructor.New({});
  NativeModel* self = Unwrap(object);
  self->model_id_ = model_id;
  self->model_ = std::move(model);
  return object;
}

NativeModel::~NativeModel() {
  if (model_ != nullptr) model_->Close(false);
}

Napi::Value NativeModel::Configure(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<RtliftRegisterWrite> writes;
  Status status = ReadWrites(info[0], &writes);
  if (status.ok() && model_ == nullptr) status = {kModelClosed, "the model is closed"};
  if (!status.ok()) return NativeJob::Rejected(env, status);
  return Submit(env, std::make_shared<PendingJob>(std::move(writes)));
}

Napi::Value NativeModel::Run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  BatchArguments arguments;
  Status status;
  try {
    status = ReadBatch(info[0], &arguments);
  } catch (const Napi::Error& error) {  // thrown by a property getter
    return NativeJob::Rejected(env, error.Value());
  }
  // Asked after the getters have run: one of them may have closed the model.
  if (status.ok() && model_ == nullptr) status = {kModelClosed, "the model is closed"};
  if (!status.ok()) return NativeJob::Rejected(env, status);

  auto job = std::make_shared<PendingJob>(arguments.batch);
  for (size_t i = 0; i < arguments.borrowed.size(); ++i) {
    if (arguments.borrowed[i] == nullptr) continue;
    napi_create_reference(env, arguments.borrowed[i], 1, &job->borrowed[i]);
  }
  return Submit(env, std::move(job));
}

Napi::Value NativeModel::Submit(Napi::Env env, std::shared_ptr<PendingJob> job) {
  const Napi::Object object = NativeJob::New(env, model_, job);
  RtliftAddon::Of(env).BeginWork();
  model_->Submit(std::move(job));
  return object;
}

Napi::Value NativeModel::Heartbeat(const Napi::CallbackInfo& info) {
  const uint64_t cycles = model_ == nullptr ? 0 : model_->Heartbeat();
  return Napi::Number::New(info.Env(), static_cast<double>(cycles));
}

Napi::Value NativeModel::Close(const Napi::CallbackInfo& info) {
  // Dropped here, so that the library can be unloaded before this object is collected.
  model_.reset();
  return RtliftAddon::Of(info.Env()).CloseModel(model_id_, info[0].ToBoolean());
}

}  // namespace rtlift
