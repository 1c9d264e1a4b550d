import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { type Kernel, offload } from '../../src/index.js';
import { runScript } from '../support/child.js';
import { byteCount, byteEcho, byteSum, byteXor } from '../support/fixture-kernels.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { Random } from '../support/random.js';
import { compare } from '../support/scoreboard.js';
import { testSeed } from '../support/seed.js';

const missing = await missingVerilatorPath();

const startWorker = (mode: string, seed = 1): Worker =>
  new Worker(new URL('../fixtures/scripts/worker.mjs', import.meta.url), {
    workerData: { mode, seed },
    execArgv: [],
  });

async function expectAlive(): Promise<void> {
  await using run = await offload(byteSum(), { path: 'verilator' });
  expect(await run(Uint8Array.of(1, 2))).toBe(3);
}

describeUnless(missing, 'models side by side', () => {
  test('of several kernels and several instances of one each give their own results', async () => {
    const seed = testSeed();
    const random = new Random(seed);
    const kernels = [
      byteSum(),
      byteSum(),
      byteEcho({ upper: true }),
      byteXor(0x11),
      byteXor(0x22),
      byteCount(),
    ] as Kernel<Uint8Array, unknown>[];
    const handles = await Promise.all(
      kernels.map((kernel) => offload(kernel, { path: 'verilator' })),
    );
    const work = handles.flatMap((handle) =>
      Array.from({ length: 4 }, async () => {
        const messages = random.messages(1_000, 80);
        const actual = await handle.batch(messages);
        compare({ expected: messages.map(handle.kernel.golden), actual, messages, seed });
      }),
    );
    await Promise.all(work);
    await Promise.all(handles.map((handle) => handle.close()));
  });
});

describeUnless(missing, 'worker threads', () => {
  test('run models beside those of the main thread', async () => {
    const seed = testSeed();
    const messages = new Random(seed).messages(2_000, 100);
    const expected = messages.map(byteSum().golden);
    await using run = await offload(byteSum(), { path: 'verilator' });
    const workers = [startWorker('run', seed), startWorker('run', seed)];
    const answers = workers.map((worker) => once(worker, 'message'));
    const exits = workers.map((worker) => once(worker, 'exit'));
    compare({ expected, actual: await run.batch(messages), messages, seed });
    for (const [actual] of await Promise.all(answers))
      compare({ expected, actual, messages, seed });
    expect(await Promise.all(exits)).toEqual([[0], [0]]);
    await expectAlive();
  });

  test('that end with jobs in flight leave the process and other models alone', async () => {
    await using run = await offload(byteSum(), { path: 'verilator' });
    const worker = startWorker('exit');
    const messages = new Random(1).messages(20_000, 100);
    const batch = run.batch(messages);
    expect(await once(worker, 'exit')).toEqual([0]);
    compare({ expected: messages.map(byteSum().golden), actual: await batch });
    await expectAlive();
  });

  test('that are terminated with jobs in flight leave the process alone', async () => {
    const worker = startWorker('wait');
    await once(worker, 'message');
    await worker.terminate();
    await expectAlive();
  });
});

describeUnless(missing, 'the end of a process', () => {
  const EXITS: readonly (readonly [string, string, number, RegExp])[] = [
    ['process.exit() with jobs in flight ends it at once', 'in-flight', 7, /^open\n$/],
    ['a batch under way keeps it alive, and it ends by itself afterwards', 'pending', 0, /sum 3/],
    ['a handle that was never closed does not keep it alive', 'left-open', 0, /\n3\n$/],
    ['an uncaught exception with jobs in flight ends it', 'throw', 1, /^open\n$/],
    ['process.exit() ends it while a model hangs', 'hung', 8, /^open\n$/],
  ];
  test.each(EXITS)('%s', async (_, mode, status, printed) => {
    const { code, signal, stdout, stderr, elapsedMs } = await runScript('exit.ts', {
      args: [mode],
    });
    expect({ code, signal }, stderr).toEqual({ code: status, signal: null });
    expect(stdout).toMatch(printed);
    expect(elapsedMs).toBeLessThan(90_000);
  });

  test('a model that hangs gives an error, its neighbours and the batch behind it go on', async () => {
    const { code, stdout, stderr } = await runScript('exit.ts', { args: ['hung-error'] });
    expect(stdout, stderr).toBe(
      'open\nneighbour 4\ncode ERR_RTLIFT_KERNEL_NO_PROGRESS\nbehind 5\n',
    );
    expect(code).toBe(9);
  });

  test('two models that hang bar the path for good, named or not', async () => {
    const { code, stdout, stderr } = await runScript('exit.ts', { args: ['hung-twice'] });
    const lines = stdout.split('\n');
    expect(lines.slice(1, 6), stderr).toEqual([
      '1: 1',
      'fault: ERR_RTLIFT_KERNEL_NO_PROGRESS',
      '2: 2',
      'fault: ERR_RTLIFT_KERNEL_NO_PROGRESS',
      '3: ERR_RTLIFT_PATH_UNAVAILABLE',
    ]);
    expect(lines[6]).toMatch(/^lost 2: named by the caller; verilator has left 2 threads in loops/);
    expect(lines[7]).toMatch(
      /^auto lost 2: javascript for .* verilator has left 2 threads in loops/,
    );
    expect(code).toBe(9);
  });
});
