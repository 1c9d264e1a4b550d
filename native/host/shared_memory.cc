#include "host/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace rtlift {
namespace {

Status Failed(const char* what) {
  return {RTLIFT_NO_MEMORY, std::string("shared memory: ") + what + ": " + std::strerror(errno)};
}

}  // namespace

Status CreateSharedMemory(int* fd) {
#ifdef __linux__
  *fd = memfd_create("rtlift", MFD_CLOEXEC);
  return *fd < 0 ? Failed("memfd_create") : Status{};
#else
  // No anonymous kind: one with a name, which goes before anybody else can open it.
  const std::string name = "/rtlift-" + std::to_string(getpid());
  *fd = shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  if (*fd < 0) return Failed("shm_open");
  shm_unlink(name.c_str());
  return {};
#endif
}

Status GrowSharedMemory(int fd, uint64_t bytes) {
  struct stat now;
  if (fstat(fd, &now) != 0) return Failed("fstat");
  if (static_cast<uint64_t>(now.st_size) >= bytes) return {};
  return ftruncate(fd, static_cast<off_t>(bytes)) == 0 ? Status{} : Failed("ftruncate");
}

Status MapSharedMemory(int fd, uint64_t offset, size_t bytes, void** memory) {
  *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, static_cast<off_t>(offset));
  return *memory == MAP_FAILED ? Failed("mmap") : Status{};
}

void UnmapSharedMemory(void* memory, size_t bytes) { munmap(memory, bytes); }

}  // namespace rtlift
