// The parts that all fake kernels share. Included last, once.
#ifndef FAKE_ABI_VERSION
#define FAKE_ABI_VERSION RTLIFT_ABI_VERSION
#endif
#ifndef FAKE_ACTIVITY_GROUPS
#define FAKE_ACTIVITY_GROUPS 0
#endif

// These seeds ask for a creation that fails, or prints.
#define FAKE_SEED_FAULT 0xdeadu
#define FAKE_SEED_LOG 0x106u

static RtliftModel* FakeCreate(const RtliftModelOptions* options, RtliftFault* fault) {
  if (options->seed == FAKE_SEED_FAULT) {
    FakeFault(fault, RTLIFT_MODEL_WARNING, 3, RTLIFT_NO_MESSAGE, "rom.hex: file not found");
    return NULL;
  }
  RtliftModel* model = calloc(1, sizeof(*model));
  if (model == NULL) return NULL;
  model->seed = options->seed;
  model->activity_every = options->activity_every;
  model->log = options->log;
  model->log_user = options->log_user;
  if (options->seed == FAKE_SEED_LOG) model->log(model->log_user, "created\n", 8);
  if (options->trace_path != NULL) {
    char text[160];
    const int length = snprintf(text, sizeof(text), "monitors %u, coverage %s, trace %s of %u to %u\n",
                                options->monitors, options->coverage_path, options->trace_path,
                                (unsigned)options->trace_from, (unsigned)options->trace_to);
    model->log(model->log_user, text, (size_t)length);
  }
  return model;
}

static int32_t FakeConfigure(RtliftModel* model, const RtliftRegisterWrite* writes, uint64_t count,
                             const volatile int32_t* cancel, RtliftFault* fault) {
  for (uint64_t i = 0; i < count; ++i) {
    ++model->cycle;
    if (FakeCancelled(cancel)) {
      return FakeFault(fault, RTLIFT_CANCELLED, model->cycle, RTLIFT_NO_MESSAGE, "cancelled");
    }
    if (writes[i].address != 0) {
      return FakeFault(fault, RTLIFT_REGISTER, model->cycle, RTLIFT_NO_MESSAGE,
                       "expected OKAY, got DECERR");
    }
    model->register0 = writes[i].data;
  }
  return RTLIFT_OK;
}

static uint64_t FakeCycles(const RtliftModel* model) { return model->cycle; }

static void FakeDestroy(RtliftModel* model) { free(model); }

__attribute__((visibility("default"))) const RtliftKernelApi* rtlift_kernel(void);

const RtliftKernelApi* rtlift_kernel(void) {
  static const RtliftKernelApi api = {
      FAKE_ABI_VERSION, sizeof(RtliftKernelApi), FAKE_NAME, "fake",     8,          4, 1, FAKE_ACTIVITY_GROUPS,
      FakeCreate,       FakeConfigure,           FakeRun,   FakeCycles, FakeDestroy};
  return &api;
}
