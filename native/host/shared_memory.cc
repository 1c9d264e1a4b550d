#include "host/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
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
  return CreateUnlinkedFile(fd);
#endif
}

Status CreateUnlinkedFile(int* fd) {
  const char* folder = std::getenv("TMPDIR");
  std::string name = folder == nullptr || *folder == '\0' ? "/tmp" : folder;
  name += "/rtlift-XXXXXX";
  *fd = mkstemp(&name[0]);  // readable by its owner alone
  if (*fd < 0) return Failed("mkstemp");
  unlink(name.c_str());
  fcntl(*fd, F_SETFD, FD_CLOEXEC);
  return {};
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

void FreeSharedMemory(int fd, uint64_t offset, uint64_t bytes) {
#if defined(__linux__)
  static_cast<void>(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                              static_cast<off_t>(bytes)));
#elif defined(F_PUNCHHOLE)
  fpunchhole_t hole = {};
  hole.fp_offset = static_cast<off_t>(offset);
  hole.fp_length = static_cast<off_t>(bytes);
  static_cast<void>(fcntl(fd, F_PUNCHHOLE, &hole));
#else
  static_cast<void>(fd), static_cast<void>(offset), static_cast<void>(bytes);
#endif
}

}  // namespace rtlift
