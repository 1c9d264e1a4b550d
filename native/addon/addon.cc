#include "addon/addon.h"

#include <string>
#include <utility>

#include "addon/error_codes.h"
#include "addon/native_job.h"
#include "addon/native_library.h"
#include "addon/native_model.h"
#include "addon/shared_memory_calls.h"

namespace rtlift {
namespace {

class PortObserver final : public ModelObserver {
 public:
  PortObserver(std::shared_ptr<EventPort> port, uint64_t model_id)
      : port_(std::move(port)), model_id_(model_id) {}

  void OnSettled(std::shared_ptr<Job> job) override { port_->Post({std::move(job), model_id_}); }
  void OnEnded() override { port_->Post({nullptr, model_id_}); }

 private:
  const std::shared_ptr<EventPort> port_;
  const uint64_t model_id_;
};

}  // namespace

RtliftAddon::RtliftAddon(Napi::Env env, Napi::Object exports) : env_(env) {
  library_constructor = NativeLibrary::Define(env);
  model_constructor = NativeModel::Define(env);
  job_constructor = NativeJob::Define(env);

  const napi_status status =
      napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "rtlift"), 0, 1,
                                      nullptr, nullptr, this, OnWake, &wake_);
  if (status != napi_ok) throw Napi::Error::New(env);
  napi_unref_threadsafe_function(env, wake_);
  port_ = std::make_shared<EventPort>(wake_);
  // After the function, because clean-up runs in reverse: threads must be gone before it is.
  env.AddCleanupHook([this] { Shutdown(); });

  DefineAddon(exports, {InstanceValue("abiVersion", Napi::Number::New(env, RTLIFT_ABI_VERSION),
                                      napi_enumerable),
                        InstanceMethod("openLibrary", &RtliftAddon::OpenLibrary)});
  exports.Set("createSharedMemory", Napi::Function::New(env, CreateSharedMemoryCall));
  exports.Set("mapSharedMemory", Napi::Function::New(env, MapSharedMemoryCall));
  exports.Set("unmapSharedMemory", Napi::Function::New(env, UnmapSharedMemoryCall));
  exports.Set("freeSharedMemory", Napi::Function::New(env, FreeSharedMemoryCall));
}

Napi::Value RtliftAddon::OpenLibrary(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::string path;
  if (info[0].IsString()) path = info[0].As<Napi::String>();
  Status status;
  std::shared_ptr<const KernelLibrary> library;
  if (path.empty() || path.find('\0') != std::string::npos) {
    status = {kInvalidArgument, "path must be a non-empty string without null characters"};
  } else {
    status = KernelLibrary::Open(path, &library);
  }
  if (!status.ok()) throw Napi::Error(env, MakeError(env, status));
  return NativeLibrary::New(env, std::move(library));
}

Status RtliftAddon::OpenModel(std::shared_ptr<const KernelLibrary> library, ModelSettings settings,
                              uint64_t* model_id, std::shared_ptr<Model>* model) {
  const uint64_t id = next_model_id_++;
  Status status =
      Model::Open(std::move(library), std::move(settings), std::make_shared<PortObserver>(port_, id), model);
  if (!status.ok()) return status;
  models_[id].model = *model;
  *model_id = id;
  return {};
}

Napi::Promise RtliftAddon::CloseModel(uint64_t model_id, bool discard) {
  napi_deferred deferred = nullptr;
  napi_value promise = nullptr;
  if (napi_create_promise(env_, &deferred, &promise) != napi_ok) throw Napi::Error::New(env_);
  const auto entry = models_.find(model_id);
  if (entry == models_.end()) {
    napi_resolve_deferred(env_, deferred, env_.Undefined());
  } else {
    entry->second.closers.push_back(deferred);
    BeginWork();
    entry->second.model->Close(discard);
  }
  return Napi::Promise(env_, promise);
}

void RtliftAddon::BeginWork() {
  if (pending_++ == 0) napi_ref_threadsafe_function(env_, wake_);
}

void RtliftAddon::EndWork() {
  if (--pending_ == 0) napi_unref_threadsafe_function(env_, wake_);
}

void RtliftAddon::OnWake(napi_env env, napi_value, void* context, void*) {
  if (env == nullptr) return;  // the environment is being torn down
  RtliftAddon* addon = static_cast<RtliftAddon*>(context);
  for (const Event& event : addon->port_->Take()) addon->Deliver(event);
}

void RtliftAddon::Deliver(const Event& event) {
  const Napi::HandleScope scope(env_);
  if (event.job != nullptr) {
    static_cast<PendingJob*>(event.job.get())->Settle(env_);
    EndWork();
    return;
  }
  const auto entry = models_.find(event.model_id);
  // Its thread has nothing left to do but return, so this does not block.
  entry->second.model->Join(std::chrono::steady_clock::now() + Model::kGrace);
  for (napi_deferred closer : entry->second.closers) {
    napi_resolve_deferred(env_, closer, env_.Undefined());
    EndWork();
  }
  models_.erase(entry);
}

// The environment goes: process exit, or the end of a worker thread. A model that is stuck in the
// RTL cannot be stopped, only left behind; the grace is for all models together.
void RtliftAddon::Shutdown() {
  for (auto& [id, entry] : models_) entry.model->Close(true);
  const auto deadline = std::chrono::steady_clock::now() + Model::kGrace;
  for (auto& [id, entry] : models_) entry.model->Join(deadline);
  for (const Event& event : port_->Take()) {
    if (event.job != nullptr) static_cast<PendingJob*>(event.job.get())->GiveBack(env_);
  }
  port_->Close();
  models_.clear();
}

}  // namespace rtlift

// Expanded outside the namespace, under the name the macro expects.
using rtlift::RtliftAddon;
NODE_API_ADDON(RtliftAddon)
