#ifndef RTLIFT_ADDON_ADDON_H_
#define RTLIFT_ADDON_ADDON_H_

#include <napi.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "addon/event_port.h"
#include "addon/pending_job.h"
#include "host/kernel_library.h"
#include "host/model.h"

namespace rtlift {

// The addon as one environment sees it: the main thread and every worker thread have their own.
class RtliftAddon : public Napi::Addon<RtliftAddon> {
 public:
  RtliftAddon(Napi::Env env, Napi::Object exports);

  static RtliftAddon& Of(Napi::Env env) { return *env.GetInstanceData<RtliftAddon>(); }

  // Models are known by a number, which JavaScript objects and events can carry without owning the
  // model.
  Status OpenModel(std::shared_ptr<const KernelLibrary> library, ModelSettings settings, uint64_t* model_id,
                   std::shared_ptr<Model>* model);
  // Resolves when the thread of the model has ended; at once when it has already.
  Napi::Promise CloseModel(uint64_t model_id, bool discard);

  // Work that keeps Node alive until its event is delivered.
  void BeginWork();

  Napi::FunctionReference library_constructor;
  Napi::FunctionReference model_constructor;
  Napi::FunctionReference job_constructor;

 private:
  struct ModelEntry {
    std::shared_ptr<Model> model;
    std::vector<napi_deferred> closers;
  };

  static void OnWake(napi_env env, napi_value callback, void* context, void* data);

  Napi::Value OpenLibrary(const Napi::CallbackInfo& info);
  void Deliver(const Event& event);
  void EndWork();
  void Shutdown();

  const Napi::Env env_;
  napi_threadsafe_function wake_ = nullptr;
  std::shared_ptr<EventPort> port_;
  std::unordered_map<uint64_t, ModelEntry> models_;
  uint64_t next_model_id_ = 1;
  uint64_t pending_ = 0;
};

}  // namespace rtlift

#endif  // RTLIFT_ADDON_ADDON_H_
