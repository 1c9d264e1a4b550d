import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEVICES, deviceById, F2 } from '../../src/devices/catalogue.js';
import type { Device } from '../../src/devices/device.js';
import { type Projection, type ProjectionInput, project } from '../../src/devices/project.js';
import { estimate, type Figure, figure } from '../../src/figure.js';

const area = { lut: 2193, ff: 1074, carry: 408, bram: 0, dsp: 0, srl: 0 };

/** 10,000 messages of 64 B with a digest each, through a pipeline of 1 cycle a message. */
const digests = (device: Device, messages = 10_000): ProjectionInput => ({
  device,
  workload: { messages, bytesIn: 68 * messages, bytesOut: 32 * messages, cycles: messages + 67 },
  area,
  fmax: figure(300, 'MHz', 'synthesised'),
  activity: { register: 0.5 },
});

function figuresOf(projection: Projection): [string, Figure][] {
  const found: [string, Figure][] = [];
  const walk = (name: string, value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    if ('provenance' in value) found.push([name, value as Figure]);
    else for (const [key, inner] of Object.entries(value)) walk(`${name}.${key}`, inner);
  };
  walk('projection', projection);
  return found;
}

const linked = DEVICES.flatMap((device) => device.links.map((link) => ({ device, link })));

const anyInput: fc.Arbitrary<ProjectionInput> = fc
  .record({
    place: fc.constantFrom(...linked),
    messages: fc.integer({ min: 1, max: 1_000_000 }),
    bytesEach: fc.integer({ min: 0, max: 10_000 }),
    outEach: fc.constantFrom(0, 0.125, 1, 32),
    cyclesEach: fc.integer({ min: 1, max: 500 }),
    stallShare: fc.double({ min: 0, max: 1, noNaN: true }),
    lut: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: null }),
    fmax: fc.option(
      fc.tuple(
        fc.double({ min: 1, max: 100, noNaN: true }),
        fc.double({ min: 1, max: 3, noNaN: true }),
      ),
      { nil: null },
    ),
    register: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
    host: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null }),
  })
  .map(
    ({
      place,
      messages,
      bytesEach,
      outEach,
      cyclesEach,
      stallShare,
      lut,
      fmax,
      register,
      host,
    }) => ({
      ...place,
      workload: {
        messages,
        bytesIn: bytesEach * messages,
        bytesOut: outEach * messages,
        cycles: cyclesEach * messages,
        stallCycles: Math.floor(stallShare * cyclesEach * messages),
        ...(host === null
          ? {}
          : { hostNsPerBatch: estimate(host, host / 2, host * 2, 'ns', 'measured') }),
      },
      area: lut === null ? null : { lut, ff: lut, carry: 8, bram: 1, dsp: 1, srl: 3 },
      fmax:
        fmax === null
          ? null
          : estimate(fmax[0] * fmax[1], fmax[0], fmax[0] * fmax[1] * 1.5, 'MHz', 'synthesised'),
      activity: register === null ? null : { register },
    }),
  );

describe('project', () => {
  test('every figure lies between its bounds, and has them', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const [name, { value, low = Number.NaN, high = Number.NaN }] of figuresOf(
          project(input),
        )) {
          const isOrdered = low <= value && value <= high && low >= 0;
          if (!isOrdered) throw new Error(`${name}: ${low} <= ${value} <= ${high} does not hold`);
        }
      }),
    );
  });

  test('more bytes, cycles or host time never take less time', () => {
    const keys = ['bytesIn', 'bytesOut', 'cycles'] as const;
    fc.assert(
      fc.property(
        anyInput,
        fc.constantFrom(...keys),
        fc.integer({ min: 1, max: 1e6 }),
        (input, key, more) => {
          const longer = { ...input.workload, [key]: input.workload[key] + more };
          const before = project(input).time;
          const after = project({ ...input, workload: longer }).time;
          for (const name of ['totalNs', 'latencyNs'] as const) {
            expect(after[name].value).toBeGreaterThanOrEqual(before[name].value);
          }
        },
      ),
    );
  });

  test('a bigger batch is never worse a message', () => {
    fc.assert(
      fc.property(anyInput, fc.integer({ min: 2, max: 50 }), (input, times) => {
        const { workload } = input;
        const bigger = {
          ...workload,
          messages: workload.messages * times,
          bytesIn: workload.bytesIn * times,
          bytesOut: workload.bytesOut * times,
          cycles: workload.cycles * times,
          stallCycles: (workload.stallCycles ?? 0) * times,
        };
        const small = project(input);
        const big = project({ ...input, workload: bigger });
        const slack = 1 + 1e-9;
        expect(small.messagesPerSecond.value).toBeLessThanOrEqual(
          big.messagesPerSecond.value * slack,
        );
        expect(small.messagesPerJoule.value).toBeLessThanOrEqual(
          big.messagesPerJoule.value * slack,
        );
      }),
    );
  });

  test('digests over MMIO reads are bound to about 94,000 a second, by the link out', () => {
    const { messagesPerSecond, bound } = project(digests(F2));
    expect(bound).toBe('link out');
    expect(messagesPerSecond.value).toBeGreaterThan(85_000);
    expect(messagesPerSecond.value).toBeLessThan(95_000);
    expect(messagesPerSecond.high).toBeGreaterThan(94_000);
  });

  test('verdict bits over MMIO reads are bound to about 24 million a second', () => {
    const messages = 1_000_000;
    const { messagesPerSecond, bound } = project({
      ...digests(F2),
      workload: { messages, bytesIn: 16 * messages, bytesOut: messages / 8, cycles: messages },
    });
    expect(bound).toBe('link out');
    expect(messagesPerSecond.value / 24e6).toBeGreaterThan(0.8);
    expect(messagesPerSecond.value / 24e6).toBeLessThan(1);
  });

  test('a half-idle card costs more joules a message', () => {
    const link = F2.links[1];
    if (!link) throw new Error('F2 has no second link');
    const bytes = { messages: 1000, bytesIn: 0, bytesOut: 32_000 };
    const input = { ...digests(F2), link };
    const busy = project({ ...input, workload: { ...bytes, cycles: 66_000 } });
    // The same work, but the host takes twice the time of the kernel to pack it.
    const hostNsPerBatch = figure(2 * busy.time.kernelNs.value, 'ns', 'measured');
    const idle = project({ ...input, workload: { ...bytes, cycles: 66_000, hostNsPerBatch } });
    expect(busy.utilisation.value).toBe(1);
    expect(idle.utilisation.value).toBeCloseTo(0.5);
    expect(idle.joulesPerMessage.value / busy.joulesPerMessage.value).toBeGreaterThan(1.8);
    expect(idle.watts.shell).toEqual(busy.watts.shell);
    expect(idle.watts.dynamic.value).toBeCloseTo(busy.watts.dynamic.value / 2);
  });

  test('a kernel that waits draws its clock and does no work', () => {
    const input = digests(F2);
    const { cycles } = input.workload;
    const waiting = project({ ...input, workload: { ...input.workload, stallCycles: cycles } });
    expect(waiting.watts.dynamic.value).toBe(0);
    expect(waiting.watts.clock).toEqual(project(input).watts.clock);
    expect(waiting.time.stallNs).toEqual(waiting.time.kernelNs);
  });

  test('over MMIO a core of the host is busy for every byte, and its watts are charged', () => {
    const { watts, time } = project({
      ...digests(F2),
      hostCoreWatts: figure(4.8, 'W', 'assumed'),
    });
    const busyNs = time.linkInNs.value + time.linkOutNs.value;
    expect(watts.host.value).toBeCloseTo((4.8 * busyNs) / time.totalNs.value);
    expect(watts.host.value).toBeCloseTo(4.8, 1);
  });

  test('a core of the host never draws more than it can, nor the kernel', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const hostCoreWatts = estimate(4.8, 2.9, 6.7, 'W', 'assumed');
        const { watts, utilisation } = project({ ...input, hostCoreWatts });
        expect(watts.host.high).toBeLessThanOrEqual(6.7);
        expect(utilisation.high).toBeLessThanOrEqual(1);
        // Dynamic watts at full use: what the same cells take with no wait at all.
        const { workload } = input;
        const busy = { ...workload, bytesIn: 0, bytesOut: 0, stallCycles: 0 };
        const { hostNsPerBatch: _, ...alone } = busy;
        const full = project({ ...input, workload: alone }).watts.dynamic.high ?? 0;
        expect(watts.dynamic.high).toBeLessThanOrEqual(full * (1 + 1e-9));
      }),
    );
  });

  test('a driver that touches every byte costs host time', () => {
    const [, link] = F2.links;
    if (!link) throw new Error('F2 has no second link');
    const { time } = project({ ...digests(F2), link });
    const { bytesIn, bytesOut } = digests(F2).workload;
    expect(time.hostNs.value).toBeCloseTo(0.4 * bytesIn + 0.05 * bytesOut);
  });

  test('what the kernel waits is all of the time between batches but its own, by whom it waits for', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { kernelNs, totalNs, waitNs, waitsFor } = project(input).time;
        const { host, linkIn, linkOut } = waitsFor;
        const waits = host.value + linkIn.value + linkOut.value;
        const slack = 1e-9 * totalNs.value;
        expect(Math.abs(kernelNs.value + waitNs.value - totalNs.value)).toBeLessThan(slack + 1e-9);
        expect(Math.abs(waits - waitNs.value)).toBeLessThan(slack + 1e-9);
      }),
    );
  });

  test('a kernel that is the slowest waits for nobody; one over MMIO waits for what the core moves', () => {
    const [, pcim] = F2.links;
    if (!pcim) throw new Error('F2 has no second link');
    const slow = project({
      ...digests(F2),
      link: pcim,
      workload: { ...digests(F2).workload, cycles: 1e9 },
    });
    expect(slow.bound).toBe('kernel');
    expect(slow.time.waitNs.value).toBe(0);
    const { time, bound } = project(digests(F2));
    expect(bound).toBe('link out');
    expect(time.waitsFor.linkOut.value).toBeGreaterThan(50 * time.waitsFor.linkIn.value);
    expect(time.waitsFor.linkIn.value).toBeGreaterThan(0);
    // Stalls are of the simulated run alone.
    expect(time.stallNs.value).toBe(0);
  });

  test('a core that writes the bytes itself is not counted beside the link that takes them', () => {
    const [, pcim] = F2.links;
    if (!pcim) throw new Error('F2 has no second link');
    const { bytesIn, bytesOut } = digests(F2).workload;
    const of = (isHostMoved: boolean) =>
      project({ ...digests(F2), link: { ...pcim, in: { ...pcim.in, isHostMoved } } }).time;
    const [once, twice] = [of(true), of(false)];
    expect(project({ ...digests(F2), link: pcim }).time).toEqual(once);
    expect(twice.latencyNs.value - once.latencyNs.value).toBeCloseTo(0.4 * bytesIn, 3);
    // In a stream the core is busy all the same.
    expect(twice.totalNs).toEqual(once.totalNs);
    expect(once.hostNs.value).toBeCloseTo(0.4 * bytesIn + 0.05 * bytesOut, 3);
  });

  test('nets toggle between what was counted of them and the registers, or as a stated range', () => {
    const dynamic = (activity: ProjectionInput['activity']) =>
      project({ ...digests(F2), activity: activity ?? null }).watts.dynamic;
    const [alone, counted, same] = [
      dynamic({ register: 0.4 }),
      dynamic({ register: 0.4, net: 0.1 }),
      dynamic({ register: 0.4, net: 0.4 }),
    ];
    expect(counted.value).toBe(same.value);
    expect(alone.value).toBe(same.value);
    expect(counted.high).toBe(same.high);
    expect(counted.low).toBeLessThan((same.low ?? 0) / 2);
    expect(alone.low).toBeLessThan(same.low ?? 0);
    expect(alone.low).toBeGreaterThan(counted.low ?? 0);
    expect(alone.high).toBeGreaterThan(same.high ?? 0);
  });

  test('watts are the joules of a message over its time', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { watts, joulesPerMessage, messagesPerSecond } = project(input);
        const product = joulesPerMessage.value * messagesPerSecond.value;
        expect(product / watts.total.value).toBeCloseTo(1, 9);
      }),
    );
  });

  test('a clock by an estimated Fmax is a step of the shell lower at its low end, one by place and route is not', () => {
    const at = (fmax: Figure) => project({ ...digests(F2), fmax }).clock;
    const bounds = [267, 342, 499] as const;
    const [low, value, high] = bounds;
    expect(at(estimate(value, low, high, 'MHz', 'modelled'))).toMatchObject({
      low: 225,
      value: 250,
      high: 250,
    });
    expect(at(estimate(value, low, high, 'MHz', 'synthesised')).low).toBe(250);
    // What the estimate itself takes off is not taken off twice.
    expect(at(estimate(240, 160, 300, 'MHz', 'modelled'))).toMatchObject({ low: 150, value: 225 });
    expect(at(estimate(10, 8, 12, 'MHz', 'modelled'))).toMatchObject({ low: 8, value: 10 });
  });

  test('the clock is the highest of the shell that Fmax allows', () => {
    const at = (mhz: number) =>
      project({ ...digests(F2), fmax: figure(mhz, 'MHz', 'synthesised') });
    expect(at(600).clock.value).toBe(250);
    expect(at(240).clock.value).toBe(225);
    expect(at(10).clock.value).toBe(10);
  });

  test('what is not known is assumed, and said', () => {
    const { notes, clock } = project({ ...digests(F2), fmax: null, area: null, activity: null });
    expect(clock.provenance).toBe('assumed');
    expect(notes.join('\n')).toMatch(
      /clock .* assumed[\s\S]*area not synthesised[\s\S]*activity not counted/,
    );
  });

  test('refuses numbers out of range by name', () => {
    const bad = (workload: Partial<ProjectionInput['workload']>) => () =>
      project({ ...digests(F2), workload: { ...digests(F2).workload, ...workload } });
    expect(bad({ messages: 0 })).toThrow(/messages must be a number of at least 1, got 0/);
    expect(bad({ cycles: Number.NaN })).toThrow(/cycles must be/);
    expect(bad({ bytesIn: -1 })).toThrow(/bytesIn must be/);
    expect(bad({ stallCycles: 1e9 })).toThrow(/stallCycles are part of cycles/);
    expect(() => deviceById('xc7')).toThrow(/device must be one of/);
  });
});
