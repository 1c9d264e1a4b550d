#ifndef RTLIFT_HOST_STATUS_H_
#define RTLIFT_HOST_STATUS_H_

#include <cstdint>
#include <string>

#include "driver/kernel_abi.h"

namespace rtlift {

// Outcomes that the host adds to RtliftStatus. They share one number space, so one table can map
// both.
enum HostStatus : int32_t {
  kLibraryMissing = 100,  // no such file, or it cannot be read
  kLibraryUnloadable =
      101,  // the dynamic loader refuses it: not a shared object, unresolved symbols
  kLibraryNoEntryPoint = 102,  // a shared object, but not a kernel library
  kLibraryWrongAbi = 103,      // a kernel library of another ABI version
  kModelDiscarded = 104,       // an earlier fault destroyed the model
  kModelClosed = 105,
};

struct Status {
  int32_t code = RTLIFT_OK;  // RtliftStatus or HostStatus
  std::string text;          // what was expected, what was got; empty when ok

  bool ok() const { return code == RTLIFT_OK; }
};

}  // namespace rtlift

#endif  // RTLIFT_HOST_STATUS_H_
