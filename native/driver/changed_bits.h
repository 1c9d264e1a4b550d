// Keeps a set of bytes of a model and counts the bits that differ later, by group.
//
// A model's members lie mixed: a valid bit that is a register beside one that is a wire. So bytes that lie near each other
// are kept and compared as one region, with a mask for each group: of 28 members of a few bytes, most of the time was spent
// on going from one to the next.
#ifndef RTLIFT_DRIVER_CHANGED_BITS_H_
#define RTLIFT_DRIVER_CHANGED_BITS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace rtlift {

// Bits that differ.
inline uint64_t CountChanges(const uint8_t* now, const uint8_t* before, size_t bytes) {
  uint64_t changes = 0;
  size_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    uint64_t a, b;
    std::memcpy(&a, now + i, 8);
    std::memcpy(&b, before + i, 8);
    changes += static_cast<uint64_t>(__builtin_popcountll(a ^ b));
  }
  for (; i < bytes; ++i) changes += static_cast<uint64_t>(__builtin_popcount(now[i] ^ before[i]));
  return changes;
}

// The same where the mask has a one.
inline uint64_t CountChanges(const uint8_t* now, const uint8_t* before, const uint8_t* mask, size_t bytes) {
  uint64_t changes = 0;
  size_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    uint64_t a, b, m;
    std::memcpy(&a, now + i, 8);
    std::memcpy(&b, before + i, 8);
    std::memcpy(&m, mask + i, 8);
    changes += static_cast<uint64_t>(__builtin_popcountll((a ^ b) & m));
  }
  for (; i < bytes; ++i) changes += static_cast<uint64_t>(__builtin_popcount((now[i] ^ before[i]) & mask[i]));
  return changes;
}

class ChangedBits {
 public:
  // A member of the model; all of them are part of one object.
  void Add(uint32_t group, const void* at, size_t bytes) {
    spans_.push_back({static_cast<const uint8_t*>(at), bytes, group});
  }

  // After the last Add().
  void Arrange() {
    std::sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) { return a.at < b.at; });
    std::vector<Span> near;
    for (const Span& span : spans_) {
      const bool is_near = !near.empty() && near.back().bytes < kLarge && span.bytes < kLarge &&
                           span.at - (near.back().at + near.back().bytes) <= kNear;
      if (!is_near) AddRegion(&near);
      near.push_back(span);
    }
    AddRegion(&near);
    size_t bytes = 0;
    for (const Region& region : regions_) bytes += region.bytes;
    kept_.resize(bytes);
  }

  void Keep() {
    uint8_t* to = kept_.data();
    for (const Region& region : regions_) {
      std::memcpy(to, region.at, region.bytes);
      to += region.bytes;
    }
  }

  // Calls add(group, bits) with what has changed since Keep().
  template <typename Add>
  void Compare(Add&& add) const {
    const uint8_t* before = kept_.data();
    for (const Region& region : regions_) {
      for (const Part& part : region.parts) {
        add(part.group, part.mask.empty()
                            ? CountChanges(region.at, before, region.bytes)
                            : CountChanges(region.at, before, part.mask.data(), region.bytes));
      }
      before += region.bytes;
    }
  }

 private:
  // A member from this size on is a region of its own, and needs no mask.
  static constexpr size_t kLarge = 512;
  // Bytes that belong to no group and are kept for the sake of one region.
  static constexpr ptrdiff_t kNear = 64;

  struct Span {
    const uint8_t* at;
    size_t bytes;
    uint32_t group;
  };
  struct Part {
    uint32_t group;
    std::vector<uint8_t> mask;  // empty: all of the region
  };
  struct Region {
    const uint8_t* at;
    size_t bytes;
    std::vector<Part> parts;
  };

  // Takes the spans, of which there may be none.
  void AddRegion(std::vector<Span>* near) {
    if (near->empty()) return;
    const Span& last = near->back();
    Region region{near->front().at, static_cast<size_t>(last.at + last.bytes - near->front().at), {}};
    for (const Span& span : *near) {
      const auto is_same = [&](const Part& part) { return part.group == span.group; };
      auto part = std::find_if(region.parts.begin(), region.parts.end(), is_same);
      if (part == region.parts.end()) {
        region.parts.push_back({span.group, std::vector<uint8_t>(near->size() > 1 ? region.bytes : 0)});
        part = region.parts.end() - 1;
      }
      if (near->size() > 1) std::memset(part->mask.data() + (span.at - region.at), 0xff, span.bytes);
    }
    regions_.push_back(std::move(region));
    near->clear();
  }

  std::vector<Span> spans_;
  std::vector<Region> regions_;
  std::vector<uint8_t> kept_;  // the bytes of the regions, one after the other
};

}  // namespace rtlift

#endif  // RTLIFT_DRIVER_CHANGED_BITS_H_
