#ifndef RTLIFT_ADDON_PENDING_JOB_H_
#define RTLIFT_ADDON_PENDING_JOB_H_

#include <napi.h>

#include <array>

#include "host/job.h"

namespace rtlift {

// The JavaScript Error of a job that did not go well, with `code` and `details`.
napi_value MakeJobError(napi_env env, const Outcome& outcome);

// A job with what JavaScript waits for and has lent to it. Only plain handles: the last owner may
// be an abandoned thread, and destroying a Napi::Reference there would touch a dead environment.
// What is not given back is leaked.
class PendingJob : public Job {
 public:
  using Job::Job;

  // Gives the borrowed arrays back and settles the promise with a report or an error.
  void Settle(napi_env env);
  // Gives the borrowed arrays back only: in an environment that is going, promises stay open.
  void GiveBack(napi_env env);

  napi_deferred deferred = nullptr;
  std::array<napi_ref, 5> borrowed{};  // data, offsets, results, result cycles, pattern
};

}  // namespace rtlift

#endif  // RTLIFT_ADDON_PENDING_JOB_H_
