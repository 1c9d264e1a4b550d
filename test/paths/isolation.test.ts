import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { alwaysVerilator } from '../../bench/support/always-verilator.js';
import { offload } from '../../src/index.js';
import { IsolatedModel } from '../../src/paths/isolated/isolated-model.js';
import { layOut } from '../../src/paths/isolated/layout.js';
import { RestartBackoff } from '../../src/paths/isolated/restart-backoff.js';
import { loadAddon } from '../../src/paths/native-addon.js';
import { buildKernel } from '../../src/toolchain/build-kernel.js';
import { rejected } from '../support/errors.js';
import { byteEcho, byteSum, FAULT, firstByte } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { testSeed } from '../support/seed.js';

const missing =
  (await missingVerilatorPath()) ??
  (process.platform === 'linux' ? null : 'children are found through /proc');

/** Children of this process; the compilers among them have ended when a handle is open. */
function children(): number[] {
  const text = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

const hasEnded = async (pid: number): Promise<boolean> => {
  for (let i = 0; i < 100; i++) {
    if (!children().includes(pid)) return true;
    await sleep(50);
  }
  return false;
};

const ISOLATED = { path: 'verilator', isolation: 'process' } as const;

describeUnless(missing, 'a model in a process of its own', () => {
  test('crashes there: a typed error, and the next batch has a new process', async () => {
    await using run = await offload(firstByte('fault_crash'), ISOLATED);
    expect(await run.batch([Uint8Array.of(7)])).toEqual([7]);
    const error = await rejected(
      'ERR_RTLIFT_CHILD_EXITED',
      run.batch([Uint8Array.of(3), Uint8Array.of(FAULT)]),
    );
    expect(error.message).toContain('SIGSEGV');
    expect(await run.batch([Uint8Array.of(8)])).toEqual([8]);
  });

  test('crashes while others wait: they run in the next process, once each and in order', async () => {
    await using run = await offload(firstByte('fault_crash'), ISOLATED);
    const settled: number[] = [];
    const batch = async (byte: number): Promise<unknown> => {
      const result = await run.batch([Uint8Array.of(byte)]).catch((error: unknown) => error);
      settled.push(byte);
      return result;
    };
    const results = await Promise.all([batch(1), batch(FAULT), batch(2), batch(3)]);
    expect(results[0]).toEqual([1]);
    expect(results[1]).toMatchObject({ code: 'ERR_RTLIFT_CHILD_EXITED' });
    expect(results.slice(2)).toEqual([[2], [3]]);
    expect(settled.filter((byte) => byte !== FAULT)).toEqual([1, 2, 3]);
  });

  test('gets batches one at a time after others crashed it: one that waits heeds its signal', async () => {
    const before = children();
    const child = async (): Promise<number> => {
      for (;;) {
        const [pid] = children().filter((each) => !before.includes(each));
        if (pid !== undefined) return pid;
        await sleep(5);
      }
    };
    await using run = await offload(byteSum(), ISOLATED);
    await run.batch([Uint8Array.of(1)]);
    const first = await child();
    process.kill(first, 'SIGSTOP');
    const controller = new AbortController();
    const others = [run.batch([Uint8Array.of(2)]), run.batch([Uint8Array.of(3)])];
    const { signal } = controller;
    const waiting = run.batch([Uint8Array.of(4)], { signal });
    await sleep(50);
    process.kill(first, 'SIGKILL');
    expect(await hasEnded(first)).toBe(true);
    const second = await child();
    process.kill(second, 'SIGSTOP');
    // What was in the first has been handed over again.
    await sleep(50);
    controller.abort('enough');
    const rejection = waiting.catch((reason: unknown) => reason);
    const outcome = await Promise.race([rejection, sleep(5_000, 'ignored')]);
    process.kill(second, 'SIGCONT');
    expect(outcome).toBe('enough');
    expect(await Promise.all(others)).toEqual([[2], [3]]);
    expect(await run.batch([Uint8Array.of(5)])).toEqual([5]);
  });

  test('is killed from outside: under auto every batch has its result', async () => {
    const kernel = byteSum();
    await (await offload(kernel, { path: 'verilator' })).close();
    const before = children();
    const choice = { table: alwaysVerilator(kernel), isFrozen: true };
    await using run = await offload(kernel, { isolation: 'process', choice });
    const [pid] = children().filter((child) => !before.includes(child));
    expect(pid).toBeDefined();
    const random = new Random(testSeed());
    const batches = Array.from({ length: 40 }, () => random.messages(20, 500));
    const running = batches.map((messages) => run.batch(messages));
    process.kill(pid as number, 'SIGKILL');
    expect(await Promise.all(running)).toEqual(batches.map((b) => b.map(kernel.golden)));
    expect(run.stats().failed.value).toBe(0);
  });

  test('is stopped with batches: its process is ended, and they are handled as after a crash', async () => {
    const before = children();
    await using run = await offload(byteSum(), { ...ISOLATED, childTimeoutMs: 3_000 });
    expect(await run.batch([Uint8Array.of(1)])).toEqual([1]);
    const [pid] = children().filter((child) => !before.includes(child));
    process.kill(pid as number, 'SIGSTOP');
    const error = await rejected('ERR_RTLIFT_CHILD_EXITED', run.batch([Uint8Array.of(2)]));
    expect(error.message).toContain('no sign of life for 3 s');
    expect(await hasEnded(pid as number)).toBe(true);
    const [next] = children().filter((child) => !before.includes(child));
    expect(await run.batch([Uint8Array.of(3)])).toEqual([3]);
    // Of several batches none is to blame: all have their results from the next process.
    process.kill(next as number, 'SIGSTOP');
    const results = [4, 5, 6].map((byte) => run.batch([Uint8Array.of(byte)]));
    expect(await Promise.all(results)).toEqual([[4], [5], [6]]);
  });

  test('is stopped before it is ready: under auto the batch has its result', async () => {
    const kernel = byteSum();
    await (await offload(kernel, { path: 'verilator' })).close();
    const before = children();
    const options = { isolation: 'process', childTimeoutMs: 1_000 } as const;
    const opening = offload(kernel, {
      ...options,
      choice: { table: alwaysVerilator(kernel), isFrozen: true },
    });
    let pid: number | undefined;
    while (pid === undefined) {
      await sleep(1);
      [pid] = children().filter((child) => !before.includes(child));
    }
    process.kill(pid, 'SIGSTOP');
    await using run = await opening;
    expect(await run.batch([Uint8Array.of(2, 3)])).toEqual([5]);
    expect(await hasEnded(pid)).toBe(true);
  });

  test('never comes back from the RTL: its process is ended, though its main thread answers', async () => {
    const before = children();
    await using run = await offload(firstByte('fault_endless'), {
      ...ISOLATED,
      childTimeoutMs: 2_000,
      cycleTimeoutMs: 3_000,
    });
    expect(await run.batch([Uint8Array.of(1)])).toEqual([1]);
    const [pid] = children().filter((child) => !before.includes(child));
    const error = await rejected(
      'ERR_RTLIFT_KERNEL_NO_PROGRESS',
      run.batch([Uint8Array.of(FAULT)]),
    );
    expect(error.message).toContain('did not end in 3 s');
    expect(await hasEnded(pid as number)).toBe(true);
    expect(await run.batch([Uint8Array.of(2)])).toEqual([2]);
  });

  test('counts the same cycles and changes of bits as one on a thread', async () => {
    const batch = new Random(testSeed()).messages(200, 300);
    const activity = { everyCycles: 4 };
    await using there = await offload(byteSum(), { ...ISOLATED, activity });
    await using here = await offload(byteSum(), { path: 'verilator', activity });
    await Promise.all([there.batch(batch), here.batch(batch)]);
    expect(there.stats().cycles).toEqual(here.stats().cycles);
    expect(there.stats().activity).toEqual(here.stats().activity);
    expect(there.stats().activity).not.toBeNull();
  });

  test('counts no bits of what lies behind the batch in memory', async () => {
    const activity = { everyCycles: 1 };
    const counted = async (behind: number): Promise<unknown> => {
      await using run = await offload(byteSum(), { path: 'verilator', activity });
      const data = new Uint8Array(64).fill(behind);
      data.set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      await run.packed({ data, offsets: Int32Array.of(0, 8, 9) });
      return run.stats().activity;
    };
    expect(await counted(0xff)).toEqual(await counted(0));
  });

  test('is closed for good even where its process has stopped', async () => {
    const before = children();
    const run = await offload(byteSum(), ISOLATED);
    await run(Uint8Array.of(1));
    const [pid] = children().filter((child) => !before.includes(child));
    process.kill(pid as number, 'SIGSTOP');
    await run.close();
    expect(await hasEnded(pid as number)).toBe(true);
  });

  test('goes on through the signals that a terminal or a service manager sends to all', async () => {
    const before = children();
    await using run = await offload(byteSum(), ISOLATED);
    await run(Uint8Array.of(1));
    const [pid] = children().filter((child) => !before.includes(child));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(pid as number, signal);
    await sleep(100);
    expect(await run.batch([Uint8Array.of(2, 3)])).toEqual([5]);
    expect(children()).toContain(pid);
  });

  test('an isolation, or a time, that is none is refused', async () => {
    for (const path of ['verilator', 'auto'] as const) {
      await rejected(
        'ERR_RTLIFT_INVALID_ARG',
        offload(byteSum(), { path, isolation: 'proces' as never }),
      );
    }
    for (const options of [
      { childTimeoutMs: 99 },
      { childTimeoutMs: -1 },
      { childTimeoutMs: Number.NaN },
      { childTimeoutMs: '1000' },
      { childTimeoutMs: 2 ** 31 },
      { cycleTimeoutMs: 0 },
    ]) {
      const error = await rejected(
        'ERR_RTLIFT_INVALID_ARG',
        offload(byteSum(), { ...ISOLATED, ...(options as object) }),
      );
      expect(error.details.arg).toBe(Object.keys(options)[0]);
    }
  });

  test('leaves no process behind when its handle is closed', async () => {
    const before = children();
    const run = await offload(byteSum(), ISOLATED);
    await run(Uint8Array.of(1));
    const [pid] = children().filter((child) => !before.includes(child));
    await run.close();
    expect(await hasEnded(pid as number)).toBe(true);
  });

  test('gives results that are longer than the room set aside for them', async () => {
    await using run = await offload(byteEcho(), ISOLATED);
    const random = new Random(testSeed());
    const messages = [random.bytes(5 << 20), random.bytes(3), random.bytes(1 << 20)];
    // toEqual() takes seconds over a megabyte.
    const joined = (parts: readonly Uint8Array[]): string =>
      Buffer.concat(parts).toString('latin1');
    expect(joined(await run.batch(messages)) === joined(messages)).toBe(true);
    // Several batches at once, so that regions are used by one after the other.
    const many = Array.from({ length: 12 }, () => random.messages(50, 3000));
    const results = await Promise.all(many.map((batch) => run.batch(batch)));
    expect(results.map(joined)).toEqual(many.map(joined));
  });
});

describeUnless(missing, 'many single calls at once in a process of its own', () => {
  test('map no more shared memory than the bound, on either side', async () => {
    const before = children();
    await using run = await offload(byteSum(), { ...ISOLATED, batching: false });
    expect(await run(Uint8Array.of(1))).toBe(1);
    const [pid] = children().filter((child) => !before.includes(child));
    const mappedBytes = (of: number | string): number =>
      readFileSync(`/proc/${of}/maps`, 'utf8')
        .split('\n')
        .filter((line) => line.includes('memfd:rtlift'))
        .map((line) => (line.split(' ')[0] as string).split('-'))
        .reduce(
          (sum, [a, b]) => sum + Number.parseInt(`${b}`, 16) - Number.parseInt(`${a}`, 16),
          0,
        );
    const calls = Array.from({ length: 2000 }, (_, i) => run(Uint8Array.of(i & 255)));
    let most = 0;
    const looks = setInterval(() => {
      most = Math.max(most, mappedBytes('self'), mappedBytes(pid as number));
    }, 1);
    expect(await Promise.all(calls)).toEqual(calls.map((_, i) => i & 255));
    clearInterval(looks);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(64 * 1024 * 1024);
  });

  test('are given up while they wait for memory', async () => {
    await using run = await offload(byteSum(), { ...ISOLATED, batching: false });
    const controller = new AbortController();
    const reason = new Error('enough');
    const calls = Array.from({ length: 1000 }, (_, i) =>
      run(Uint8Array.of(i & 255), i === 999 ? { signal: controller.signal } : {}),
    );
    const last = calls.pop();
    controller.abort(reason);
    await expect(last).rejects.toBe(reason);
    expect(await Promise.all(calls)).toEqual(calls.map((_, i) => i & 255));
  });
});

describeUnless(missing, 'memory of a payload in a process of its own', () => {
  test('that is taken away while the batch waits fails that batch alone', async () => {
    await using run = await offload(byteSum(), ISOLATED);
    const large = { data: new Uint8Array(24 << 20), offsets: Int32Array.of(0, 24 << 20) };
    const lost = { data: Uint8Array.of(1, 2, 3), offsets: Int32Array.of(0, 3) };
    // The second waits for the first, and the others behind it: no two of them have room at once.
    const batches = [run.packed(large), run.packed(large), run.packed(lost), run.packed(large)];
    const settled = Promise.allSettled(batches);
    await sleep(0);
    structuredClone(lost.data.buffer, { transfer: [lost.data.buffer] });
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await run.batch([Uint8Array.of(1, 2)])).toEqual([3]);
  });
});

describeUnless(missing, 'a large batch for a process of its own', () => {
  const LARGE = 24 << 20;
  const large = () => ({ data: new Uint8Array(LARGE).fill(1), offsets: Int32Array.of(0, LARGE) });
  /** A millisecond passes with every look at the clock, so that copying takes many turns. */
  const slowClock = (): void => {
    let ms = performance.now();
    vi.spyOn(performance, 'now').mockImplementation(() => ++ms);
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test('keeps its place while it is copied, and heeds its signal', async () => {
    await using run = await offload(byteSum(), ISOLATED);
    expect(await run.batch([Uint8Array.of(1)])).toEqual([1]);
    slowClock();
    const order: string[] = [];
    const note = (name: string) => (): void => void order.push(name);
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = run.packed(large(), { signal }).catch((reason: unknown) => reason);
    const all = [
      run.packed(large()).then(({ data }) => {
        order.push('large');
        return new Uint32Array(data.buffer, 0, 1)[0];
      }),
      run.batch([Uint8Array.of(2)]).then(note('small')),
      run.batch([Uint8Array.of(3)]).then(note('last')),
    ];
    for (let i = 0; i < 5; i++) await turn();
    controller.abort('enough');
    expect(await aborted).toBe('enough');
    expect((await Promise.all(all))[0]).toBe(LARGE);
    expect(order).toEqual(['large', 'small', 'last']);
  });

  test('whose memory is taken away fails alone, while the child works for others', async () => {
    const before = children();
    await using run = await offload(byteSum(), ISOLATED);
    await run.batch([Uint8Array.of(1)]);
    const [pid] = children().filter((child) => !before.includes(child));
    process.kill(pid as number, 'SIGSTOP');
    const innocent = run.batch([Uint8Array.of(2)]);
    await sleep(0);
    slowClock();
    const batch = large();
    const lost = run.packed(batch);
    for (let i = 0; i < 3; i++) await turn();
    structuredClone(batch.data.buffer, { transfer: [batch.data.buffer] });
    await rejected('ERR_RTLIFT_INVALID_ARG', lost);
    // A child that were given up would be killed after two seconds.
    await sleep(2_500);
    process.kill(pid as number, 'SIGCONT');
    expect(await innocent).toEqual([2]);
    expect(children()).toContain(pid);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });
});

describeUnless(missing, 'a process that is ended', () => {
  test('by its own model blames no batch', async () => {
    const kernel = byteSum();
    const { library, buildId } = await buildKernel(kernel);
    const backoff = new RestartBackoff();
    const before = children();
    const start = {
      ...{ kernel: kernel.name, library, buildId, seed: '1', monitors: false },
      ...{ activityEvery: 0, cycleTimeoutMs: 10_000, writes: null },
    };
    const model = new IsolatedModel(loadAddon(), start, backoff, 0);
    const batch = {
      ...{ data: Uint8Array.of(1, 2), offsets: Int32Array.of(0, 2), results: new Uint8Array(4) },
      ...{ resultBytes: 4, noProgressCycles: 0, bubble: 0, stall: 0, stimulusSeed: 0n },
    };
    await model.run(batch, undefined);
    expect(batch.results[0]).toBe(3);
    const [pid] = children().filter((child) => !before.includes(child));
    process.kill(pid as number, 'SIGSTOP');
    const running = model.run(batch, undefined).catch((error: unknown) => error);
    await model.close();
    expect(await running).toMatchObject({ code: 'ERR_RTLIFT_MODEL_DISCARDED' });
    expect(await model.settings).toBeNull();
    expect(backoff.delayMs).toBe(0);
    // Nor one that waits to be started.
    backoff.failed(1, true);
    const next = new IsolatedModel(loadAddon(), start, backoff, 0);
    const waiting = next.run(batch, undefined).catch((error: unknown) => error);
    await next.close();
    expect(await waiting).toMatchObject({ code: 'ERR_RTLIFT_MODEL_DISCARDED' });
    expect(backoff.delayMs).toBe(50);
  });

  test('before it is ready is started once more, and no more than that', async () => {
    const before = children();
    const child = async (): Promise<number> => {
      for (;;) {
        const [pid] = children().filter((each) => !before.includes(each));
        if (pid !== undefined) return pid;
        await sleep(1);
      }
    };
    const killAtStart = async (): Promise<void> => {
      const pid = await child();
      process.kill(pid, 'SIGKILL');
      expect(await hasEnded(pid)).toBe(true);
    };
    await using run = await offload(byteSum(), ISOLATED);
    const first = run.batch([Uint8Array.of(1)]);
    await killAtStart();
    expect(await first).toEqual([1]);
    process.kill(await child(), 'SIGKILL');
    await sleep(50);
    const second = run.batch([Uint8Array.of(2)]).catch((error: unknown) => error);
    await killAtStart();
    await killAtStart();
    expect(await second).toMatchObject({ code: 'ERR_RTLIFT_CHILD_EXITED' });
  });
});

describe('the layout of a batch in shared memory', () => {
  test('keeps its parts apart', () => {
    for (const [n, bytes, result] of [
      [0, 0, 4],
      [1, 1, 32],
      [1000, 12_345, 0],
      [3, 64, 1],
    ] as const) {
      const { dataAt, resultsAt, bytes: all } = layOut(n, bytes, result);
      expect(dataAt).toBeGreaterThanOrEqual(4 * (n + 1));
      expect(resultsAt).toBeGreaterThanOrEqual(dataAt + bytes + 64);
      expect(all).toBeGreaterThanOrEqual(resultsAt + n * result);
      expect([dataAt % 64, resultsAt % 64]).toEqual([0, 0]);
    }
  });
});

test('a process that dies at its start is started later as well, and stays under suspicion', () => {
  const backoff = new RestartBackoff();
  backoff.failed(2, true);
  backoff.failed(0, false);
  expect([backoff.delayMs, backoff.isSuspicious, backoff.mayStartAgain]).toEqual([100, true, true]);
  backoff.failed(0, false);
  expect([backoff.delayMs, backoff.isSuspicious, backoff.mayStartAgain]).toEqual([
    200,
    true,
    false,
  ]);
  backoff.started();
  expect([backoff.delayMs, backoff.mayStartAgain]).toEqual([200, true]);
});

test('a process that keeps dying is started ever later, up to 5 s', () => {
  const backoff = new RestartBackoff();
  const delays = Array.from({ length: 10 }, () => {
    backoff.failed(1, true);
    return backoff.delayMs;
  });
  expect(delays.slice(0, 4)).toEqual([50, 100, 200, 400]);
  expect(delays.at(-1)).toBe(5_000);
  backoff.succeeded();
  expect(backoff.delayMs).toBe(0);
});
