import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { alwaysVerilator } from '../../bench/support/always-verilator.js';
import { MismatchKeeper } from '../../src/dispatch/keep-mismatch.js';
import { BUNDLE_CHANNEL, bytes, defineKernel, offload, replay } from '../../src/index.js';
import { readBundle } from '../../src/verify/bundle.js';
import { rejected } from '../support/errors.js';
import { byteSum } from '../support/fixture-kernels.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingVerilatorPath } from '../support/needs.js';
import { SUM } from './scripted-path.js';

const folder = mkdtempSync(join(tmpdir(), 'rtlift-mismatches-'));
afterAll(() => rmSync(folder, { recursive: true }));

describeUnless(await missingVerilatorPath(), 'a wrong result in production', () => {
  test('is kept as a bundle that replays to the same difference, and no more of them than may be', async () => {
    const kernel = byteSum();
    await (await offload(kernel, { path: 'verilator' })).close();
    // A golden model that differs from the RTL on one message.
    const odd = {
      ...kernel,
      golden: (message: Uint8Array): number => (message[0] === 9 ? 1 : kernel.golden(message)),
    };
    const run = await offload(odd, {
      choice: { table: alwaysVerilator(odd), isFrozen: true },
      checkShare: 1,
      rest: { firstRestMs: 0, longestRestMs: 0 },
      bundles: { folder, most: 2 },
    });
    for (let i = 0; i < 4; i++) {
      const messages = [Uint8Array.of(4), Uint8Array.of(9, 9), Uint8Array.of(5)];
      expect(await run.batch(messages)).toEqual([4, 1, 5]);
    }
    expect(run.stats().checks.mismatches.value).toBe(4);
    await run.close();
    const bundles = readdirSync(folder);
    expect(bundles).toHaveLength(2);
    const report = await replay(odd, join(folder, bundles[0] as string));
    expect(report.failure).toMatchObject({
      messageIndex: 1,
      expected: '01000000',
      actual: '12000000',
    });
    // The RTL is right after all: with the true golden model it passes.
    expect((await replay(kernel, join(folder, bundles[0] as string))).failure).toBeNull();
  });

  test('is replayed from the seed of its model, however large', async () => {
    const kernel = byteSum();
    const seed = 2n ** 64n - 1n;
    const keeper = new MismatchKeeper(kernel, seed, { folder: temporaryFolder() });
    const bundle = keeper.keep(mismatch([Uint8Array.of(1)])) as string;
    await keeper.idle();
    const { index, scenario } = await readBundle(bundle, [kernel]);
    expect([index.modelSeed, scenario.modelSeed]).toEqual([`${seed}`, seed]);
  });

  test('of great length is kept as its start, its length and its hash', async () => {
    const keeper = new MismatchKeeper(byteSum(), 1n, { folder: temporaryFolder() });
    const results = { expected: '00'.repeat(10e6), actual: `${'00'.repeat(10e6 - 1)}01` };
    const bundle = keeper.keep({ ...mismatch([Uint8Array.of(1)]), ...results }) as string;
    await keeper.idle();
    const text = readFileSync(join(bundle, 'replay.json'), 'utf8');
    expect(text.length).toBeLessThan(200_000);
    const { failure } = JSON.parse(text) as { failure: { expected: string; actual: string } };
    expect(failure.expected).toMatch(/^0{65536}\.\.\. 10000000 bytes, SHA-256 [0-9a-f]{64}$/);
    expect(failure.actual).not.toBe(failure.expected);
  });

  test('on a named path: close() waits for the check, and for the bundle', async () => {
    const kernel = { ...byteSum(), golden: () => 77 };
    const place = temporaryFolder();
    const run = await offload(kernel, {
      path: 'verilator',
      checkShare: 1,
      bundles: { folder: place },
    });
    const batch = rejected('ERR_RTLIFT_RESULT_MISMATCH', run.batch([Uint8Array.of(1)]));
    await run.close();
    const [bundle] = readdirSync(place);
    expect(readdirSync(join(place, `${bundle}`))).toContain('replay.json');
    await batch;
  });
});

const mismatch = <I>(messages: readonly I[]) => ({
  messages,
  messageIndex: messages.length - 1,
  expected: '00000000',
  actual: '01000000',
});

/** What is told of bundles while `work` runs. */
async function told(work: () => Promise<unknown>): Promise<unknown[]> {
  const events: unknown[] = [];
  const hear = (event: unknown): number => events.push(event);
  subscribe(BUNDLE_CHANNEL, hear);
  await work();
  unsubscribe(BUNDLE_CHANNEL, hear);
  return events;
}

/** Keeps one batch. @returns the folder that was named, what was told, and what lies in the place afterwards. */
async function keepOne(place: string, messages: readonly Uint8Array[], most = 1) {
  const keeper = new MismatchKeeper(SUM, 1n, { folder: place, most });
  let folder: string | null = null;
  const events = await told(async () => {
    folder = keeper.keep(mismatch(messages));
    await keeper.idle();
  });
  return { folder: folder as string | null, events };
}

test('no bundle is named where there are enough, and the reason is told', async () => {
  const place = temporaryFolder();
  writeFileSync(join(place, 'another'), '');
  const { folder, events } = await keepOne(place, [Uint8Array.of(1)]);
  expect(folder).toBeNull();
  const reason = `${place} holds 1 bundles already`;
  expect(events).toEqual([{ kernel: 'sum', folder: null, reason }]);
  expect(readdirSync(place)).toEqual(['another']);
  expect((await keepOne(temporaryFolder(), [Uint8Array.of(1)], 0)).folder).toBeNull();
});

test('no bundle is named where its folder cannot be made', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const { folder, events } = await keepOne(join(file, 'bundles'), [Uint8Array.of(1)]);
  expect(folder).toBeNull();
  expect(events).toEqual([
    { kernel: 'sum', folder: null, reason: expect.stringMatching(/ENOTDIR/) },
  ]);
});

test('a bundle that cannot be written leaves nothing behind, and takes no place', async () => {
  const place = temporaryFolder();
  // The sources of this kernel do not exist.
  for (let i = 0; i < 2; i++) {
    const { folder, events } = await keepOne(place, [Uint8Array.of(1)]);
    expect(folder).toContain(place);
    expect(events).toEqual([
      { kernel: 'sum', folder: null, reason: expect.stringContaining('could not be written') },
    ]);
    expect(readdirSync(place)).toEqual([]);
  }
});

test('a message that is larger than a bundle may be is not kept', async () => {
  const place = temporaryFolder();
  const { folder, events } = await keepOne(place, [new Uint8Array(1024 * 1024 + 1)]);
  expect(folder).toBeNull();
  expect(events).toEqual([
    {
      kernel: 'sum',
      folder: null,
      reason: 'the message has 1048577 bytes, a bundle at most 1048576',
    },
  ]);
});

test('rests and places of bundles that are none are refused', async () => {
  const kernel = defineKernel({
    name: 'same',
    rtl: { top: 'same', sources: ['/none.v'] },
    input: bytes(),
    output: bytes(),
    golden: (message) => message,
  });
  for (const [arg, options] of [
    ['rest', { rest: 5 }],
    ['rest', { rest: null }],
    ['rest.firstRestMs', { rest: { firstRestMs: -1 } }],
    ['rest.firstRestMs', { rest: { firstRestMs: '5' } }],
    ['rest.longestRestMs', { rest: { longestRestMs: Number.NaN } }],
    ['rest.longestRestMs', { rest: { longestRestMs: 2 ** 31 } }],
    ['bundles', { bundles: true }],
    ['bundles', { bundles: null }],
    ['bundles.folder', { bundles: { folder: '' } }],
    ['bundles.folder', { bundles: { folder: 7 } }],
    ['bundles.most', { bundles: { most: -1 } }],
    ['bundles.most', { bundles: { most: 1.5 } }],
  ] as const) {
    const error = await rejected('ERR_RTLIFT_INVALID_ARG', offload(kernel, options as never));
    expect(error.details.arg).toBe(arg);
  }
});
