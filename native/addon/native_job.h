#ifndef RTLIFT_ADDON_NATIVE_JOB_H_
#define RTLIFT_ADDON_NATIVE_JOB_H_

#include <napi.h>

#include <memory>

#include "addon/pending_job.h"
#include "host/model.h"

namespace rtlift {

// NativeJob of JavaScript: `promise` and cancel.
class NativeJob : public Napi::ObjectWrap<NativeJob> {
 public:
  static Napi::FunctionReference Define(Napi::Env env);
  static Napi::Object New(Napi::Env env, const std::shared_ptr<Model>& model,
                          const std::shared_ptr<PendingJob>& job);
  // A job that never was one: its promise is rejected from the start.
  static Napi::Object Rejected(Napi::Env env, const Status& status);
  static Napi::Object Rejected(Napi::Env env, napi_value reason);

  explicit NativeJob(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

 private:
  static Napi::Object NewWithPromise(Napi::Env env, napi_deferred* deferred);
  void Cancel(const Napi::CallbackInfo& info);

  // Weak: JavaScript may keep the object long after the job and the model are gone.
  std::weak_ptr<Model> model_;
  std::weak_ptr<Job> job_;
};

}  // namespace rtlift

#endif  // RTLIFT_ADDON_NATIVE_JOB_H_
