import { describe, expect, test } from 'vitest';
import { compareVersions } from '../../scripts/lib/tools.mjs';
import {
  buildKernel,
  bytes,
  defineKernel,
  FAST_FLAGS,
  fixedBytes,
  type Kernel,
  offload,
  pack,
  uint8,
  uint16,
  uint32,
} from '../../src/index.js';
import { VerilatorPath } from '../../src/paths/verilator.js';
import { mayEvaluateOnce, readDependencies } from '../../src/toolchain/combinational.js';
import { findToolchain } from '../../src/toolchain/toolchain.js';
import { byteEcho, byteSum, hdl } from '../support/fixture-kernels.js';
import { describeUnless, missingToolchain, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const sum = (message: Uint8Array): number => message.reduce((total, byte) => total + byte, 0);

const readyAfterValid = (): Kernel<Uint8Array, number> =>
  defineKernel({
    name: 'ready-after-valid',
    rtl: { top: 'ready_after_valid', sources: [hdl('ready_after_valid.v'), hdl('byte_sum.v')] },
    input: bytes(),
    output: uint32(),
    golden: sum,
  });

const throughWire = (): Kernel<Uint8Array, Uint8Array> =>
  defineKernel({
    name: 'through-wire',
    rtl: { top: 'through_wire', sources: [hdl('through_wire.v')] },
    input: bytes(),
    output: bytes(),
    golden: (message) => message,
  });

const halfCycle = (): Kernel<Uint8Array, number> =>
  defineKernel({
    name: 'half-cycle',
    rtl: { top: 'half_cycle', sources: [hdl('half_cycle.v')] },
    input: fixedBytes(4),
    output: uint16(),
    golden: sum,
  });

const gatedClock = (): Kernel<Uint8Array, number> =>
  defineKernel({
    name: 'gated-clock',
    rtl: { top: 'gated_clock', sources: [hdl('gated_clock.v')] },
    input: bytes(),
    output: uint8(),
    golden: (message) => sum(message) & 0xff,
    limits: { minMessageBytes: 1 },
  });

const clockAsData = (): Kernel<number, number> =>
  defineKernel({
    name: 'clock-as-data',
    rtl: { top: 'clock_as_data', sources: [hdl('clock_as_data.v')] },
    input: uint8(),
    output: uint8(),
    golden: (byte) => byte & 0xfe,
  });

const insideGenerate = (): Kernel<Uint8Array, number> =>
  defineKernel({
    name: 'inside-generate',
    rtl: { top: 'inside_generate', sources: [hdl('inside_generate.v')] },
    input: fixedBytes(1),
    output: uint8(),
    golden: sum,
  });

/** Kernels, and whether one evaluation a cycle is enough for them. */
const KERNELS: readonly (readonly [string, Kernel<Uint8Array, unknown>, boolean])[] = [
  ['registers between input and output (byteSum)', byteSum(), true],
  ['registers between input and output (byteEcho)', byteEcho({ upper: true }), true],
  ['tready that depends on tvalid', readyAfterValid(), false],
  ['outputs that are inputs', throughWire(), false],
  ['outputs that are inputs, by generate blocks inside an instance', insideGenerate(), false],
  ['a register on the falling edge', halfCycle(), false],
];

const missing = await missingToolchain();
const version = missing === null ? (await findToolchain()).verilator.version : '';
const hasXml = missing === null && compareVersions(version, '5.026') < 0;

describeUnless(missing, 'one evaluation a cycle', () => {
  test.each(KERNELS)('%s', async (_, kernel, isEnough) => {
    const { evaluatesOnce } = await buildKernel(kernel);
    // Without XML nothing is known of the dependencies, and two evaluations are always right.
    expect(evaluatesOnce).toBe(isEnough && hasXml);
  });

  test('is off where a clock is derived from the clock, or logic reads its level', async () => {
    expect((await buildKernel(gatedClock())).evaluatesOnce).toBe(false);
    expect((await buildKernel(clockAsData())).evaluatesOnce).toBe(false);
  });

  test('is off where the flags say so', async () => {
    const flags = { ...FAST_FLAGS, evaluateOnce: false };
    expect((await buildKernel(byteSum(), { flags })).evaluatesOnce).toBe(false);
  });
});

describeUnless(await missingVerilatorPath(), 'results and cycles', () => {
  test.each(KERNELS)('are the same with and without it: %s', async (_, kernel) => {
    const seed = testSeed();
    const random = new Random(seed);
    const size = kernel.input.fixedBytes;
    const messages =
      size === null
        ? random.messages(3_000, 100)
        : Array.from({ length: 3_000 }, () => random.bytes(size));
    const packed = pack(kernel.input, messages);
    const run = async (evaluateOnce: boolean) => {
      const path = await VerilatorPath.open(kernel, { flags: { ...FAST_FLAGS, evaluateOnce } });
      const both = [await path.runPacked(packed), await path.runPacked(packed)];
      await path.close();
      return both.map(({ results, counters }) => ({ results, counters: counted(counters) }));
    };
    const [once, twice] = [await run(true), await run(false)];
    expect(once).toEqual(twice);

    await using handle = await offload(kernel, { path: 'verilator' });
    compare({
      expected: messages.map(kernel.golden),
      actual: await handle.batch(messages),
      messages,
      seed,
    });
  });
});

/** The counters without host time. */
function counted(counters: unknown) {
  const { cycles, inBeats, inStalls, inBubbles, outBeats, outStalls, outBubbles, latencyCycles } =
    counters as Record<string, number>;
  return { cycles, inBeats, inStalls, inBubbles, outBeats, outStalls, outBubbles, latencyCycles };
}

describeUnless(await missingVerilatorPath(), 'a kernel that needs both levels of its clock', () => {
  test('a gated clock', async () => {
    await using handle = await offload(gatedClock(), { path: 'verilator' });
    const messages = [[1], [2, 3], [250, 10]].map((list) => Uint8Array.from(list));
    expect(await handle.batch(messages)).toEqual(messages.map(gatedClock().golden));
  });

  test('a clock that is read', async () => {
    await using handle = await offload(clockAsData(), { path: 'verilator' });
    expect(await handle.batch([7, 8, 255])).toEqual([6, 8, 254]);
  });
});

describe('the reading of a flattened netlist', () => {
  const process = (edge: string, ...names: string[]): string =>
    `<always><sentree><senitem edgeType="${edge}"><varref name="clk"/></senitem></sentree>${refs(names)}</always>`;
  const refs = (names: string[]): string =>
    names.map((name) => `<varref name="${name}"/>`).join('');
  const assign = (...names: string[]): string => `<contassign>${refs(names)}</contassign>`;
  const may = (...logic: string[]): boolean =>
    mayEvaluateOnce(readDependencies(`<m>${logic.join('')}</m>`), {
      clock: 'clk',
      resets: ['rst'],
      sampledOutputs: ['ready', 'data'],
      changingInputs: ['valid'],
    });

  test('ends a dependency at a register', () => {
    expect(may(process('POS', 'valid', 'q'), assign('q', 'data'))).toBe(true);
  });

  test('follows wires over several steps', () => {
    expect(may(assign('valid', 'a'), assign('a', 'b'), assign('b', 'ready'))).toBe(false);
    expect(may(assign('valid', 'a'), assign('b', 'ready'))).toBe(true);
  });

  test('takes a falling edge, any edge, and what it cannot read for unsafe', () => {
    expect(may(process('NEG', 'x', 'y'))).toBe(false);
    expect(may(process('ANY', 'x', 'y'))).toBe(false);
    expect(may('<contassign><funcref name="f"/></contassign>')).toBe(false);
    const nothing = { clock: 'clk', resets: ['rst'], sampledOutputs: [], changingInputs: [] };
    expect(mayEvaluateOnce(null, nothing)).toBe(false);
  });

  test('takes another clock, and the clock as data, for unsafe', () => {
    const on = (clock: string): string =>
      `<always><sentree><senitem edgeType="POS"><varref name="${clock}"/></senitem></sentree>${refs(['d', 'q'])}</always>`;
    const alias = (a: string, b: string): string => `<assignalias>${refs([a, b])}</assignalias>`;
    expect(may(on('clk'))).toBe(true);
    expect(may(alias('clk', 'u.clk'), on('u.clk'))).toBe(true);
    expect(may(on('gated'))).toBe(false);
    expect(may(assign('clk', 'gated'), on('clk'))).toBe(false);
    expect(may(alias('clk', 'u.clk'), assign('u.clk', 'x'), on('clk'))).toBe(false);
    // Asynchronous reset, active high: its edge never comes while batches run.
    expect(may(on('clk'), on('rst'))).toBe(true);
  });

  test('follows a variable whose name leaves out the top module in places', () => {
    const named = '<var name="valid"/><var name="top.u.x"/><var name="ready"/>';
    expect(may(named, assign('valid', 'u.x'), assign('top.u.x', 'ready'))).toBe(false);
    expect(may(named, assign('valid', 'u.y'), assign('top.u.x', 'ready'))).toBe(true);
  });

  test('takes an output that is an input itself for unsafe', () => {
    const dependencies = readDependencies('<m/>');
    const ports = { clock: 'clk', resets: ['rst'], sampledOutputs: ['x'], changingInputs: ['x'] };
    expect(mayEvaluateOnce(dependencies, ports)).toBe(false);
  });
});
