import { parseFilter } from '../../../src/bench/suite/filter.js';
import { hostOf } from '../../../src/bench/suite/host.js';
import { sizedClass } from '../../../src/bench/suite/messages.js';
import { type PlannedPoint, planSuite } from '../../../src/bench/suite/plan.js';
import { NO_JOURNAL } from '../../../src/bench/suite/resume.js';
import type { RunSuiteOptions } from '../../../src/bench/suite/run-suite.js';
import { FULL, type SuiteSettings } from '../../../src/bench/suite/settings.js';
import type { SuiteOperation } from '../../../src/bench/suite/suite-operation.js';
import { cpuProfile } from '../../../src/devices/cpu-profiles.js';
import { bytes, defineKernel, type Kernel, uint32 } from '../../../src/index.js';
import { hdl } from '../../support/fixture-kernels.js';

/** A clock that stands still until somebody says what something takes: no test hangs on how fast the machine is. */
export class FakeClock {
  #ns = 0;

  spend(ns: number): void {
    this.#ns += ns;
  }

  now(): number {
    return this.#ns;
  }

  cpu(): number {
    return this.#ns;
  }
}

export const SETTINGS: SuiteSettings = {
  ...FULL,
  rounds: 3,
  sizes: [0, 64],
  batches: [1, 16, 256],
  leastRoundMs: 0.2,
};

const sum = (message: Uint8Array): number => message.reduce((total, byte) => total + byte, 0);

/** The kernel `byte-sum`, whose golden model takes as long as it is told. */
export function slowSum(spend: (message: Uint8Array) => void): Kernel<Uint8Array, number> {
  return defineKernel({
    name: 'byte-sum',
    rtl: { top: 'byte_sum', sources: [hdl('byte_sum.v')], parameters: { DATA_BYTES: 8 } },
    input: bytes(),
    output: uint32(),
    golden: (message) => {
      spend(message);
      return sum(message);
    },
  });
}

/** `byte-sum` with three rivals, each of which takes so many ns a message. */
export function fakeOperation(
  goldenNs: () => number,
  clock: FakeClock,
  rivalNs: () => number = () => 500,
): SuiteOperation {
  const kernel = slowSum(() => clock.spend(goldenNs()));
  const rivals = ['one', 'two', 'three'].map((name) => ({
    name,
    note: '',
    run: (message: Uint8Array) => {
      clock.spend(rivalNs());
      return sum(message);
    },
    encode: (total: number) => {
      const encoded = new Uint8Array(4);
      new DataView(encoded.buffer).setUint32(0, total, true);
      return encoded;
    },
  }));
  return {
    operation: { name: 'byte-sum', kernel, rivals },
    classes: SETTINGS.sizes.map((size) => sizedClass(size, null)),
  };
}

/** Software only: the simulator's thread has a clock of its own. */
const SOFTWARE = ['javascript', 'one', 'two', 'three'].map((name) => `*/*/*/${name}`).join(',');

export function fakePlan({ operation, classes }: SuiteOperation): readonly PlannedPoint[] {
  const filter = parseFilter(SOFTWARE, []);
  return planSuite([{ name: operation.name, classes, rivals: 3 }], SETTINGS, filter).points;
}

export function fakeOptions(
  clock: FakeClock,
  more: Partial<RunSuiteOptions> = {},
): RunSuiteOptions {
  return {
    settings: SETTINGS,
    filter: parseFilter(SOFTWARE, []),
    seed: 1,
    host: hostOf(cpuProfile('')),
    clock,
    journal: NO_JOURNAL,
    ...more,
  };
}
