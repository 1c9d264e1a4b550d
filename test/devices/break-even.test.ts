import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BreakEvenInput, breakEven } from '../../src/devices/break-even.js';
import { F2 } from '../../src/devices/catalogue.js';
import { XDMA } from '../../src/devices/links.js';
import { project } from '../../src/devices/project.js';
import { figure } from '../../src/figure.js';

/** Verdicts on messages of 200 B at 16 B a cycle, over a DMA engine. */
const verdicts: BreakEvenInput = {
  device: F2,
  link: XDMA,
  workload: { messages: 1000, bytesIn: 200_000, bytesOut: 125, cycles: 12_510 },
  fixedCycles: 10,
  area: null,
  fmax: figure(260, 'MHz', 'synthesised'),
  rivalNs: figure(500, 'ns', 'measured'),
};

describe('breakEven', () => {
  test('the batch found is the smallest that wins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 20_000 }),
        fc.constantFrom('total' as const, 'latency' as const),
        (ns, measure) => {
          const input = { ...verdicts, rivalNs: figure(ns, 'ns', 'measured'), measure };
          const { batch } = breakEven(input);
          const per = (messages: number) => {
            const share = messages / 1000;
            const workload = {
              messages,
              bytesIn: 200 * messages,
              bytesOut: messages / 8,
              cycles: 10 + 12_500 * share,
            };
            const { time } = project({ ...verdicts, workload });
            return (measure === 'total' ? time.totalNs : time.latencyNs).value / messages;
          };
          if (batch === null) expect(per(2 ** 24)).toBeGreaterThan(ns);
          else {
            expect(per(batch)).toBeLessThanOrEqual(ns * (1 + 1e-9));
            if (batch > 1) expect(per(batch - 1)).toBeGreaterThan(ns * (1 - 1e-9));
          }
        },
      ),
    );
  });

  test('one batch alone has to be larger than one of a stream', () => {
    const stream = breakEven(verdicts).batch ?? 0;
    const alone = breakEven({ ...verdicts, measure: 'latency' }).batch ?? 0;
    expect(stream).toBeGreaterThan(1);
    expect(alone).toBeGreaterThan(stream);
  });

  test('the range holds the batch', () => {
    const { batch, range } = breakEven(verdicts);
    expect(range.low ?? Number.NaN).toBeLessThanOrEqual(batch ?? Number.NaN);
    expect(range.high ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(batch ?? Number.NaN);
  });

  test('digests over MMIO never beat a core, and the way out is why', () => {
    const { batch, why } = breakEven({
      ...verdicts,
      link: F2.links[0],
      workload: { messages: 1000, bytesIn: 64_000, bytesOut: 32_000, cycles: 1000 },
      rivalNs: figure(900, 'ns', 'measured'),
    });
    expect(batch).toBeNull();
    expect(why).toMatch(/never up to 16777216 messages: 10,7\d\d ns.*bound is the link out/);
  });
});
