import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Chooser } from '../../src/dispatch/choice/chooser.js';
import { Dispatcher, type DispatcherOptions } from '../../src/dispatch/dispatcher.js';
import {
  BATCH_CHANNEL,
  FAULT_CHANNEL,
  MISMATCH_CHANNEL,
  type MismatchEvent,
} from '../../src/dispatch/events.js';
import { CallQueue } from '../../src/dispatch/queue/call-queue.js';
import { type OffloadStats, StatsRecorder } from '../../src/dispatch/stats.js';
import { ArrayWork, PackedWork } from '../../src/dispatch/work.js';
import { RtliftError } from '../../src/errors.js';
import { pack } from '../../src/kernel/batch.js';
import { bytes } from '../../src/kernel/codecs.js';
import { defineKernel } from '../../src/kernel/define-kernel.js';
import { JavascriptPath } from '../../src/paths/javascript.js';
import type { Path } from '../../src/paths/path.js';
import { rejected } from '../support/errors.js';
import { ScriptedPath, type Step, SUM } from './scripted-path.js';

const fault = (): RtliftError => new RtliftError('ERR_RTLIFT_KERNEL_STOP', 'stopped');
const messages = (n: number): Uint8Array[] =>
  Array.from({ length: n }, (_, i) => Uint8Array.of(i, 1));
const right = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

interface Setup {
  readonly dispatcher: Dispatcher<Uint8Array, number>;
  readonly javascript: ScriptedPath;
  readonly verilator: ScriptedPath;
  readonly stats: StatsRecorder;
  run(n: number): Promise<number[]>;
}

/** A chooser that knows the second path to be the faster one, and tries no other. */
function setUp(
  script: Step[] = [],
  options: Partial<DispatcherOptions<Uint8Array, number>> = {},
): Setup {
  const javascript = new ScriptedPath('javascript');
  const verilator = new ScriptedPath('verilator', script);
  const chooser = new Chooser(
    ['javascript', 'verilator'],
    { isFrozen: true },
    {
      models: {
        javascript: { coefficients: [9e9, 0, 0], observations: 1 },
        verilator: { coefficients: [1, 0, 0], observations: 1 },
      },
      cells: {},
    },
  );
  const stats = new StatsRecorder();
  const dispatcher = new Dispatcher<Uint8Array, number>({
    kernel: SUM,
    paths: [javascript, verilator],
    javascript,
    chooser,
    failed: new Map(),
    checkShare: 0,
    stats,
    health: { firstRestMs: 20, longestRestMs: 40 },
    now: () => clockMs,
    ...options,
  });
  const run = async (n: number): Promise<number[]> => {
    const { results } = await dispatcher.run(new ArrayWork(SUM, messages(n), undefined));
    return results;
  };
  return { dispatcher, javascript, verilator, stats, run };
}

/** Rests go by this clock: nothing here waits, and nothing is late on a busy machine. */
let clockMs = 0;
const snapshot = (stats: StatsRecorder): OffloadStats => {
  const queue = new CallQueue({ kernelName: 'sum', run: async () => [], sizeOf: () => 0 });
  const of = { kernel: 'sum', path: 'javascript', reason: '' } as const;
  return stats.snapshot({ ...of, queue: queue.stats(), histograms: [], lostThreads: 0 });
};
const rest = (ms: number): void => {
  clockMs += ms;
};

function listen(channel: string): { readonly events: unknown[]; stop(): void } {
  const events: unknown[] = [];
  const hear = (event: unknown): void => void events.push(event);
  subscribe(channel, hear);
  return { events, stop: () => unsubscribe(channel, hear) };
}

describe('a path that fails', () => {
  test('has its batch run again on the golden model, and rests', async () => {
    const { run, javascript, verilator, dispatcher, stats } = setUp([fault()]);
    const heard = listen(FAULT_CHANNEL);
    expect(await run(3)).toEqual(right(3));
    heard.stop();
    expect(heard.events).toEqual([
      {
        kernel: 'sum',
        path: 'verilator',
        code: 'ERR_RTLIFT_KERNEL_STOP',
        message: 'stopped',
        messages: 3,
        restMs: 20,
      },
    ]);
    expect([verilator.batches, javascript.batches]).toEqual([1, 1]);
    expect(dispatcher.barred('verilator')).toContain('stopped');
    expect(await run(2)).toEqual(right(2));
    expect([verilator.batches, javascript.batches]).toEqual([1, 2]);
    const { ran, fallbacks } = snapshot(stats);
    expect(ran).toMatchObject([
      { path: 'javascript', reason: 'fallback', messages: { value: 3 } },
      { path: 'javascript', reason: 'only', messages: { value: 2 } },
    ]);
    expect(fallbacks).toMatchObject([
      { path: 'verilator', code: 'ERR_RTLIFT_KERNEL_STOP', batches: { value: 1 } },
    ]);
  });

  test('is given one checked batch at a time after its rest, and all again after three right ones', async () => {
    const { run, verilator, stats, dispatcher } = setUp([fault()]);
    await run(1);
    rest(30);
    expect(dispatcher.health('verilator')?.state).toBe('half-open');
    const both = await Promise.all([run(1), run(2)]);
    expect(both).toEqual([right(1), right(2)]);
    expect(verilator.batches).toBe(2);
    await run(1);
    await run(1);
    expect(dispatcher.health('verilator')?.state).toBe('open');
    expect(snapshot(stats).checks.batches.value).toBe(3);
    await Promise.all([run(1), run(2)]);
    expect(verilator.batches).toBe(6);
  });

  test('rests twice as long where it fails its proof', async () => {
    const { run, dispatcher } = setUp([fault(), 'wrong']);
    await run(1);
    rest(30);
    expect(await run(2)).toEqual(right(2));
    rest(25);
    expect(dispatcher.health('verilator')?.state).toBe('resting');
    rest(25);
    expect(dispatcher.health('verilator')?.state).toBe('half-open');
  });

  test('counts once where several batches are under way', async () => {
    const { run, dispatcher } = setUp([fault(), fault(), fault()]);
    const all = await Promise.all([run(1), run(2), run(3)]);
    expect(all).toEqual([right(1), right(2), right(3)]);
    rest(25);
    expect(dispatcher.health('verilator')?.state).toBe('half-open');
  });

  test('is an error where the caller named it', async () => {
    const verilator = new ScriptedPath('verilator', [fault()]);
    const { dispatcher } = setUp([], { paths: [verilator], chooser: null });
    await rejected(
      'ERR_RTLIFT_KERNEL_STOP',
      dispatcher.run(new ArrayWork(SUM, messages(1), undefined)),
    );
    // And does not rest: there is nothing to go to.
    const { results } = await dispatcher.run(new ArrayWork(SUM, messages(2), undefined));
    expect(results).toEqual(right(2));
    expect(verilator.batches).toBe(2);
  });

  test('is not blamed for an abort, nor for a message that no path takes', async () => {
    const bad = new RtliftError('ERR_RTLIFT_INVALID_ARG', 'bad');
    const { dispatcher, verilator, javascript } = setUp([bad]);
    await rejected(
      'ERR_RTLIFT_INVALID_ARG',
      dispatcher.run(new ArrayWork(SUM, messages(1), undefined)),
    );
    verilator.delayMs = 5;
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = dispatcher.run(new ArrayWork(SUM, messages(1), { signal }));
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    expect(dispatcher.barred('verilator')).toBeNull();
    expect(javascript.batches).toBe(0);
  });
});

describe('a result that is wrong', () => {
  test('is found by a check; the caller gets the golden one', async () => {
    const { run, dispatcher, stats } = setUp(['right', 'wrong'], { checkShare: 1 });
    const heard = listen(MISMATCH_CHANNEL);
    expect(await run(3)).toEqual(right(3));
    expect(await run(3)).toEqual(right(3));
    heard.stop();
    expect(heard.events).toMatchObject([
      { path: 'verilator', messageIndex: 2, expected: '03000000', actual: '04000000', restMs: 20 },
    ]);
    expect(dispatcher.barred('verilator')).toContain('differs from the golden model');
    expect(dispatcher.last).toMatchObject({
      path: 'javascript',
      reason: 'fallback',
      failure: 'message 2 differs from the golden model',
    });
    const { checks } = snapshot(stats);
    expect([checks.batches.value, checks.mismatches.value]).toEqual([2, 1]);
  });

  test('goes out where no check looks at it', async () => {
    const { run } = setUp(['wrong'], { checkShare: 0.5, random: () => 0.5 });
    expect(await run(1)).not.toEqual(right(1));
  });

  test('is replaced in the buffer that the caller lent', async () => {
    const { dispatcher } = setUp(['wrong'], { checkShare: 1 });
    const into = new Uint8Array(16);
    const batch = pack(SUM.input, messages(3));
    const { results } = await dispatcher.run(new PackedWork(SUM, batch, { into }));
    expect([...new Uint32Array(into.buffer, 0, 3)]).toEqual(right(3));
    expect(results.data.buffer).toBe(into.buffer);
  });

  test('is an error where the caller named the path', async () => {
    const verilator = new ScriptedPath('verilator', ['wrong']);
    const { dispatcher } = setUp([], { paths: [verilator], chooser: null, checkShare: 1 });
    const error = await rejected(
      'ERR_RTLIFT_RESULT_MISMATCH',
      dispatcher.run(new ArrayWork(SUM, messages(2), undefined)),
    );
    expect(error.details).toMatchObject({ messageIndex: 1, path: 'verilator' });
  });
});

test('an event says where each batch ran and why', async () => {
  const { run } = setUp([fault()]);
  const heard = listen(BATCH_CHANNEL);
  await run(2);
  await run(1);
  heard.stop();
  expect(heard.events).toMatchObject([
    {
      path: 'javascript',
      chosen: 'verilator',
      reason: 'fallback',
      messages: 2,
      bytesIn: 4,
      ok: true,
    },
    {
      path: 'javascript',
      chosen: 'javascript',
      reason: 'only',
      messages: 1,
      sizeClass: '2..3 B x 1',
      ok: true,
    },
  ]);
});

test('whatever the paths do, each batch settles once, in order, and is right', async () => {
  const step = fc.oneof(
    fc.constant<Step>('right'),
    fc.constant<Step>('wrong'),
    fc.constant<Step>(fault()),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 20 }),
      async (script, sizes) => {
        const { run, dispatcher } = setUp([...script], {
          checkShare: 1,
          health: { firstRestMs: 0, longestRestMs: 1 },
          now: () => clockMs++,
        });
        const settled: number[] = [];
        await Promise.all(
          sizes.map(async (n, i) => {
            expect(await run(n)).toEqual(right(n));
            settled.push(i);
          }),
        );
        expect(settled).toEqual(sizes.map((_, i) => i));
        await dispatcher.close();
      },
    ),
    { numRuns: 200 },
  );
});

test('a result of any length is told by its start', async () => {
  const long = defineKernel({
    name: 'long',
    rtl: { top: 'long', sources: ['/none.v'] },
    input: bytes(),
    output: bytes(),
    golden: () => new Uint8Array(5_000).fill(0xab),
  });
  const javascript = new JavascriptPath(long);
  const verilator: Path<Uint8Array, Uint8Array> = {
    name: 'verilator',
    run: async () => ({ ...(await javascript.run([])), results: [new Uint8Array(4_000)] }),
    runPacked: () => Promise.reject(new Error('not asked')),
    close: async () => undefined,
  };
  const events: MismatchEvent[] = [];
  const note = (event: unknown): void => void events.push(event as MismatchEvent);
  subscribe(MISMATCH_CHANNEL, note);
  const dispatcher = new Dispatcher({
    ...{ kernel: long, paths: [verilator], javascript, chooser: null, failed: new Map() },
    ...{ checkShare: 1, stats: new StatsRecorder() },
  });
  const running = dispatcher.run(new ArrayWork(long, [Uint8Array.of(1)], undefined));
  const { details } = await rejected('ERR_RTLIFT_RESULT_MISMATCH', running);
  unsubscribe(MISMATCH_CHANNEL, note);
  expect(events[0]?.expected).toBe(`${'ab'.repeat(1024)}... (5000 bytes)`);
  expect(events[0]?.actual).toBe(`${'00'.repeat(1024)}... (4000 bytes)`);
  expect(details.expected).toBe(events[0]?.expected);
});
