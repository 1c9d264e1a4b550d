#include "host/model.h"

#include <dlfcn.h>

#include <system_error>
#include <utility>

#include "host/model_thread.h"

namespace rtlift {
namespace {

// An abandoned thread may still return into this code, after Node has unloaded the addon together
// with the last worker thread that used it. So the image stays.
void KeepImageLoaded() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&KeepImageLoaded), &info) == 0) return;
  // The handle is dropped on purpose. Where this code is part of the program itself, there is
  // nothing to keep and dlopen fails.
  static_cast<void>(dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE | RTLD_NOLOAD));
}

}  // namespace

Status Model::Open(std::shared_ptr<const KernelLibrary> library, ModelSettings settings,
                   std::shared_ptr<ModelObserver> observer, std::shared_ptr<Model>* model) {
  std::shared_ptr<Model> opened(new Model());
  auto shared = std::make_shared<ModelThread>(std::move(library), std::move(settings), std::move(observer));
  try {
    opened->thread_ = std::thread([shared] { shared->Main(); });
  } catch (const std::system_error& error) {
    return {RTLIFT_NO_MEMORY, std::string("no thread for the model: ") + error.what()};
  }
  opened->shared_ = std::move(shared);
  *model = std::move(opened);
  return {};
}

Model::~Model() {
  if (!thread_.joinable()) return;
  Close(true);
  Join(std::chrono::steady_clock::now() + kGrace);
}

uint64_t Model::Heartbeat() const { return shared_->Heartbeat(); }

void Model::Submit(std::shared_ptr<Job> job) { shared_->Submit(std::move(job)); }

void Model::Cancel(const std::shared_ptr<Job>& job) { shared_->Cancel(job); }

void Model::Close(bool discard) { shared_->Close(discard); }

bool Model::Join(std::chrono::steady_clock::time_point deadline) {
  if (!thread_.joinable()) return true;
  if (shared_->WaitUntilEnded(deadline)) {
    thread_.join();
    return true;
  }
  KeepImageLoaded();
  thread_.detach();
  return false;
}

}  // namespace rtlift
