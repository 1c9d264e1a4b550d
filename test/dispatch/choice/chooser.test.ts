import { describe, expect, test } from 'vitest';
import { Chooser, type ChooserOptions } from '../../../src/dispatch/choice/chooser.js';
import type { PathName } from '../../../src/paths/path.js';

type Cost = (messages: number, bytes: number) => number;
type Costs = Readonly<Record<PathName, Cost>>;

/** A thread that costs 25 us to wake, and then little; plain JavaScript without a start, but dear by the byte. */
const COSTS: Costs = {
  javascript: (messages, bytes) => 200 + 300 * messages + 14 * bytes,
  verilator: (messages, bytes) => 26_000 + 80 * messages + 2 * bytes,
};
const PATHS: readonly PathName[] = ['javascript', 'verilator'];

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Plays loads through a chooser; returns the host time it took over that of the better path each time. */
function play(
  chooser: Chooser,
  loads: readonly (readonly [number, number])[],
  costs: Costs,
  random = generator(1),
): number {
  let [took, best] = [0, 0];
  for (const [messages, bytes] of loads) {
    const choice = chooser.choose(messages, bytes);
    const noise = 0.9 + 0.2 * random() + (random() < 0.01 ? 3 : 0);
    const ns = costs[choice.path](messages, bytes) * noise;
    chooser.observe(choice, ns);
    took += ns;
    best += noise * Math.min(...PATHS.map((path) => costs[path](messages, bytes)));
  }
  return took / best;
}

function trained(options?: ChooserOptions): Chooser {
  const chooser = new Chooser(PATHS, options);
  for (const path of PATHS) {
    for (const [messages, size] of [
      [1, 64],
      [64, 64],
      [64, 1024],
    ] as const) {
      const bytes = messages * size;
      for (let i = 0; i < 3; i++) {
        const choice = { ...chooser.choose(messages, bytes), path, kind: 'only' as const };
        chooser.observe(choice, COSTS[path](messages, bytes));
      }
    }
  }
  return chooser;
}

const mixed = (count: number, seed: number): [number, number][] => {
  const random = generator(seed);
  return Array.from({ length: count }, () => {
    const messages = Math.floor(2 ** (random() * 11));
    return [messages, Math.floor(messages * 2 ** (random() * 13))];
  });
};

describe('Chooser', () => {
  test('comes within 3 % of the better path each time, over loads of every size', () => {
    expect(play(trained(), mixed(5000, 7), COSTS)).toBeLessThan(1.03);
  });

  test('needs no training for that but the first batches', () => {
    expect(play(new Chooser(PATHS), mixed(5000, 9), COSTS)).toBeLessThan(1.05);
  });

  test('is right again within 300 batches after a path has become eight times as dear', () => {
    const chooser = trained();
    const load: [number, number][] = new Array(2000).fill([40, 2560]);
    expect(play(chooser, load, COSTS)).toBeLessThan(1.03);
    expect(chooser.choose(40, 2560).path).toBe('verilator');
    const slow: Costs = { ...COSTS, verilator: (...of) => 8 * COSTS.verilator(...of) };
    play(chooser, load.slice(0, 300), slow);
    expect(play(chooser, load, slow)).toBeLessThan(1.03);
    expect(chooser.choose(40, 2560).path).toBe('javascript');
    // And back: the other path is faster again, which only a trial can show.
    play(chooser, load.slice(0, 2000), COSTS);
    expect(chooser.choose(40, 2560).path).toBe('verilator');
  });

  test('is right within 300 batches after the load has changed', () => {
    const chooser = trained();
    play(chooser, new Array(3000).fill([1, 200]), COSTS);
    const load: [number, number][] = new Array(300).fill([700, 700 * 5000]);
    expect(play(chooser, load, COSTS)).toBeLessThan(1.1);
    expect(play(chooser, load, COSTS)).toBeLessThan(1.03);
  });

  test('spends no more on trials than it may', () => {
    const chooser = trained({ trialShare: 0.005 });
    play(chooser, mixed(20_000, 3), COSTS);
    expect(chooser.trialShare).toBeGreaterThan(0);
    expect(chooser.trialShare).toBeLessThan(0.0075);
  });

  test('does not flap between paths that cost the same', () => {
    const even: Costs = { javascript: COSTS.verilator, verilator: COSTS.verilator };
    const chooser = new Chooser(PATHS);
    const random = generator(5);
    let moves = 0;
    let before: PathName | null = null;
    for (let i = 0; i < 4000; i++) {
      const choice = chooser.choose(16, 1600);
      chooser.observe(choice, even[choice.path](16, 1600) * (0.95 + 0.1 * random()));
      if (choice.kind === 'trial') continue;
      if (before !== null && before !== choice.path) moves++;
      before = choice.path;
    }
    expect(moves).toBeLessThan(5);
  });

  test('takes the path that is left when the others are barred', () => {
    const chooser = trained();
    const barred = (path: PathName): string | null => (path === 'verilator' ? 'no' : null);
    expect(chooser.choose(1000, 64_000).path).toBe('verilator');
    expect(chooser.choose(1000, 64_000, barred)).toMatchObject({
      path: 'javascript',
      kind: 'only',
    });
  });

  test('a frozen one chooses as the one whose state it has, and learns nothing', () => {
    const chooser = trained();
    play(chooser, mixed(1000, 11), COSTS);
    const state = JSON.parse(JSON.stringify(chooser.state())) as ReturnType<Chooser['state']>;
    const frozen = new Chooser(PATHS, { isFrozen: true }, state);
    for (const [messages, bytes] of mixed(200, 13)) {
      const choice = frozen.choose(messages, bytes);
      expect(frozen.expect(choice.path, messages, bytes)).toBeCloseTo(
        chooser.expect(choice.path, messages, bytes),
        -1,
      );
      frozen.observe(choice, 1e9);
    }
    expect(frozen.state().models).toEqual(state.models);
  });
});
