// The C ABI between the host (native/host) and a kernel library: a shared object that holds one Verilated model
// and the driver around it. Plain C types only, so the two sides may come from different compilers.
#ifndef RTLIFT_DRIVER_KERNEL_ABI_H_
#define RTLIFT_DRIVER_KERNEL_ABI_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Raised whenever a struct below changes; a library of another version is refused, never guessed at.
#define RTLIFT_ABI_VERSION 3u
#define RTLIFT_ENTRY_POINT "rtlift_kernel"

#define RTLIFT_NO_MESSAGE UINT64_MAX

typedef enum RtliftStatus {
  RTLIFT_OK = 0,
  RTLIFT_CANCELLED = 1,       // the cancel flag was set
  RTLIFT_NO_PROGRESS = 2,     // no beat on any stream for no_progress_cycles
  RTLIFT_FINISH = 3,          // $finish
  RTLIFT_STOP = 4,            // $stop
  RTLIFT_FATAL = 5,           // $fatal
  RTLIFT_ASSERTION = 6,       // $error or a failed assertion
  RTLIFT_NO_CONVERGENCE = 7,  // combinational loop that does not settle
  RTLIFT_MODEL_WARNING = 8,   // a run-time warning of the model, such as a missing $readmemh file
  RTLIFT_PROTOCOL = 9,        // a rule of RtliftRule was broken
  RTLIFT_REGISTER = 10,       // an AXI4-Lite response other than OKAY
  RTLIFT_BAD_BATCH = 11,      // offsets that are not monotone, or outside the data
  RTLIFT_NO_MEMORY = 12,
  RTLIFT_INTERNAL = 13        // any other exception inside the library
} RtliftStatus;

// What a stream or register port did wrong; those from RTLIFT_RULE_VALID_DROPPED on are looked for by monitors only.
typedef enum RtliftRule {
  RTLIFT_RULE_NONE = 0,
  RTLIFT_RULE_RESULT_LENGTH = 1,           // a result of another length than its type's
  RTLIFT_RULE_RESULT_WITHOUT_MESSAGE = 2,  // before any message that it could answer
  RTLIFT_RULE_MISSING_RESULT = 3,          // every message was taken, some have no result, and nothing moves
  RTLIFT_RULE_PACKET_WITHOUT_END = 4,      // the same, in the middle of a result; or one past longest_result
  RTLIFT_RULE_KEEP_HOLE = 5,               // tkeep bits that are not contiguous from the first lane
  RTLIFT_RULE_KEEP_NOT_FULL = 6,           // a beat before tlast that is not full
  RTLIFT_RULE_RESPONSE = 7,                // an AXI4-Lite response other than OKAY
  RTLIFT_RULE_VALID_DROPPED = 8,           // tvalid fell before tready
  RTLIFT_RULE_PAYLOAD_CHANGED = 9,         // tdata, tkeep or tlast changed while stalled
  RTLIFT_RULE_KEEP_EMPTY = 10,             // a beat without a byte that is not an empty packet
  RTLIFT_RULE_OUTPUT_IN_RESET = 11,        // tvalid during reset
  RTLIFT_RULE_EXTRA_RESULT = 12,           // a result after the last message was answered
  RTLIFT_RULE_RESPONSE_WITHOUT_WRITE = 13  // an AXI4-Lite response that answers nothing
} RtliftRule;

typedef struct RtliftFault {
  int32_t status;          // RtliftStatus
  uint32_t rule;           // RtliftRule
  uint64_t cycle;          // clock cycles since the model was created
  uint64_t message_index;  // message whose result was awaited, or RTLIFT_NO_MESSAGE
  char text[496];          // NUL-terminated: what was expected, what was got, file and line of the RTL if known
} RtliftFault;

typedef struct RtliftModelOptions {
  uint64_t seed;  // of the initial values of registers that the RTL does not initialise
  // Receives what the RTL prints ($display, $write, %Error lines). Called on the thread that runs the model.
  void (*log)(void* user, const char* text, size_t length);
  void* log_user;
  uint32_t monitors;         // 1: check the protocol of every stream in every cycle
  uint32_t activity_every;   // 0, or count the bits that change in one cycle of so many; see activity_sampler.h
  // Only in a library that was built for it, else ignored. Borrowed until create returns.
  const char* coverage_path;  // NULL, or where the coverage of this model goes when it is destroyed
  const char* trace_path;     // NULL, or where the waveform of the cycles below goes
  uint64_t trace_from;        // clock cycles since creation
  uint64_t trace_to;          // exclusive
} RtliftModelOptions;

// A register write, or 32 bits of a static port. A register's address is a multiple of 4 and goes through AXI4-Lite;
// an address of 4 * n + 1 is word n of the ports that are held, lowest word first, in the order of the descriptor.
typedef struct RtliftRegisterWrite {
  uint32_t address;  // byte address
  uint32_t data;
} RtliftRegisterWrite;

// Bits of one group of the model that changed, counted over the sampled cycles of one run.
typedef struct RtliftActivity {
  uint64_t samples;  // cycles looked at, of the group's clock
  uint64_t toggles;  // bits that changed in them
} RtliftActivity;

// A batch in Arrow's variable-size binary layout: message i is data[offsets[i]] .. data[offsets[i + 1]].
// Everything is borrowed for the time of the call.
typedef struct RtliftBatch {
  const uint8_t* data;
  const int32_t* offsets;  // message_count + 1, monotone, offsets[0] >= 0
  uint64_t data_bytes;     // length of data: no offset may lie above it
  uint64_t message_count;

  // Results of a fixed width: result_bytes > 0, results holds message_count * result_bytes.
  // Results of any length: result_bytes == 0; result_offsets holds message_count + 1; the library asks for room with
  // grow, which returns a buffer of at least `bytes` that keeps what was written before, or NULL.
  uint8_t* results;
  uint32_t result_bytes;
  uint32_t longest_result;  // bytes; a result of any length that goes on after so many never ends; 0: no such limit
  int32_t* result_offsets;
  uint64_t* result_cycles;  // NULL, or room for message_count: the cycle of each result's last beat
  uint8_t* (*grow)(void* user, uint64_t bytes);
  void* grow_user;

  uint64_t no_progress_cycles;   // watchdog; 0 switches it off
  uint64_t stimulus_seed;        // of the bubbles and stalls below
  uint32_t bubble_per_65536;     // chance that the source withholds a beat in a cycle
  uint32_t stall_per_65536;      // chance that the sink lowers tready in a cycle
  uint32_t isolate;              // 1: a message is sent only when the one before has its result, and some cycles later
  uint32_t reserved2;
  const uint8_t* pattern;        // NULL, or a byte a cycle in place of the chances above; see stimulus.h
  uint64_t pattern_cycles;       // no bubbles and stalls from this cycle on
  uint64_t reset_at;             // 0, or cycles into the run: reset, write settings again, send what has no result;
                                 // a design without a reset is left alone
  RtliftActivity* activity;      // NULL, or room for activity_groups; written only by a run that gives RTLIFT_OK
  const volatile int32_t* cancel;  // read once a cycle; any value but 0 ends the run with RTLIFT_CANCELLED
} RtliftBatch;

// Counted over one run. A beat is a cycle with tvalid && tready.
typedef struct RtliftCounters {
  uint64_t cycles;
  uint64_t in_beats;
  uint64_t in_stalls;    // source valid, kernel not ready
  uint64_t in_bubbles;   // kernel ready, source has nothing to offer while messages remain
  uint64_t out_beats;
  uint64_t out_stalls;   // kernel valid, sink not ready
  uint64_t out_bubbles;  // sink ready, kernel has nothing to offer
  uint64_t latency_cycles;  // first beat accepted to first result beat of the run; 0 for an empty batch
  uint64_t host_ns;      // monotonic host time spent inside run: simulator speed, not accelerator speed
} RtliftCounters;

typedef struct RtliftModel RtliftModel;

typedef struct RtliftKernelApi {
  uint32_t abi_version;
  uint32_t struct_bytes;    // sizeof(RtliftKernelApi) as the library saw it
  const char* name;         // of the kernel
  const char* build_id;     // the cache key of sources, parameters, flags and tool versions
  uint32_t in_beat_bytes;   // width of s_axis_tdata
  uint32_t out_beat_bytes;  // width of m_axis_tdata
  uint32_t has_registers;   // 1 when the design has an s_axil_* port
  uint32_t activity_groups;  // groups of bits whose changes can be counted; 0 where nothing is known of the registers

  // Creates a model and resets it, which one with static ports leaves to configure. NULL on failure, with *fault filled in.
  RtliftModel* (*create)(const RtliftModelOptions* options, RtliftFault* fault);
  // Sets static ports, then resets the model if it has any; then writes registers through AXI4-Lite, in order.
  // Returns an RtliftStatus.
  int32_t (*configure)(RtliftModel* model, const RtliftRegisterWrite* writes, uint64_t count,
                       const volatile int32_t* cancel, RtliftFault* fault);
  // Runs one batch to its last result. Returns an RtliftStatus; counters are filled in either way. After any status
  // but RTLIFT_OK and RTLIFT_BAD_BATCH the model is unusable and only destroy may follow.
  int32_t (*run)(RtliftModel* model, const RtliftBatch* batch, RtliftCounters* counters, RtliftFault* fault);
  // Clock cycles since creation. Unlike the others it may be called from another thread while a batch runs.
  uint64_t (*cycles)(const RtliftModel* model);
  void (*destroy)(RtliftModel* model);
} RtliftKernelApi;

// The only symbol a kernel library exports.
typedef const RtliftKernelApi* (*RtliftKernelEntry)(void);

#ifdef __cplusplus
}  // extern "C"

static_assert(sizeof(void*) == 8, "rtlift kernel libraries are 64-bit");
static_assert(sizeof(RtliftFault) == 520 && offsetof(RtliftFault, text) == 24, "RtliftFault layout");
static_assert(sizeof(RtliftActivity) == 16, "RtliftActivity layout");
static_assert(sizeof(RtliftBatch) == 152 && offsetof(RtliftBatch, cancel) == 144, "RtliftBatch layout");
static_assert(sizeof(RtliftModelOptions) == 64, "RtliftModelOptions layout");
static_assert(sizeof(RtliftCounters) == 72, "RtliftCounters layout");
static_assert(sizeof(RtliftKernelApi) == 80, "RtliftKernelApi layout");
#endif

#endif  // RTLIFT_DRIVER_KERNEL_ABI_H_
