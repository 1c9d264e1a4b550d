// Tests of the host against kernel libraries that stand in for Verilated models. Plain checks, no
// framework: a failure prints its line, the rest still runs.
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "driver/changed_bits.h"
#include "host/bounded_log.h"
#include "host/kernel_library.h"
#include "host/model.h"
#include "host/shared_memory.h"

namespace rtlift {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr uint64_t kSeedOfFault = 0xdead;  // kernels/fake_kernel_api.h
constexpr uint64_t kSeedOfLog = 0x106;

int failures = 0;

void Check(bool condition, const char* text, int line) {
  if (condition) return;
  ++failures;
  std::printf("  FAILED host_test.cc:%d: %s\n", line, text);
}
#define CHECK(condition) Check((condition), #condition, __LINE__)

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string PathOf(const std::string& kernel) {
  return std::string(FAKE_KERNEL_DIR) + "/" + kernel + ".so";
}

std::shared_ptr<const KernelLibrary> Open(const std::string& kernel) {
  std::shared_ptr<const KernelLibrary> library;
  const Status status = KernelLibrary::Open(PathOf(kernel), &library);
  if (!status.ok()) {
    std::printf("  cannot go on: %s\n", status.text.c_str());
    std::exit(1);
  }
  return library;
}

// Records what is settled, in order, and lets the test wait for it.
class Recorder : public ModelObserver {
 public:
  void OnSettled(std::shared_ptr<Job> job) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    settled_.push_back(std::move(job));
    changed_.notify_all();
  }

  void OnEnded() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  std::vector<std::shared_ptr<Job>> WaitFor(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    const bool in_time =
        changed_.wait_for(lock, seconds(60), [&] { return settled_.size() >= count; });
    CHECK(in_time);
    return settled_;
  }

  bool ended() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return ended_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Job>> settled_;
  bool ended_ = false;
};

// Messages and room for results. Must outlive its job.
struct Batch {
  Batch(const std::vector<std::string>& messages, uint32_t result_bytes) {
    for (const std::string& message : messages) {
      data.insert(data.end(), message.begin(), message.end());
      offsets.push_back(static_cast<int32_t>(data.size()));
    }
    results.resize(messages.size() * result_bytes);
    RtliftBatch batch{};
    batch.data = data.data();
    batch.offsets = offsets.data();
    batch.data_bytes = data.size();
    batch.message_count = messages.size();
    batch.results = results.data();
    batch.result_bytes = result_bytes;
    job = std::make_shared<Job>(batch);
  }

  std::vector<uint8_t> data;
  std::vector<int32_t> offsets{0};
  std::vector<uint8_t> results;
  std::shared_ptr<Job> job;
};

struct Fixture {
  explicit Fixture(const std::string& kernel, ModelSettings settings = {})
      : recorder(std::make_shared<Recorder>()) {
    CHECK(Model::Open(Open(kernel), std::move(settings), recorder, &model).ok());
  }

  bool CloseAndJoin(bool discard, milliseconds limit = seconds(60)) {
    model->Close(discard);
    return model->Join(steady_clock::now() + limit);
  }

  // Queues a batch with these messages and keeps it alive.
  Batch* Run(const std::vector<std::string>& messages, uint32_t result_bytes = 4) {
    batches.push_back(std::make_unique<Batch>(messages, result_bytes));
    model->Submit(batches.back()->job);
    return batches.back().get();
  }

  int32_t CodeOf(const Batch* batch) { return batch->job->outcome.status.code; }

  std::vector<std::unique_ptr<Batch>> batches;
  std::shared_ptr<Recorder> recorder;
  std::shared_ptr<Model> model;
};

void TellsForeignLibrariesApart() {
  const std::string text_file = PathOf("text");
  std::ofstream(text_file) << "not a shared object\n";

  const struct {
    std::string kernel;
    int32_t code;
    std::string text;
  } cases[] = {{"absent", kLibraryMissing, "No such file"},
               {"text", kLibraryUnloadable, "expected a shared object"},
               {"no_entry_point", kLibraryNoEntryPoint, "rtlift_kernel"},
               {"wrong_abi", kLibraryWrongAbi,
                "expected a kernel library with ABI version " + std::to_string(RTLIFT_ABI_VERSION) +
                    ", got ABI version 999"},
               {"many_groups", kLibraryWrongAbi, "expected a kernel library with at most 256 groups"}};
  for (const auto& expected : cases) {
    std::shared_ptr<const KernelLibrary> library;
    const Status status = KernelLibrary::Open(PathOf(expected.kernel), &library);
    CHECK(status.code == expected.code);
    CHECK(Contains(status.text, PathOf(expected.kernel)));
    CHECK(Contains(status.text, expected.text));
    CHECK(library == nullptr);
  }
  std::shared_ptr<const KernelLibrary> library;
  CHECK(KernelLibrary::Open(FAKE_KERNEL_DIR, &library).code == kLibraryUnloadable);
}

void UnloadsWithTheLastOwner() {
  const auto is_loaded = [] {
    void* handle = dlopen(PathOf("echo").c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (handle != nullptr) dlclose(handle);
    return handle != nullptr;
  };
  CHECK(!is_loaded());
  {
    Fixture fixture("echo");  // only the model holds the library
    CHECK(is_loaded());
    fixture.Run({"a"});
    CHECK(fixture.CloseAndJoin(false));
  }
  CHECK(!is_loaded());
}

void RunsInOrder() {
  Fixture fixture("echo");
  std::vector<std::shared_ptr<Job>> expected;
  for (uint32_t i = 0; i < 200; ++i) {
    auto configure = std::make_shared<Job>(std::vector<RtliftRegisterWrite>{{0, i}});
    expected.push_back(configure);
    fixture.model->Submit(configure);
    expected.push_back(fixture.Run({"\x01\x02", ""})->job);
  }
  CHECK(fixture.recorder->WaitFor(400) == expected);
  bool matches = true;
  for (uint32_t i = 0; i < 200; ++i) {
    const Batch& batch = *fixture.batches[i];
    const std::vector<uint8_t> results{static_cast<uint8_t>(i + 3), 1, 2, 0,
                                       static_cast<uint8_t>(i),     0, 0, 0};
    matches = matches && batch.results == results && batch.job->outcome.status.ok() &&
              batch.job->outcome.counters.cycles == 2 &&
              batch.job->outcome.model_cycles == 3 * (i + 1);
  }
  CHECK(matches);
  CHECK(fixture.CloseAndJoin(false));
  CHECK(fixture.recorder->ended());
}

void RunsTwoModelsAtOnce() {
  Fixture stuck("endless");
  Fixture other("echo");
  Batch* held = stuck.Run({"a"});
  const Batch* done = other.Run({"a"});
  other.recorder->WaitFor(1);  // while the first model still runs
  CHECK(done->results[0] == 'a');
  stuck.model->Cancel(held->job);
  stuck.recorder->WaitFor(1);
  CHECK(stuck.CodeOf(held) == RTLIFT_CANCELLED);
}

void ReturnsResultsOfAnyLength() {
  Fixture fixture("echo");
  std::vector<std::string> messages{"", "one", std::string(100000, 'x'), "", "two"};
  const Batch* batch = fixture.Run(messages, 0);
  const Batch* none = fixture.Run({}, 0);
  const Batch* empty = fixture.Run({"", ""}, 0);
  fixture.recorder->WaitFor(3);
  CHECK(fixture.CodeOf(batch) == RTLIFT_OK);
  const Job& job = *batch->job;
  const int32_t* offsets = reinterpret_cast<const int32_t*>(job.result_offsets.data());
  CHECK(std::vector<int32_t>(offsets, offsets + 6) == batch->offsets);
  CHECK(job.result_data_bytes == batch->data.size());
  CHECK(std::equal(batch->data.begin(), batch->data.end(), job.result_data.data()));
  CHECK(fixture.CodeOf(none) == RTLIFT_OK && none->job->result_data_bytes == 0);
  CHECK(fixture.CodeOf(empty) == RTLIFT_OK && empty->job->result_data_bytes == 0);
}

void CancelsQueuedJobsAndSurvives() {
  Fixture fixture("deaf");
  const Batch* running = fixture.Run({"\x03"});  // 0.3 s
  Batch* queued = fixture.Run({"\x01"});
  const Batch* last = fixture.Run({"\x01"});
  fixture.model->Cancel(queued->job);
  CHECK(fixture.recorder->WaitFor(1)[0] == queued->job);  // at once, ahead of the running one
  CHECK(queued->job->outcome.status.code == RTLIFT_CANCELLED);
  fixture.recorder->WaitFor(3);
  CHECK(fixture.CodeOf(running) == RTLIFT_OK);
  CHECK(fixture.CodeOf(last) == RTLIFT_OK);
  CHECK(queued->results[0] == 0);
  fixture.model->Cancel(queued->job);  // settled: nothing happens
  CHECK(fixture.CloseAndJoin(false));
  CHECK(fixture.recorder->WaitFor(3).size() == 3);
}

void CancelsRunningJobsAndDiscards() {
  Fixture fixture("endless");
  Batch* running = fixture.Run({"a"});
  std::this_thread::sleep_for(milliseconds(20));
  fixture.model->Cancel(running->job);
  const Batch* later = fixture.Run({"a"});
  fixture.recorder->WaitFor(2);
  CHECK(fixture.CodeOf(running) == RTLIFT_CANCELLED);
  CHECK(running->job->outcome.cycle > 0 &&
        running->job->outcome.cycle == running->job->outcome.counters.cycles);
  CHECK(fixture.CodeOf(later) == kModelDiscarded);
  CHECK(Contains(later->job->outcome.status.text, "the cancel flag was set"));
}

void DiscardsAfterEveryFault() {
  for (int status = RTLIFT_CANCELLED; status <= RTLIFT_INTERNAL; ++status) {
    Fixture fixture("faulty");
    const Batch* first = fixture.Run({std::string(1, static_cast<char>(status))});
    const Batch* second = fixture.Run({std::string(1, '\0')});
    fixture.recorder->WaitFor(2);
    CHECK(fixture.CodeOf(first) == status);
    if (status == RTLIFT_BAD_BATCH) {
      CHECK(fixture.CodeOf(second) == RTLIFT_OK);
      continue;
    }
    CHECK(fixture.CodeOf(second) == kModelDiscarded);
    if (status == RTLIFT_INTERNAL) {
      CHECK(first->job->outcome.status.text == std::string(495, 'x'));
      continue;
    }
    CHECK(first->job->outcome.cycle == 10 && first->job->outcome.message_index == 0);
    CHECK(first->job->outcome.rule == (status == RTLIFT_PROTOCOL ? RTLIFT_RULE_KEEP_HOLE : RTLIFT_RULE_NONE));
    const std::string text = "fault " + std::to_string(status) + " on request";
    CHECK(first->job->outcome.status.text == text);
    CHECK(Contains(second->job->outcome.status.text, text));
  }
  // A number that is not of this ABI, and must not pass for a HostStatus.
  Fixture fixture("faulty");
  const Batch* unknown = fixture.Run({std::string(1, static_cast<char>(kModelClosed))});
  fixture.recorder->WaitFor(1);
  CHECK(fixture.CodeOf(unknown) == RTLIFT_INTERNAL);
}

void FailsEveryJobWhenCreationFails() {
  Fixture fixture("echo", kSeedOfFault);
  for (int i = 0; i < 3; ++i) fixture.Run({"a"});
  for (const auto& job : fixture.recorder->WaitFor(3)) {
    CHECK(job->outcome.status.code == RTLIFT_MODEL_WARNING);
    CHECK(Contains(job->outcome.status.text, "rom.hex"));
    CHECK(job->outcome.cycle == 3);
  }
  CHECK(fixture.CloseAndJoin(false));
}

void HandsAModelItsSettings() {
  ModelSettings settings(kSeedOfLog);
  settings.monitors = true;
  settings.coverage_path = "/c";
  settings.trace_path = "/t";
  settings.trace_from = 5;
  settings.trace_to = 7;
  for (const bool is_given : {true, false}) {
    Fixture fixture("echo", is_given ? settings : ModelSettings(kSeedOfLog));
    const Batch* batch = fixture.Run({"a"});
    fixture.recorder->WaitFor(1);
    CHECK(batch->job->outcome.log == (is_given ? "created\nmonitors 1, coverage /c, trace /t of 5 to 7\n"
                                               : "created\n"));
  }
}

void ReportsActivityWhereItIsAskedFor() {
  ModelSettings settings;
  settings.activity_every = 64;
  Fixture counted("echo", settings);
  const Batch* batch = counted.Run({"a", "b", "c"});
  counted.recorder->WaitFor(1);
  const std::vector<RtliftActivity>& groups = batch->job->outcome.activity;
  CHECK(groups.size() == 2);
  CHECK(groups.size() == 2 && groups[0].samples == 3 && groups[1].samples == 4);
  CHECK(groups.size() == 2 && groups[0].toggles == 64 && groups[1].toggles == 64);

  Fixture plain("echo");
  const Batch* silent = plain.Run({"a"});
  plain.recorder->WaitFor(1);
  CHECK(silent->job->outcome.activity.empty());

  // A library without groups is no reason to fail.
  Fixture none("faulty", settings);
  const Batch* without = none.Run({std::string(1, '\0')});
  none.recorder->WaitFor(1);
  CHECK(none.CodeOf(without) == RTLIFT_OK && without->job->outcome.activity.empty());
}

// Members of all sizes in two groups, with holes, against a count bit by bit.
void CountsChangedBitsByGroup() {
  uint32_t random = 0x51;
  const auto draw = [&random](uint32_t below) {
    random ^= random << 13;
    random ^= random >> 17;
    random ^= random << 5;
    return random % below;
  };
  for (int round = 0; round < 50; ++round) {
    std::vector<uint8_t> model(4096);
    std::vector<int> group_of(model.size(), -1);
    ChangedBits bits;
    for (size_t at = draw(20); at < model.size();) {
      const size_t size = std::min<size_t>(draw(8) == 0 ? 400 + draw(400) : 1 + draw(16), model.size() - at);
      const uint32_t group = draw(2);
      bits.Add(group, model.data() + at, size);
      std::fill_n(group_of.begin() + static_cast<ptrdiff_t>(at), size, static_cast<int>(group));
      at += size + (draw(3) == 0 ? draw(100) : 0);
    }
    bits.Arrange();
    const std::vector<uint8_t> before = model;
    bits.Keep();
    for (uint8_t& byte : model) byte = static_cast<uint8_t>(byte ^ (draw(2) == 0 ? 0 : draw(256)));
    uint64_t expected[2] = {0, 0};
    for (size_t i = 0; i < model.size(); ++i) {
      if (group_of[i] >= 0) expected[group_of[i]] += __builtin_popcount(model[i] ^ before[i]);
    }
    uint64_t got[2] = {0, 0};
    bits.Compare([&got](uint32_t group, uint64_t changed) { got[group] += changed; });
    CHECK(got[0] == expected[0] && got[1] == expected[1]);
    CHECK(expected[0] > 0 && expected[1] > 0);
  }
}

void CloseRunsWhatIsQueued() {
  Fixture fixture("deaf");
  for (int i = 0; i < 3; ++i) fixture.Run({"\x01"});
  fixture.model->Close(false);
  const Batch* late = fixture.Run({"\x01"});
  CHECK(fixture.CodeOf(late) == kModelClosed);  // settled before the queued ones
  CHECK(fixture.model->Join(steady_clock::now() + seconds(60)));
  CHECK(fixture.recorder->WaitFor(4).size() == 4);
  for (int i = 0; i < 3; ++i) CHECK(fixture.CodeOf(fixture.batches[i].get()) == RTLIFT_OK);
  CHECK(fixture.model->Join(steady_clock::now()));  // a second time
}

void CloseDiscardsOnRequest() {
  Fixture fixture("endless");
  for (int i = 0; i < 5; ++i) fixture.Run({"a"});
  std::this_thread::sleep_for(milliseconds(20));
  fixture.model->Close(false);
  CHECK(fixture.CloseAndJoin(true));  // after all
  for (const auto& job : fixture.recorder->WaitFor(5)) {
    CHECK(job->outcome.status.code == RTLIFT_CANCELLED);
  }
  CHECK(fixture.recorder->ended());
}

void BoundsTheLog() {
  Fixture fixture("faulty", kSeedOfLog);
  const Batch* little = fixture.Run({std::string("\0\x02", 2)});
  const Batch* much = fixture.Run({std::string("\0\xff", 2)});
  const Batch* silent = fixture.Run({std::string(1, '\0')});
  fixture.recorder->WaitFor(3);
  const std::string& first = little->job->outcome.log;
  CHECK(first.size() == 8 + 2048 && first.compare(0, 8, "created\n") == 0);
  const std::string& second = much->job->outcome.log;
  const std::string note =
      "[rtlift: " + std::to_string(255 * 1024 - BoundedLog::kMaxBytes) + " more bytes dropped]\n";
  CHECK(second.size() == BoundedLog::kMaxBytes + 1 + note.size());
  CHECK(Contains(second, note));
  CHECK(silent->job->outcome.log.empty());
}

void AbandonsAThreadThatNeverReturns() {
  Fixture fixture("deaf");
  fixture.Run({""});  // for good
  const Batch* queued = fixture.Run({""});
  std::this_thread::sleep_for(milliseconds(20));
  const auto start = steady_clock::now();
  CHECK(!fixture.CloseAndJoin(true, milliseconds(100)));
  CHECK(steady_clock::now() - start < seconds(10));
  CHECK(fixture.CodeOf(queued) == RTLIFT_CANCELLED);
  CHECK(!fixture.recorder->ended());
  // Lent for good; still reachable, so that it does not count as a leak.
  static auto* const lent = new std::vector<std::unique_ptr<Batch>>();
  lent->swap(fixture.batches);
}

void AbandonedThreadsMayReturnLater() {
  std::shared_ptr<Recorder> recorder;
  std::vector<std::unique_ptr<Batch>> lent;
  {
    Fixture fixture("deaf");
    recorder = fixture.recorder;
    fixture.Run({"\x05"});
    std::this_thread::sleep_for(milliseconds(20));
    CHECK(!fixture.CloseAndJoin(true, milliseconds(50)));
    lent.swap(fixture.batches);
  }
  // The model is gone, its thread is not.
  CHECK(recorder->WaitFor(1)[0]->outcome.status.code == RTLIFT_CANCELLED);
  for (int i = 0; i < 600 && !recorder->ended(); ++i) {
    std::this_thread::sleep_for(milliseconds(100));
  }
  CHECK(recorder->ended());
}

void OpensAndClosesAThousandTimes() {
  const auto library = Open("echo");
  int correct = 0;
  for (int i = 0; i < 1000; ++i) {
    Fixture fixture("echo", static_cast<uint64_t>(i));
    const Batch* batch = fixture.Run({"a"}, i % 2 == 0 ? 4 : 0);
    if (i % 5 == 0) {  // or left to the destructor
      CHECK(fixture.CloseAndJoin(false));
      correct += fixture.CodeOf(batch) == RTLIFT_OK;
    } else {
      fixture.recorder->WaitFor(1);
      ++correct;
    }
  }
  CHECK(correct == 1000);
}

// Cancels and closes at every moment of a job's life, for the sanitizers to watch.
void SurvivesRacesOfCancelAndClose() {
  for (int i = 0; i < 300; ++i) {
    Fixture fixture("echo");
    for (int k = 0; k < 8; ++k) fixture.Run({"a", "b"});
    for (int k = 7; k >= 0; k -= 1 + i % 3) fixture.model->Cancel(fixture.batches[k]->job);
    CHECK(fixture.CloseAndJoin(i % 2 == 0));
    CHECK(fixture.recorder->WaitFor(8).size() == 8);
  }
}

// The kind of memory that systems without memfd have; it must be there to grow more than once.
void SharesAFileWithoutAName() {
  constexpr size_t kBytes = 64 * 1024;
  int fd = -1;
  CHECK(CreateUnlinkedFile(&fd).ok());
  struct stat info;
  CHECK(fstat(fd, &info) == 0 && info.st_nlink == 0 && (info.st_mode & 077) == 0);
  for (uint64_t part = 0; part < 3; ++part) {
    void* here = nullptr;
    void* there = nullptr;
    CHECK(GrowSharedMemory(fd, (part + 1) * kBytes).ok());
    CHECK(MapSharedMemory(fd, part * kBytes, kBytes, &here).ok());
    CHECK(MapSharedMemory(fd, part * kBytes, kBytes, &there).ok());
    static_cast<char*>(here)[kBytes - 1] = 7;
    CHECK(static_cast<char*>(there)[kBytes - 1] == 7);
    FreeSharedMemory(fd, part * kBytes, kBytes);
    static_cast<char*>(there)[0] = 1;
    UnmapSharedMemory(here, kBytes);
    UnmapSharedMemory(there, kBytes);
  }
  CHECK(fstat(fd, &info) == 0 && info.st_size == off_t{3 * kBytes});
  close(fd);
}

int Main() {
  const struct {
    const char* name;
    void (*run)();
  } tests[] = {
      {"tells foreign libraries apart", TellsForeignLibrariesApart},
      {"unloads a library with its last owner", UnloadsWithTheLastOwner},
      {"runs jobs in order", RunsInOrder},
      {"runs two models at once", RunsTwoModelsAtOnce},
      {"returns results of any length", ReturnsResultsOfAnyLength},
      {"cancels a queued job and keeps the model", CancelsQueuedJobsAndSurvives},
      {"cancels a running job and discards the model", CancelsRunningJobsAndDiscards},
      {"discards the model after every fault but a bad batch", DiscardsAfterEveryFault},
      {"fails every job when creation fails", FailsEveryJobWhenCreationFails},
      {"hands a model its settings", HandsAModelItsSettings},
      {"reports activity where it is asked for", ReportsActivityWhereItIsAskedFor},
      {"counts changed bits by group", CountsChangedBitsByGroup},
      {"close runs what is queued", CloseRunsWhatIsQueued},
      {"close discards on request", CloseDiscardsOnRequest},
      {"bounds the log of a job", BoundsTheLog},
      {"shares a file without a name", SharesAFileWithoutAName},
      {"opens, runs and closes 1,000 times", OpensAndClosesAThousandTimes},
      {"survives races of cancel and close", SurvivesRacesOfCancelAndClose},
      {"lets an abandoned thread return later", AbandonedThreadsMayReturnLater},
      {"abandons a thread that never returns", AbandonsAThreadThatNeverReturns},
  };
  for (const auto& test : tests) {
    const int before = failures;
    test.run();
    std::printf("%s %s\n", failures == before ? "ok  " : "FAIL", test.name);
    std::fflush(stdout);
  }
  std::printf("%d failed checks\n", failures);
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace rtlift

int main() { return rtlift::Main(); }
