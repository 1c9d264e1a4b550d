#ifndef RTLIFT_HOST_SHARED_MEMORY_H_
#define RTLIFT_HOST_SHARED_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "host/status.h"

namespace rtlift {

// Memory without a name that a child process inherits as a file descriptor. `*fd` is the caller's to close.
//
// A memfd on Linux; elsewhere an unlinked file, because a shared memory object of POSIX can be sized only once on macOS.
Status CreateSharedMemory(int* fd);

// A file in the folder for temporary files that has no name any more: what it holds may be written to that disk.
Status CreateUnlinkedFile(int* fd);

// Makes it at least so large; what is there stays.
Status GrowSharedMemory(int fd, uint64_t bytes);

// Maps part of it for reading and writing. `offset` is a multiple of the page size.
Status MapSharedMemory(int fd, uint64_t offset, size_t bytes, void** memory);

void UnmapSharedMemory(void* memory, size_t bytes);

// Gives the pages of a part back to the system; it reads as zeros afterwards. Where the system cannot, they stay.
void FreeSharedMemory(int fd, uint64_t offset, uint64_t bytes);

}  // namespace rtlift

#endif  // RTLIFT_HOST_SHARED_MEMORY_H_
