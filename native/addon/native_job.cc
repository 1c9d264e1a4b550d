#include "addon/native_job.h"

#include "addon/addon.h"

namespace rtlift {

Napi::FunctionReference NativeJob::Define(Napi::Env env) {
  return Napi::Persistent(
      DefineClass(env, "NativeJob", {InstanceMethod("cancel", &NativeJob::Cancel)}));
}

Napi::Object NativeJob::NewWithPromise(Napi::Env env, napi_deferred* deferred) {
  napi_value promise = nullptr;
  if (napi_create_promise(env, deferred, &promise) != napi_ok) throw Napi::Error::New(env);
  Napi::Object object = RtliftAddon::Of(env).job_constructor.New({});
  object.Set("promise", promise);
  return object;
}

Napi::Object NativeJob::New(Napi::Env env, const std::shared_ptr<Model>& model,
                            const std::shared_ptr<PendingJob>& job) {
  Napi::Object object = NewWithPromise(env, &job->deferred);
  NativeJob* self = Unwrap(object);
  self->model_ = model;
  self->job_ = job;
  return object;
}

Napi::Object NativeJob::Rejected(Napi::Env env, const Status& status) {
  Outcome outcome;
  outcome.status = status;
  return Rejected(env, MakeJobError(env, outcome));
}

Napi::Object NativeJob::Rejected(Napi::Env env, napi_value reason) {
  napi_deferred deferred = nullptr;
  Napi::Object object = NewWithPromise(env, &deferred);
  napi_reject_deferred(env, deferred, reason);
  return object;
}

void NativeJob::Cancel(const Napi::CallbackInfo&) {
  const std::shared_ptr<Model> model = model_.lock();
  const std::shared_ptr<Job> job = job_.lock();
  if (model != nullptr && job != nullptr) model->Cancel(job);
}

}  // namespace rtlift
