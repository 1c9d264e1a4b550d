import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Chooser } from '../../src/dispatch/choice/chooser.js';
import { Dispatcher } from '../../src/dispatch/dispatcher.js';
import { StatsRecorder } from '../../src/dispatch/stats.js';
import { ArrayWork, PackedWork } from '../../src/dispatch/work.js';
import { bytes, defineKernel, offload, pack, uint32 } from '../../src/index.js';
import { copyInSlices, packInSlices } from '../../src/kernel/batch-slices.js';
import { fillRegion, layOut, readResults } from '../../src/paths/isolated/layout.js';
import { JavascriptPath } from '../../src/paths/javascript.js';
import { PieceMemory } from '../../src/paths/pieces.js';
import { PoolPath } from '../../src/paths/pool.js';
import { rejected } from '../support/errors.js';
import { ScriptedPath, SUM } from './scripted-path.js';

const N = 1_000;
const messages = Array.from({ length: N }, (_, i) => Uint8Array.of(i, i >> 8));
const packed = pack(SUM.input, messages);
const sums = messages.map((message) => SUM.golden(message));
const results = pack(SUM.output, sums);
/** A codec that is not bytes themselves, so that every value is checked and decoded. */
const NUMBERS = defineKernel({
  name: 'numbers',
  rtl: { top: 'numbers', sources: ['/none.v'] },
  input: uint32(),
  output: bytes(),
  golden: (n: number) => new Uint8Array(n % 3),
});
const numbers = Array.from({ length: N }, (_, i) => i);

/** A millisecond passes with every look at the clock, so a slice of 5 ms takes 5 looks, and looks come with every message. */
let looks = Math.ceil(performance.now());
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => ++looks);
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface Turns {
  readonly turns: number;
  /** Most looks between two of them. */
  readonly longest: number;
}

/** Counts the turns of the event loop until it has settled. */
async function turnsOf(work: () => unknown): Promise<Turns> {
  const before = looks;
  let [turns, longest, isDone, last] = [0, 0, false, before];
  const count = (): void => {
    longest = Math.max(longest, looks - last);
    last = looks;
    if (isDone) return;
    turns++;
    setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  longest = Math.max(longest, looks - last);
  return { turns, longest };
}

const javascript = new JavascriptPath(SUM);

describe('a batch of many messages lets the event loop turn while it', () => {
  const works: readonly (readonly [string, () => unknown])[] = [
    ['is measured', () => ArrayWork.measured(SUM, messages, undefined, false)],
    ['is measured against limits', () => ArrayWork.measured(SUM, messages, undefined, true)],
    ['has its offsets checked', () => PackedWork.checked(SUM, packed, undefined, false)],
    [
      'has its packed values checked',
      () => PackedWork.checked(NUMBERS, pack(NUMBERS.input, numbers), undefined, false),
    ],
    ['is packed', () => packInSlices(SUM.input, messages)],
    ['runs on the golden model', () => javascript.run(messages)],
    ['runs on it packed', () => javascript.runPacked(packed)],
    [
      'runs on it packed, over its own messages',
      () => {
        const data = new Uint8Array(4 * N);
        data.set(packed.data);
        return javascript.runPacked({ ...packed, data }, { into: data });
      },
    ],
    [
      'runs on it packed, with results of any size',
      () => new JavascriptPath(NUMBERS).runPacked(pack(NUMBERS.input, numbers)),
    ],
    ['is compared', () => new ArrayWork(SUM, messages, undefined).difference(sums, [...sums])],
    [
      'is compared packed',
      () => new PackedWork(SUM, packed, undefined).difference(results, { ...results }),
    ],
    [
      'is cut and joined by a pool',
      () => new PoolPath(SUM, [new ScriptedPath('verilator'), javascript]).run(messages),
    ],
  ];

  test.each(works)('%s', async (_, work) => {
    const { turns, longest } = await turnsOf(work);
    expect(turns).toBeGreaterThan(N / 10);
    expect(longest).toBeLessThan(20);
  });
});

test('a message of many pages is copied in slices', async () => {
  const large = new Uint8Array(256 * 65_536);
  expect(
    (await turnsOf(() => copyInSlices(new Uint8Array(large.length), large))).turns,
  ).toBeGreaterThan(5);
  const batch = await new PieceMemory().pack(bytes(), [large.fill(7)], 0, 1);
  expect(Buffer.compare(batch.data, large)).toBe(0);
  expect([...batch.offsets]).toEqual([0, large.length]);
});

/** toEqual() takes seconds over a megabyte. */
function same(a: ArrayBufferView | undefined, b: ArrayBufferView): boolean {
  const [one, other] = [a ?? new Uint8Array(), b].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return (one as Buffer).equals(other as Buffer);
}

test('a batch goes into shared memory, and its results out of it, in slices', async () => {
  const payload = new Uint8Array(256 * 65_536).fill(7);
  // As one message behind others, and as many small ones.
  for (const offsets of [
    Int32Array.of(5, payload.length),
    Int32Array.from({ length: 1_000_001 }, (_, i) => i),
  ]) {
    const n = offsets.length - 1;
    const batch = {
      ...{ data: payload, offsets, resultBytes: 0, noProgressCycles: 0 },
      ...{ bubble: 0, stall: 0, stimulusSeed: 0n },
    };
    const dataBytes = (offsets[n] as number) - (offsets[0] as number);
    const layout = layOut(n, dataBytes, 0);
    const memory = new ArrayBuffer(layout.bytes);
    const region = { place: { offset: 0, bytes: layout.bytes }, memory };
    const filling = await turnsOf(() => fillRegion(batch, layout, region, undefined));
    expect(filling.turns).toBeGreaterThan(5);
    expect(filling.longest).toBeLessThan(20);
    const shared = new Int32Array(memory, 0, n + 1);
    expect(
      same(
        shared,
        offsets.map((at) => at - (offsets[0] as number)),
      ),
    ).toBe(true);
    // The results are the messages.
    new Int32Array(memory, layout.resultsAt, n + 1).set(new Int32Array(memory, 0, n + 1));
    const from = new Uint8Array(memory, layout.dataAt, dataBytes);
    new Uint8Array(memory, layout.resultsAt + 4 * (n + 1), dataBytes).set(from);
    const read = readResults(batch, memory, layout.resultsAt);
    expect((await turnsOf(() => read.more)).turns).toBeGreaterThan(5);
    const { resultData, resultOffsets } = read.results;
    expect(same(resultData, from)).toBe(true);
    expect(same(resultOffsets, shared)).toBe(true);
    if (n > 1) continue;
    const results = new Uint8Array(dataBytes);
    const { more } = readResults(
      { ...batch, resultBytes: dataBytes, results },
      memory,
      layout.dataAt,
    );
    expect((await turnsOf(() => more)).turns).toBeGreaterThan(5);
    expect(same(results, from)).toBe(true);
  }
});

test('a golden model that takes milliseconds a message holds the loop for one slice and a message', async () => {
  let now = looks;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  let [inTurn, most] = [0, 0];
  const slow = defineKernel({
    name: 'slow',
    rtl: { top: 'slow', sources: ['/none.v'] },
    input: bytes(),
    output: uint32(),
    golden: (message) => {
      now += 4;
      most = Math.max(most, ++inTurn);
      return message[0] ?? 0;
    },
  });
  const path = new JavascriptPath(slow);
  for (const run of [
    () => path.run(messages.slice(0, 100)),
    () => path.runPacked(pack(slow.input, messages.slice(0, 100))),
  ]) {
    // What is left of a slice before is not this one's.
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    inTurn = 0;
    let isDone = false;
    const turn = (): void => {
      inTurn = 0;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    await run();
    isDone = true;
  }
  // The clock of the other tests does not run backwards.
  looks = now;
  // 5 ms are over after two of them.
  expect(most).toBe(2);
});

test('many batches share the slice of a turn', async () => {
  const paths = [1, 2, 3, 4, 5, 6].map(() => new JavascriptPath(SUM));
  const { turns, longest } = await turnsOf(() =>
    Promise.all(paths.map((path) => path.run(messages))),
  );
  expect(turns).toBeGreaterThan((paths.length * N) / 10);
  // Each looks once more when it is its turn, and may have begun in the first.
  expect(longest).toBeLessThan(30);
});

test('a check of a large batch lets the event loop turn, and finds the wrong result', async () => {
  const verilator = new ScriptedPath('verilator', ['right', 'wrong']);
  const dispatcher = new Dispatcher<Uint8Array, number>({
    kernel: SUM,
    paths: [javascript, verilator],
    javascript,
    chooser: new Chooser(['verilator', 'javascript'], { isFrozen: true }),
    failed: new Map([['javascript', 'not to be chosen']]),
    checkShare: 1,
    stats: new StatsRecorder(),
  });
  for (const wasWrong of [false, true]) {
    const { turns } = await turnsOf(async () => {
      const run = await dispatcher.run(new ArrayWork(SUM, messages, undefined, 2 * N));
      expect(run.results).toEqual(sums);
    });
    expect(turns).toBeGreaterThan((2 * N) / 10);
    expect(dispatcher.barred('verilator') !== null).toBe(wasWrong);
  }
});

test('calls keep their order behind a large batch, whose array is still being measured', async () => {
  await using run = await offload(SUM, { path: 'javascript' });
  const order: string[] = [];
  const note = (name: string) => (): void => void order.push(name);
  await Promise.all([
    run.batch(messages).then(note('large')),
    run.batch(messages.slice(0, 1)).then(note('small')),
    run.packed(packed).then(note('packed')),
    run.batch([]).then(note('empty')),
  ]);
  expect(order).toEqual(['large', 'small', 'packed', 'empty']);
});

test('a bad message far into a large batch is refused by its place, and the next batch runs', async () => {
  await using run = await offload(SUM, { path: 'javascript' });
  const bad = [...messages];
  bad[900] = 'x' as never;
  const [refused, next] = [run.batch(bad), run.batch(messages)];
  const error = await rejected('ERR_RTLIFT_INVALID_ARG', refused);
  expect(error.details.messageIndex).toBe(900);
  expect(await next).toEqual(sums);
  const offsets = packed.offsets.slice();
  offsets[901] = 5;
  await rejected('ERR_RTLIFT_INVALID_ARG', run.packed({ ...packed, offsets }));
  expect(run.stats().failed.value).toBe(2);
});

test('an abort is heeded between two slices', async () => {
  const controller = new AbortController();
  await using run = await offload(SUM, { path: 'javascript' });
  const running = run.batch(messages, { signal: controller.signal });
  setImmediate(() => setImmediate(() => controller.abort('enough')));
  await expect(running).rejects.toBe('enough');
});

test('results go where the messages lie', async () => {
  await using run = await offload(SUM, { path: 'javascript' });
  const data = new Uint8Array(4 * N);
  data.set(packed.data);
  await run.packed({ ...packed, data }, { into: data });
  expect([...new Uint32Array(data.buffer)]).toEqual(sums);
});
