#ifndef RTLIFT_HOST_MODEL_THREAD_H_
#define RTLIFT_HOST_MODEL_THREAD_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "host/bounded_log.h"
#include "host/job.h"
#include "host/kernel_library.h"
#include "host/model.h"
#include "host/model_settings.h"

namespace rtlift {

// Everything that the thread of a model can touch. Shared by the thread and its Model, so that a
// thread which never comes back from the RTL can be abandoned without leaving it a dangling
// pointer.
class ModelThread {
 public:
  ModelThread(std::shared_ptr<const KernelLibrary> library, ModelSettings settings,
              std::shared_ptr<ModelObserver> observer);

  void Main();  // body of the thread

  uint64_t Heartbeat();
  void Submit(std::shared_ptr<Job> job);
  void Cancel(const std::shared_ptr<Job>& job);
  void Close(bool discard);
  bool WaitUntilEnded(std::chrono::steady_clock::time_point deadline);

 private:
  static void OnLog(void* user, const char* text, size_t length);

  void Create();
  void Destroy();
  void SpinForCall();
  std::shared_ptr<Job> NextJob();  // null when closed and drained
  void Execute(Job* job);
  void Settle(std::shared_ptr<Job> job);
  void SettleUnrun(std::shared_ptr<Job> job, int32_t code, const char* text);

  const std::shared_ptr<const KernelLibrary> library_;
  const ModelSettings settings_;
  const std::shared_ptr<ModelObserver> observer_;

  // Only the thread itself.
  RtliftModel* model_ = nullptr;
  Outcome fault_;  // why there is no model; ok while there is one
  BoundedLog log_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable ended_changed_;
  std::deque<std::shared_ptr<Job>> queue_;  // may hold jobs that were settled while queued
  std::shared_ptr<Job> running_;
  const RtliftModel* alive_ = nullptr;      // model_, as others may ask for its cycles
  std::atomic<uint64_t> calls_{0};          // of Submit and Close: something may be there to do
  bool closing_ = false;
  bool ended_ = false;
};

}  // namespace rtlift

#endif  // RTLIFT_HOST_MODEL_THREAD_H_
