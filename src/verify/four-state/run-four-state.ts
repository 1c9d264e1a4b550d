import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtliftError } from '../../errors.js';
import { pack } from '../../kernel/batch.js';
import type { Kernel } from '../../kernel/define-kernel.js';
import { checkRegisters, settingsOf } from '../../paths/settings.js';
import type { Fit } from '../../toolchain/fit.js';
import { beatsOf } from './beats.js';
import { writeBench } from './bench.js';
import { type BenchPlan, beatsFile, EVENTS_FILE, STEPS_FILE, WRITES_FILE } from './bench-plan.js';
import { readEvents } from './events.js';
import { compileBench, findIcarus, type Icarus, simulate } from './icarus.js';
import { Judge } from './judge.js';
import type { FourStateFinding, FourStateOptions, FourStateReport } from './report.js';
import { hex } from './verilog.js';

const DEFAULT_PROBABILITY = 0.2;
const DEFAULT_CYCLES = 100_000;
const DEFAULT_TIMEOUT_MS = 120_000;

const FROM_LANES =
  '; not so where lanes without tkeep and payload without valid hold a value: the kernel looks at them';

/** Options with their defaults. */
type Settled = Required<FourStateOptions>;

function settle(options: FourStateOptions): Settled {
  const settled: Settled = {
    bubbleProbability: DEFAULT_PROBABILITY,
    stallProbability: DEFAULT_PROBABILITY,
    maxCycles: DEFAULT_CYCLES,
    timeoutMs: DEFAULT_TIMEOUT_MS,
    hasUndefinedLanes: true,
    ...options,
  };
  const check = (arg: keyof Settled, isRight: (value: number) => boolean, what: string): void => {
    const got = settled[arg];
    if (typeof got === 'number' && isRight(got)) return;
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `${arg} is ${what}, got ${String(got)}`, {
      arg,
      got,
    });
  };
  const isChance = (value: number): boolean => value >= 0 && value < 1;
  const isCount = (value: number): boolean =>
    Number.isInteger(value) && value >= 1 && value < 2 ** 31;
  check('seed', Number.isSafeInteger, 'an integer');
  check('bubbleProbability', isChance, 'a number from 0 up to but not including 1');
  check('stallProbability', isChance, 'a number from 0 up to but not including 1');
  check('maxCycles', isCount, 'an integer 1..2^31-1');
  check('timeoutMs', isCount, 'an integer 1..2^31-1');
  return settled;
}

/** A start for each of the bench's generators, none of them 0. */
function seedsOf(seed: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    // The finaliser of MurmurHash3: close seeds give generators that have nothing in common.
    let z = (Math.imul(seed | 0, 0x9e3779b1) + Math.floor(seed / 2 ** 32) + i * 0x85ebca6b) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) & 0x7fffffff || 1;
  });
}

/** Refuses what the bench cannot drive. */
function checkFit(name: string, fit: Fit): void {
  const refuse = (expected: string, got: string): RtliftError =>
    new RtliftError(
      'ERR_RTLIFT_DESCRIPTOR_MISMATCH',
      `kernel ${name}: a run in four states takes ${expected}; module ${fit.top} has ${got}`,
      { kernel: name, top: fit.top, expected, got },
    );
  if (fit.clocks.length > 31) throw refuse('up to 31 clocks', `${fit.clocks.length}`);
  const odd = fit.held.find(({ width }) => width === null);
  if (odd) throw refuse('inputs that are vectors of bits', `${odd.name} of an unpacked type`);
}

/** Refuses a message that the kernel declared it cannot take. */
function checkLimits<I, O>({ name, input, limits }: Kernel<I, O>, message: I, index: number): void {
  const { minMessageBytes, maxMessageBytes } = limits;
  const size = input.sizeOf(message);
  if (size >= minMessageBytes && size <= maxMessageBytes) return;
  throw new RtliftError(
    size > maxMessageBytes ? 'ERR_RTLIFT_MESSAGE_TOO_LARGE' : 'ERR_RTLIFT_INVALID_ARG',
    `kernel ${name} takes messages of ${minMessageBytes}..${maxMessageBytes} bytes, got ${size} in message ${index}`,
    { kernel: name, got: size, messageIndex: index },
  );
}

/** Splits settings as native/driver/kernel_abi.h gives them: register writes, and words of ports that are held. */
function splitSettings(pairs: Uint32Array): { writes: string[]; heldWords: number[] } {
  const writes: string[] = [];
  const heldWords: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const [address, data] = [pairs[i] as number, pairs[i + 1] as number];
    if ((address & 3) === 1) heldWords[address >>> 2] = data;
    else writes.push(`${hex(address, 8)}${hex(data, 8)}`);
  }
  return { writes, heldWords };
}

/** One run: everything the simulator reads and writes lies in `folder`. */
async function runOnce<I, O>(
  kernel: Kernel<I, O>,
  fit: Fit,
  messages: readonly I[],
  options: Settled,
  icarus: Icarus,
  folder: string,
): Promise<{ findings: FourStateFinding[]; cycles: number }> {
  const batch = pack(kernel.input, messages);
  const beats = beatsOf(fit.inputs, batch, options.hasUndefinedLanes);
  const { writes, heldWords } = splitSettings(settingsOf(kernel, fit) ?? new Uint32Array(0));
  const plan: BenchPlan = {
    folder,
    messages: messages.length,
    beats: beats.map((lines) => lines.length),
    writes: writes.length,
    heldWords,
    seeds: seedsOf(options.seed, fit.inputs.length + 1),
    bubble: Math.round(options.bubbleProbability * 65_536),
    stall: Math.round(options.stallProbability * 65_536),
    // A core that may drop a message is given its time for that.
    limit: Math.max(options.maxCycles, (fit.output.quietCycles ?? 0) + 1),
    isUndefined: options.hasUndefinedLanes,
  };
  const bench = writeBench(fit, kernel.rtl, plan);
  const at = (name: string): string => join(folder, name);
  const lines = (name: string, all: readonly string[]): Promise<void> =>
    writeFile(at(name), `${all.join('\n')}\n`);
  await writeFile(at('bench.v'), bench.text);
  await lines(STEPS_FILE, bench.steps);
  await lines(WRITES_FILE, writes);
  await Promise.all(beats.map((all, i) => lines(beatsFile(i), all)));
  await writeFile(at(EVENTS_FILE), '');

  await compileBench(icarus, kernel.rtl, at('bench.v'), at('bench.vvp'));
  const { failure, remarks } = await simulate(
    icarus,
    at('bench.vvp'),
    at('simulation.log'),
    options.timeoutMs,
  );
  const events = await readEvents(at(EVENTS_FILE));
  const cycles = events.at(-1)?.cycle ?? 0;
  const judge = new Judge(kernel, fit, messages, bench.controls);
  const isOver = judge.follow(events);
  for (const text of remarks) judge.add('simulator', text);
  if (failure !== null || (!isOver && remarks.length === 0)) {
    const reason =
      failure ?? 'the design ended the run before the batch was answered ($finish or $stop)';
    judge.add('simulator', `${reason}; the last event was in cycle ${cycles}`);
  }
  return { findings: judge.findings, cycles };
}

/**
 * Runs messages through the RTL in Icarus Verilog, which knows x and z, and compares with the golden model.
 *
 * Registers and memories start as X; then come 8 cycles of reset on the slowest clock, the register writes, and the batch
 * with seeded bubbles and stalls. From reset on every handshake signal must be 0 or 1, and so must every bit of a result
 * that its codec looks at. An X that an `if` or a `case` swallows is not seen: such a branch takes its `else` or `default`. On the
 * other hand Icarus makes every bit of a sum X when one operand has one X, so a finding can be more careful than the
 * circuit is.
 * @param messages - a few dozen: Icarus is far slower than a Verilated model.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING` without Icarus Verilog, `ERR_RTLIFT_ELABORATION_FAILED` where it
 *   cannot read the sources, `ERR_RTLIFT_INVALID_ARG` and `ERR_RTLIFT_MESSAGE_TOO_LARGE` for messages and options that
 *   are out of range, `ERR_RTLIFT_DESCRIPTOR_MISMATCH` for ports that the bench cannot drive.
 */
export async function runFourState<I, O>(
  kernel: Kernel<I, O>,
  fit: Fit,
  messages: readonly I[],
  options: FourStateOptions,
): Promise<FourStateReport> {
  const settled = settle(options);
  checkFit(kernel.name, fit);
  checkRegisters(kernel, fit);
  messages.forEach((message, i) => {
    checkLimits(kernel, message, i);
  });
  const icarus = await findIcarus();
  const run = async (hasUndefinedLanes: boolean) => {
    const folder = await mkdtemp(join(tmpdir(), 'rtlift-four-state-'));
    try {
      return await runOnce(
        kernel,
        fit,
        messages,
        { ...settled, hasUndefinedLanes },
        icarus,
        folder,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const { findings, cycles } = await run(settled.hasUndefinedLanes);
  const report = { messages: messages.length, cycles, icarusVersion: icarus.version };
  const isTooSlow = findings.some(({ kind }) => kind === 'simulator');
  if (findings.length === 0 || !settled.hasUndefinedLanes || isTooSlow) {
    return { ...report, findings };
  }
  // Where it comes from: what the kernel may not look at, or its own state.
  const held = await run(false);
  const isFromLanes = ({ kind }: FourStateFinding): boolean =>
    !held.findings.some((other) => other.kind === kind || other.kind === 'simulator');
  return {
    ...report,
    findings: findings.map((finding) =>
      isFromLanes(finding) ? { ...finding, text: `${finding.text}${FROM_LANES}` } : finding,
    ),
  };
}
