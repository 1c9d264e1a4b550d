#ifndef RTLIFT_HOST_MALLOC_BUFFER_H_
#define RTLIFT_HOST_MALLOC_BUFFER_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace rtlift {

struct Free {
  void operator()(uint8_t* bytes) const { std::free(bytes); }
};

// Bytes from malloc: realloc often grows them in place, and whoever takes them over needs nothing
// of ours to free them.
class MallocBuffer {
 public:
  // Returns at least `bytes` that keep what was written before, or null when there is no memory.
  uint8_t* Reserve(uint64_t bytes) {
    if (bytes <= capacity_ && bytes_ != nullptr) return bytes_.get();
    if (bytes > SIZE_MAX / 2) return nullptr;
    // Doubling keeps the number of copies logarithmic, whatever steps the kernel library asks in.
    return Resize(std::max<uint64_t>({bytes, 2 * capacity_, 64}));
  }

  // Gives back what lies above `bytes`, when that is worth a realloc.
  void Trim(uint64_t bytes) {
    if (bytes > 0 && bytes < capacity_ / 2) Resize(bytes);
  }

  uint8_t* data() const { return bytes_.get(); }
  uint64_t capacity() const { return capacity_; }

  // Hands the bytes over; they are freed with free().
  uint8_t* Release() {
    capacity_ = 0;
    return bytes_.release();
  }

 private:
  uint8_t* Resize(uint64_t bytes) {
    void* moved = std::realloc(bytes_.get(), bytes);
    if (moved == nullptr) return nullptr;
    static_cast<void>(bytes_.release());  // realloc freed or kept it
    bytes_.reset(static_cast<uint8_t*>(moved));
    capacity_ = bytes;
    return bytes_.get();
  }

  std::unique_ptr<uint8_t, Free> bytes_;
  uint64_t capacity_ = 0;
};

}  // namespace rtlift

#endif  // RTLIFT_HOST_MALLOC_BUFFER_H_
