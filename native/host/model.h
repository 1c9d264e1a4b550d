#ifndef RTLIFT_HOST_MODEL_H_
#define RTLIFT_HOST_MODEL_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

#include "host/job.h"
#include "host/kernel_library.h"
#include "host/model_settings.h"
#include "host/status.h"

namespace rtlift {

// Hears what becomes of the jobs of one model. Called on the model's thread or, for a job that
// never ran, on the thread that submitted or cancelled it; never with a lock held. Must not block:
// the model waits for it.
class ModelObserver {
 public:
  virtual ~ModelObserver() = default;
  virtual void OnSettled(std::shared_ptr<Job> job) = 0;
  virtual void OnEnded() = 0;  // the model is destroyed and its thread is about to end
};

class ModelThread;

// One model of a kernel on a thread of its own, with a queue of jobs that it executes in order.
//
// The thread creates the model, so opening never blocks the caller; a fault in creation fails every
// job. A fault in a job destroys the model, and the jobs after it fail as kModelDiscarded. Used
// from one thread.
class Model {
 public:
  // How long a destructor waits for a thread that may be stuck in the RTL.
  static constexpr std::chrono::seconds kGrace{2};

  static Status Open(std::shared_ptr<const KernelLibrary> library, ModelSettings settings,
                     std::shared_ptr<ModelObserver> observer, std::shared_ptr<Model>* model);

  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  // Clock cycles of the model since its creation; 0 before and after. Changes while the model runs:
  // one that stays the same for seconds of a running job is stuck inside a cycle.
  uint64_t Heartbeat() const;

  // Queues the job; the queue is bounded by memory only. After Close the job is settled at once as
  // kModelClosed.
  void Submit(std::shared_ptr<Job> job);

  // A queued job is settled at once, without running, and the model survives. A running one ends
  // within a cycle, and takes the model with it. A settled one is left alone.
  void Cancel(const std::shared_ptr<Job>& job);

  // Does not wait: OnEnded follows when the last job is settled. With `discard`, all jobs are
  // cancelled first. May be called again, to discard after all.
  void Close(bool discard);

  // Waits for the thread after Close. When it has not ended at `deadline`, it is abandoned:
  // detached, with all of the host's that it can touch kept alive. The memory of its batch is the
  // caller's: where that cannot be kept, only the cancel flag stands between a thread that does
  // come back and freed memory, so a kernel library looks at the flag before it touches the batch
  // again. Returns whether the thread ended.
  bool Join(std::chrono::steady_clock::time_point deadline);

 private:
  Model() = default;

  std::shared_ptr<ModelThread> shared_;  // the thread holds the other reference
  std::thread thread_;
};

}  // namespace rtlift

#endif  // RTLIFT_HOST_MODEL_H_
