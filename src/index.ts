/**
 * rtlift: offload a hot operation to a Verilog kernel that Verilator simulates in the process, or to JavaScript, and
 * find out with numbers whether an FPGA is worth it.
 * @module
 */

export type {
  Advice,
  BreakEvenPoint,
  Constraint,
  Curve,
  PlaceAdvice,
  PlaceFigures,
  PoolAdvice,
  RightSize,
  SoftwareAdvice,
  Verdict as AdviceVerdict,
  VerdictKind,
  VerdictReason,
} from './advise/advice.js';
export { type AdviseOptions, advise, type LoadInput } from './advise/advise.js';
export type { ExplicitLoad, SizeShare } from './advise/load/load.js';
export { parseTrace, type TraceEntry } from './advise/load/trace.js';
export type { MeasuredHost, SoftwareTime } from './advise/software.js';
export type { Goal } from './advise/verdict.js';
export { type BreakEven, type BreakEvenInput, breakEven } from './devices/break-even.js';
export { DEVICES, deviceById } from './devices/catalogue.js';
export { cpuJoules, type EnergyMeter, startEnergy } from './devices/cpu-energy.js';
export { type CpuProfile, cpuProfile } from './devices/cpu-profiles.js';
export type { Clocks, Device, DeviceFamily, Resources } from './devices/device.js';
export { parseDevice, readDeviceFile } from './devices/device-file.js';
export {
  type DirectionTime,
  type Link,
  type LinkDirection,
  type LinkTime,
  linkTime,
  type Payload,
} from './devices/link.js';
export { LINKS } from './devices/links.js';
export type { Activity, Cells, DevicePower, PowerCoefficients } from './devices/power.js';
export {
  type Price,
  type PriceOverride,
  usdPerBillionMessages,
  withPrice,
} from './devices/price.js';
export { CPU_PRICES, F2_PRICE } from './devices/prices.js';
export {
  type Bound,
  type Projection,
  type ProjectionInput,
  project,
  type Workload,
} from './devices/project.js';
export { ratioOf } from './devices/range.js';
export { type ModelError, modelError, modelPoints } from './devices/validation/model-points.js';
export type { ModelPart, ModelPoint, PointRole } from './devices/validation/point.js';
export type {
  ActivityFigures,
  ActivityStats,
  ClockActivity,
  SampledActivity,
} from './dispatch/activity-stats.js';
export type { ChoiceKind } from './dispatch/choice/chooser.js';
export type { CandidatePath, Explanation, Flip } from './dispatch/choice/explain.js';
export type { DeviceChoice, DeviceQuestion } from './dispatch/choice/explain-device.js';
export type { ChoiceTable } from './dispatch/choice/table.js';
export {
  BATCH_CHANNEL,
  type BatchEvent,
  BUNDLE_CHANNEL,
  type BundleEvent,
  FAULT_CHANNEL,
  type FaultEvent,
  HISTOGRAM_CHANNEL,
  type HistogramEvent,
  MISMATCH_CHANNEL,
  type MismatchEvent,
} from './dispatch/events.js';
export type {
  BatchHistograms,
  HistogramBucket,
  HistogramFigures,
} from './dispatch/histograms.js';
export type { KeepOptions } from './dispatch/keep-mismatch.js';
export {
  type ChoiceOptions,
  type Offloaded,
  type OffloadOptions,
  offload,
} from './dispatch/offload.js';
export { type OpenTelemetryOptions, reportToOpenTelemetry } from './dispatch/open-telemetry.js';
export type { HealthOptions } from './dispatch/path-health.js';
export type { CallOptions } from './dispatch/queue/options.js';
export type { QueueFigures } from './dispatch/queue/queue-stats.js';
export type { BatchingOptions, SingleCallOptions } from './dispatch/single-calls.js';
export type { FallbackFigures, KernelStats, OffloadStats, RanFigures } from './dispatch/stats.js';
export type { StreamOptions } from './dispatch/stream.js';
export type { MessageTransform } from './dispatch/streams/web-transform.js';
export { ERROR_CODES, type ErrorCode, type ErrorDetails, RtliftError } from './errors.js';
export type { Figure, Provenance } from './figure.js';
export { type PackedBatch, pack, unpack } from './kernel/batch.js';
export { BitSet } from './kernel/bit-set.js';
export type { Codec, ValueOf } from './kernel/codec.js';
export {
  bitSet,
  bytes,
  fixedBytes,
  type RecordFields,
  type RecordOf,
  record,
  type UintOptions,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
} from './kernel/codecs.js';
export {
  defineKernel,
  type Kernel,
  type KernelDescriptor,
  type Limits,
  type ParameterValue,
  type ResolvedRtl,
  type Rtl,
} from './kernel/define-kernel.js';
export { type MdPaddedOptions, mdPadded } from './kernel/padded-codec.js';
export type {
  ClockRatio,
  InputMap,
  OutputMap,
  PortMap,
  StaticValue,
  StreamMap,
} from './kernel/port-map.js';
export { optional, streams } from './kernel/stream-codecs.js';
export { type ClassifyOptions, classify } from './kernels/classify.js';
export type { Verdict } from './kernels/classify-verdict.js';
export { type CrcModel, type CrcName, crc } from './kernels/crc.js';
export {
  type LiteralMatchOptions,
  type LiteralPattern,
  literalMatch,
  MAX_PATTERN_BYTES,
  MAX_PATTERNS,
} from './kernels/literal-match.js';
export {
  MAX_RECORD_BYTES,
  MAX_RULES,
  type RecordComparison,
  type RecordField,
  type RecordFilterOptions,
  type RecordMask,
  type RecordOperator,
  type RecordRule,
  recordFilter,
} from './kernels/record-filter.js';
export { type Sha1Options, sha1 } from './kernels/sha1.js';
export { type Sha256Options, sha256 } from './kernels/sha256.js';
export { type SiphashOptions, siphash } from './kernels/siphash.js';
export type { ActivityOptions } from './paths/activity.js';
export type {
  KernelCounters,
  PackedRunOptions,
  PathName,
  RunOptions,
  StimulusOptions,
} from './paths/path.js';
export { DISPLAY_CHANNEL } from './paths/verilator-model.js';
export {
  type CallProfile,
  type CallProfileReport,
  type ProfileOptions,
  profile,
} from './profile/calls/profile.js';
export { parseCallProfile } from './profile/calls/read-report.js';
export type { ActivityGroup, ActivityPlan } from './toolchain/activity-plan.js';
export {
  type BuildOptions,
  type BuildProgress,
  buildKernel,
  type KernelBuild,
} from './toolchain/build-kernel.js';
export type {
  Clock,
  Fit,
  HeldPort,
  InputStream,
  OutputStream,
  PortField,
  RegisterPorts,
  Reset,
  Signal,
  StreamPorts,
} from './toolchain/fit.js';
export {
  type BuildFlags,
  COVERAGE_FLAGS,
  FAST_FLAGS,
  PLAIN_FLAGS,
  TRACE_FLAGS,
  VERIFY_FLAGS,
} from './toolchain/flags.js';
export type { ToolMessage } from './toolchain/run-tool.js';
export { type BundleOptions, readBundle, writeBundle } from './verify/bundle.js';
export { checkFloor, type FloorFinding } from './verify/coverage/check-floor.js';
export type { CoverageData, CoveragePoint } from './verify/coverage/data.js';
export { type Floor, readFloor } from './verify/coverage/floor.js';
export { type LcovOptions, toLcov } from './verify/coverage/lcov.js';
export { mergeCoverage } from './verify/coverage/merge.js';
export { coveragePage, type PageOptions } from './verify/coverage/page.js';
export { type CoverageSummary, summarise } from './verify/coverage/summary.js';
export type { FourStateFinding, FourStateReport } from './verify/four-state/report.js';
export { type MutateOptions, type MutationReport, mutate } from './verify/mutate/run-mutants.js';
export type { Mutant } from './verify/mutate/schemata.js';
export { Random } from './verify/random.js';
export { type ReplayOptions, type ReplayReport, replay } from './verify/replay.js';
export type { Drive, Scenario } from './verify/scenario.js';
export type { Failure } from './verify/session.js';
export type { MakeInput } from './verify/values.js';
export {
  type Counterexample,
  type VerifyOptions,
  type VerifyReport,
  verify,
} from './verify/verify.js';
