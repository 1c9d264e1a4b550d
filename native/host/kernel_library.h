#ifndef RTLIFT_HOST_KERNEL_LIBRARY_H_
#define RTLIFT_HOST_KERNEL_LIBRARY_H_

#include <memory>
#include <string>

#include "driver/kernel_abi.h"
#include "host/status.h"

namespace rtlift {

// A kernel library that is loaded and speaks this ABI. Models share it; the last owner to leave
// unloads it.
class KernelLibrary {
 public:
  static Status Open(const std::string& path, std::shared_ptr<const KernelLibrary>* library);

  ~KernelLibrary();
  KernelLibrary(const KernelLibrary&) = delete;
  KernelLibrary& operator=(const KernelLibrary&) = delete;

  const RtliftKernelApi& api() const { return *api_; }

 private:
  explicit KernelLibrary(void* handle) : handle_(handle) {}

  void* const handle_;
  const RtliftKernelApi* api_ = nullptr;  // lives in the library
};

}  // namespace rtlift

#endif  // RTLIFT_HOST_KERNEL_LIBRARY_H_
