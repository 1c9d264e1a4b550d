#include "host/kernel_library.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace rtlift {
namespace {

constexpr uint32_t kMostActivityGroups = 256;

Status WrongAbi(const std::string& path, const std::string& expected, const std::string& got) {
  return {kLibraryWrongAbi, path + ": expected a kernel library with " + expected + ", got " + got};
}

std::string Number(uint32_t value) { return std::to_string(value); }

Status CheckApi(const std::string& path, const RtliftKernelApi* api) {
  if (api == nullptr) return WrongAbi(path, "a description of itself", "none");
  // Nothing after abi_version may be read before it is known to match.
  if (api->abi_version != RTLIFT_ABI_VERSION) {
    return WrongAbi(path, "ABI version " + Number(RTLIFT_ABI_VERSION),
                    "ABI version " + Number(api->abi_version));
  }
  if (api->struct_bytes != sizeof(RtliftKernelApi)) {
    return WrongAbi(path, "a description of " + Number(sizeof(RtliftKernelApi)) + " bytes",
                    Number(api->struct_bytes) + " bytes");
  }
  if (api->name == nullptr || api->build_id == nullptr || api->create == nullptr ||
      api->configure == nullptr || api->run == nullptr || api->cycles == nullptr ||
      api->destroy == nullptr) {
    return WrongAbi(path, "a complete description", "a null name, build id or function");
  }
  // A group for each clock and two more; anything else is no number of groups.
  if (api->activity_groups > kMostActivityGroups) {
    return WrongAbi(path, "at most " + Number(kMostActivityGroups) + " groups of activity",
                    Number(api->activity_groups));
  }
  return {};
}

}  // namespace

Status KernelLibrary::Open(const std::string& path, std::shared_ptr<const KernelLibrary>* library) {
  // dlopen tells a missing file from an unreadable one only in prose, and would search the system
  // folders for a bare name; so find the file first and load it by its full path.
  char resolved[PATH_MAX];
  int file = -1;
  if (realpath(path.c_str(), resolved) != nullptr) file = open(resolved, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return {kLibraryMissing, path + ": expected a kernel library, got: " + std::strerror(errno)};
  }
  close(file);

  void* handle = dlopen(resolved, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* reason = dlerror();
    return {kLibraryUnloadable, path + ": expected a shared object for this machine, got: " +
                                    (reason != nullptr ? reason : "no reason from the loader")};
  }
  std::shared_ptr<KernelLibrary> opened(new KernelLibrary(handle));

  void* symbol = dlsym(handle, RTLIFT_ENTRY_POINT);
  if (symbol == nullptr) {
    return {kLibraryNoEntryPoint, path + ": expected a kernel library that exports " +
                                      RTLIFT_ENTRY_POINT + ", got a shared object without it"};
  }
  const RtliftKernelApi* api = reinterpret_cast<RtliftKernelEntry>(symbol)();
  Status status = CheckApi(path, api);
  if (!status.ok()) return status;
  opened->api_ = api;
  *library = std::move(opened);
  return {};
}

KernelLibrary::~KernelLibrary() { dlclose(handle_); }

}  // namespace rtlift
