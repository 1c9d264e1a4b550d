#ifndef RTLIFT_ADDON_NATIVE_MODEL_H_
#define RTLIFT_ADDON_NATIVE_MODEL_H_

#include <napi.h>

#include <cstdint>
#include <memory>

#include "addon/pending_job.h"
#include "host/model.h"

namespace rtlift {

// NativeModel of JavaScript: configure, run, close. What goes wrong rejects the promise of the job;
// nothing is thrown.
class NativeModel : public Napi::ObjectWrap<NativeModel> {
 public:
  static Napi::FunctionReference Define(Napi::Env env);
  static Napi::Object New(Napi::Env env, uint64_t model_id, std::shared_ptr<Model> model);

  explicit NativeModel(const Napi::CallbackInfo& info) : ObjectWrap(info) {}
  // Collected without close: jobs in flight still run to their end, and nothing waits here.
  ~NativeModel() override;

 private:
  Napi::Value Configure(const Napi::CallbackInfo& info);
  Napi::Value Run(const Napi::CallbackInfo& info);
  Napi::Value Heartbeat(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  Napi::Value Submit(Napi::Env env, std::shared_ptr<PendingJob> job);

  uint64_t model_id_ = 0;
  std::shared_ptr<Model> model_;  // null once closed
};

}  // namespace rtlift

#endif  // RTLIFT_ADDON_NATIVE_MODEL_H_
