import { describe, expect, test } from 'vitest';
import { type Advice, advise, type PlaceAdvice } from '../../src/index.js';
import { hostOf, onF2 } from './host.js';

const MiB = 1 << 20;

const placeOf = ({ places }: Advice, link: string): PlaceAdvice =>
  places.find((place) => place.link === link) as PlaceAdvice;

describe('cases with a known answer', () => {
  test('1 MiB hashes: do not offload, use crypto.hash', async () => {
    const { verdict, places } = await advise(
      { messagesPerSecond: 100, sizes: MiB },
      onF2('sha256', { 'crypto.hash (hex)': 700_000, createHash: 750_000 }),
    );
    expect(verdict.kind).toBe('do-not-offload');
    expect(verdict.sentence).toContain('use crypto.hash (hex)');
    // One message is one lane: 66 cycles for 64 bytes, whatever the link.
    for (const { figures } of places) expect(figures?.breakEven.speed.at).toBe(null);
  });

  test('10^6 verdicts/s over 5,000 patterns: beyond a kernel and a card, use the automaton', async () => {
    const load = { messagesPerSecond: 1e6, sizes: 512 };
    const options = onF2('literalMatch', { 'byte DFA': 2500 }, { patterns: 5000 });
    const { verdict, kernel, notes, places } = await advise(load, options);
    expect(verdict).toMatchObject({ kind: 'do-not-offload', reason: 'capacity' });
    expect(verdict.sentence).toMatch(/use byte DFA on 3 worker threads.*7 cards to hold it/);
    expect(kernel.copies).toBe(20);
    expect(notes.join()).toContain('5000 patterns are beyond the 1024 of one kernel');
    // 20 instances of 46,778 LUT and 512 block memories; a card has 1,774 of these.
    expect(places[0]?.notes.join()).toContain('at most 3 a card: 7 cards');
    const allowed = await advise(load, { ...options, maxCards: 99 });
    expect(allowed.verdict.kind).toBe('do-not-offload');
    expect(allowed.verdict.reason).not.toBe('capacity');
  });

  test('a link that reads at 3 MB/s: digests do not fit, verdicts do', async () => {
    const rate = 1e6;
    const digests = await advise(
      { messagesPerSecond: rate, sizes: 40 },
      onF2('sha256', { 'crypto.hash (hex)': 300 }, { links: ['mmio'] }),
    );
    const { figures, cards } = placeOf(digests, 'mmio');
    expect(figures?.constraint).toBe('link out');
    // 3 MB/s of 32 bytes each, and the same core writes the messages.
    expect(figures?.capacity.value).toBeLessThan(3e6 / 32);
    expect(figures?.capacity.value).toBeGreaterThan(0.95 * (3e6 / 32));
    expect(cards?.value).toBe(11);
    expect(digests.verdict).toMatchObject({ kind: 'do-not-offload', reason: 'capacity' });
    const verdicts = await advise(
      { messagesPerSecond: rate, sizes: 36 },
      onF2('recordFilter', { closures: 300 }, { links: ['mmio'] }),
    );
    const small = placeOf(verdicts, 'mmio');
    expect(small.figures?.capacity.value).toBeGreaterThan(rate);
    expect(small.cards?.value).toBe(1);
  });

  test('a load below the break-even: do not offload, though the card would win at more', async () => {
    const at = (messagesPerSecond: number) =>
      advise({ messagesPerSecond, sizes: 5400 }, onF2('literalMatch', { 'byte DFA': 60_000 }));
    const low = await at(1000);
    expect(low.verdict).toMatchObject({ kind: 'do-not-offload', reason: 'load-too-small' });
    expect(low.verdict.sentence).toMatch(/1,000\/s is below the [\d,]+\/s at which/);
    const high = await at(200_000);
    expect(high.verdict.leaning).toBe('offload');
  });

  test('a goal names its own break-even, and one above the load', async () => {
    const sentences = await Promise.all(
      (['energy', 'price', 'any'] as const).map(async (goal) => {
        const { verdict, places } = await advise(
          { messagesPerSecond: 2000, sizes: 5400 },
          onF2('literalMatch', { 'V8 RegExp': 200_000 }, { goal }),
        );
        expect(verdict).toMatchObject({ kind: 'do-not-offload', reason: 'load-too-small' });
        const [, said, what] = /below the ([\d,.]+)\/s at .* breaks even in (\w+)/.exec(
          verdict.sentence,
        ) as RegExpExecArray;
        const [, link] = (verdict.place as string).split('/');
        const figures = places.find((place) => place.link === link)?.figures;
        const { energy, price } = figures?.breakEven ?? {};
        const points = { energy: energy?.at?.value ?? 0, price: price?.at?.value ?? 0 };
        const rate = Number(said?.replaceAll(',', ''));
        expect(rate).toBeGreaterThan(2000);
        expect(rate / points[what as 'energy' | 'price']).toBeCloseTo(1, 2);
        return what;
      }),
    );
    expect(sentences.slice(0, 2)).toEqual(['energy', 'price']);
  });

  test('words that only expressions look for: offload', async () => {
    const { verdict } = await advise(
      { messagesPerSecond: 200_000, sizes: 5400 },
      onF2('literalMatch', { 'V8 RegExp': 1_200_000 }),
    );
    expect(verdict).toMatchObject({ kind: 'offload', reason: 'gains' });
    expect(verdict.sentence).toMatch(
      /^Offload to xcvu47p\/(sde|pcim): host time .* against V8 RegExp/,
    );
  });

  test.each([
    ['host-time', 5000, 200_000],
    ['energy', 60_000, 1_200_000],
    ['price', 200_000, 1_200_000],
  ] as const)('heavy work, and %s is what counts: offload', async (goal, rate, ns) => {
    const load = { messagesPerSecond: rate, sizes: 5400 };
    const options = onF2('literalMatch', { 'V8 RegExp': ns }, { goal });
    const { verdict } = await advise(load, options);
    expect(verdict).toMatchObject({ kind: 'offload', reason: 'gains' });
    // The same work by software a thousand times as fast.
    const fast = onF2('literalMatch', { automaton: ns / 1000 }, { goal });
    expect((await advise(load, fast)).verdict.kind).toBe('do-not-offload');
  });

  test('a gain that its own range doubts: unsure', async () => {
    const { verdict } = await advise(
      { messagesPerSecond: 200_000, sizes: 5400 },
      onF2('literalMatch', { 'byte DFA': 18_000 }),
    );
    expect(verdict).toMatchObject({ kind: 'unsure', reason: 'ranges-overlap' });
  });

  test.each([
    ['exchange records', 'recordFilter', 36, { 'hand-written': 40 }],
    ['keyed hashes of short keys', 'siphash', 16, { siphash: 90 }],
    ['checksums of packets', 'crc', 1500, { 'zlib.crc32': 110 }],
    ['checksums of short messages', 'crc', 64, { 'zlib.crc32': 60 }],
  ])('%s: handing a message over takes longer than the work', async (_, kernel, size, software) => {
    const { verdict } = await advise(
      { messagesPerSecond: 2e6, sizes: size },
      onF2(kernel, software, { maxCards: 4 }),
    );
    expect(verdict).toMatchObject({ kind: 'do-not-offload', reason: 'host-time' });
  });

  test('short messages: the best software takes fewer ns than a call of a card frees', async () => {
    const { verdict, kernel } = await advise(
      { messagesPerSecond: 500_000, sizes: [32, 48, 55] },
      onF2('sha256', { 'crypto.hash (hex)': 330, '@noble/hashes': 2600 }),
    );
    expect(kernel.parameters.PIPELINED).toBe('1');
    expect(verdict.kind).toBe('do-not-offload');
    expect(verdict.sentence).toContain('use crypto.hash (hex)');
  });

  test('nothing that fits: the reason says which cells', async () => {
    const { verdict, places } = await advise(
      { messagesPerSecond: 1000, sizes: 100 },
      { ...onF2('sha256', { createHash: 800 }), devices: ['ice40-hx8k', 'ice40-up5k'] },
    );
    expect(verdict).toMatchObject({ kind: 'do-not-offload', reason: 'does-not-fit', place: null });
    expect(places.map(({ fits, why }) => [fits, why !== null])).toEqual(
      places.map(() => ['no', true]),
    );
  });

  test('what the service has may be the best already', async () => {
    const profiled = (hostNs: number) => ({
      ...onF2('sha256', { 'crypto.hash (hex)': 700 }),
      measured: hostOf({ 'crypto.hash (hex)': 700 }),
      profile: hostNs,
    });
    const { callProfileOf } = await import('./profiles.js');
    const slow = await advise(callProfileOf({ hostNs: 9000, share: 0.5 }), profiled(9000));
    expect(slow.verdict.sentence).toContain('use crypto.hash');
    // Half of the CPU at 9,000 ns shrinks to 700 ns: 1 / (0.5 + 0.5 x 0.078).
    expect(slow.software[0]?.wholeService?.value).toBeCloseTo(1 / (0.5 + (0.5 * 700) / 9000), 2);
    const fast = await advise(callProfileOf({ hostNs: 720, share: 0.5 }), profiled(720));
    expect(fast.verdict.sentence).toContain('keep what you have');
  });

  test('of an asynchronous operation the part up to its promise says nothing', async () => {
    const { callProfileOf } = await import('./profiles.js');
    const sync = callProfileOf({ hostNs: 720, share: 0.05 });
    const report = { ...sync, waited: sync.hostTime };
    const { verdict, load, notes, software, places } = await advise(
      report,
      onF2('sha256', { 'crypto.hash (hex)': 700 }),
    );
    expect(verdict.sentence).not.toContain('keep what you have');
    expect([load.hostTime, load.cpuShare]).toEqual([null, null]);
    const whole = [...software, ...places.map(({ figures }) => figures)];
    expect(whole.map((each) => each?.wholeService)).toEqual(whole.map(() => null));
    expect(notes.join()).toMatch(/asynchronous.*at least 720 ns a call, 5\.00 % of the CPU/);
  });
});
