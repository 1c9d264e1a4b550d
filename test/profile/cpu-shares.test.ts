import { describe, expect, test } from 'vitest';
import { analyse } from '../../src/profile/cpu/analyse.js';
import { cpuReportSchema } from '../../src/profile/cpu/report.js';
import { shareOf } from '../../src/profile/cpu/shares.js';
import { checkV8Profile } from '../../src/profile/cpu/v8-profile.js';
import { frameOf, syntheticThread } from './cpu-synthetic.js';

const SCRIPT = {
  url: 'file:///app/main.js',
  source: `function handle(message) {
  return walk(message) + cost(message);
}
function walk(list) {
  return list.length === 0 ? 0 : walk(list.slice(1));
}
function cost(message) {
  let sum = 0;
  for (const byte of message) sum = (sum * 3 + byte) % 977;
  return sum;
}
`,
};
const [handle, walk, cost] = ['handle', 'walk', 'cost'].map((name) => frameOf(SCRIPT, name)) as [
  ReturnType<typeof frameOf>,
  ReturnType<typeof frameOf>,
  ReturnType<typeof frameOf>,
];
const IDLE = { name: '(idle)' };
const GC = { name: '(garbage collector)' };
const PROGRAM = { name: '(program)' };

function shares(threads: Parameters<typeof analyse>[0]) {
  const { report } = analyse(threads, { command: 'test' });
  expect(cpuReportSchema.parse(report)).toEqual(report);
  const of = (name: string) => report.functions.find((fn) => fn.name === name);
  return { report, of };
}

describe('shares of a CPU profile', () => {
  test('are of the samples that are not idle, the collector and native code among them', () => {
    const { report, of } = shares([
      syntheticThread(
        [
          { stack: [IDLE], samples: 1000 },
          { stack: [GC], samples: 30 },
          { stack: [PROGRAM], samples: 20 },
          { stack: [handle], samples: 50 },
        ],
        [SCRIPT],
      ),
    ]);
    expect(report.samples).toBe(100);
    expect(of('handle')?.selfShare.value).toBe(0.5);
    expect(of('(garbage collector)')?.selfShare.value).toBe(0.3);
    expect(of('(program)')?.selfShare.value).toBe(0.2);
    expect(of('(idle)')).toBe(undefined);
    expect(report.threads[0]).toMatchObject({
      samples: 1100,
      idleSamples: 1000,
      gcSamples: 30,
      programSamples: 20,
    });
  });

  test('count recursion once', () => {
    const { of } = shares([
      syntheticThread(
        [
          { stack: [handle, walk], samples: 10 },
          { stack: [handle, walk, walk], samples: 20 },
          { stack: [handle, walk, walk, walk], samples: 30 },
          { stack: [handle], samples: 40 },
        ],
        [SCRIPT],
      ),
    ]);
    expect(of('walk')?.totalShare.value).toBe(0.6);
    expect(of('walk')?.selfShare.value).toBe(0.6);
    expect(of('handle')?.totalShare.value).toBe(1);
  });

  test('add threads up, and keep each apart', () => {
    const { report, of } = shares([
      syntheticThread(
        [
          { stack: [handle, cost], samples: 25 },
          { stack: [IDLE], samples: 75 },
        ],
        [SCRIPT],
        'main',
      ),
      syntheticThread(
        [
          { stack: [cost], samples: 60 },
          { stack: [handle], samples: 15 },
        ],
        [SCRIPT],
        'worker 1',
      ),
    ]);
    expect(of('cost')).toMatchObject({ selfSamples: 85, threads: { t0: 25, t1: 60 } });
    expect(of('cost')?.selfShare.value).toBe(0.85);
    expect(report.threads.map(({ share }) => share.value)).toEqual([0.25, 0.75]);
  });

  test('give an inlined function the time that V8 counts to its caller under its line', () => {
    const { of } = shares([
      syntheticThread(
        [
          { stack: [handle], samples: 70, at: 9 },
          { stack: [handle], samples: 30, at: 2 },
        ],
        [SCRIPT],
      ),
    ]);
    expect(of('cost')?.selfShare.value).toBe(0.7);
    expect(of('handle')).toMatchObject({ selfSamples: 30, totalSamples: 100 });
  });

  test('tell lines of the same number in two files apart by where time was seen before', () => {
    // V8 has compiled work() of one file into run() of another; log(), which run() also calls, has a line 2 as well.
    const main = {
      url: 'file:///app/main.js',
      source: `function log(text) {
  return text.length + 1;
}


function run(work, message) {
  log(message);
  return work(message);
}
`,
    };
    const other = {
      url: 'file:///app/work.js',
      source: `function work(message) {
  return message.reduce((a, b) => a ^ b);
}
`,
    };
    const run = frameOf(main, 'run');
    const { of } = shares([
      syntheticThread(
        [
          { stack: [run, frameOf(other, 'work')], samples: 10, at: 2 },
          { stack: [run], samples: 80, at: 2 },
          { stack: [run, frameOf(main, 'log')], samples: 10, at: 1 },
        ],
        [main, other],
      ),
    ]);
    expect(of('work')?.selfSamples).toBe(90);
    expect(of('log')?.selfSamples).toBe(10);
  });

  test('give what a parameter calls to the function of the program, not to one of Node', () => {
    const main = {
      url: 'file:///app/main.js',
      source: `function run(work, message) {
  return work(message);
}
`,
    };
    const other = {
      url: 'file:///app/work.js',
      source: `




function digest(message) {
  return message.reduce((a, b) => a ^ b);
}
`,
    };
    const node = {
      url: 'node:internal/buffer',
      source: '\n\n\n\nfunction readInt8(at) { return this[at]; }',
    };
    const run = frameOf(main, 'run');
    const { of } = shares([
      syntheticThread(
        [
          { stack: [run, frameOf(other, 'digest')], samples: 10, at: 7 },
          { stack: [run, frameOf(node, 'readInt8')], samples: 10, at: 5 },
          { stack: [run], samples: 80, at: 2 },
        ],
        [main, other, node],
      ),
    ]);
    expect(of('digest')?.selfSamples).toBe(90);
  });

  test('leave time on a line of no called function with the caller', () => {
    const { of } = shares([syntheticThread([{ stack: [cost], samples: 10, at: 2 }], [SCRIPT])]);
    expect(of('cost')?.selfSamples).toBe(10);
  });

  test('carry the bounds that so many samples allow', () => {
    const share = shareOf(200, 1000);
    // Wilson, 95 %: Brown, Cai and DasGupta, "Interval estimation for a binomial proportion", 2001.
    expect(share).toMatchObject({ value: 0.2, unit: '1', provenance: 'measured' });
    expect(share.low).toBeCloseTo(0.1764, 4);
    expect(share.high).toBeCloseTo(0.2259, 4);
    expect(shareOf(0, 10).low).toBe(0);
    expect(shareOf(10, 10).high).toBe(1);
  });

  test('need samples', () => {
    const idle = syntheticThread([{ stack: [IDLE], samples: 50 }]);
    expect(() => analyse([idle], { command: 'node x.js' })).toThrow(
      expect.objectContaining({
        code: 'ERR_RTLIFT_NO_SAMPLES',
        message: expect.stringContaining('all of them idle'),
      }),
    );
    expect(() => analyse([], { command: 'node x.js' })).toThrow(
      expect.objectContaining({
        code: 'ERR_RTLIFT_NO_SAMPLES',
        message: expect.stringContaining('no profile of any thread'),
      }),
    );
  });
});

describe('a file that is no CPU profile', () => {
  const frame = { functionName: '', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  const node = { id: 1, callFrame: frame };
  test.each([
    ['no object', 7, '`nodes`'],
    ['no nodes', { startTime: 0, endTime: 1 }, '`nodes`'],
    ['no times', { nodes: [node] }, '`startTime`'],
    ['a node without a frame', { nodes: [{ id: 1 }], startTime: 0, endTime: 1 }, '`nodes[0]`'],
    [
      'a missing child',
      { nodes: [{ ...node, children: [2] }], startTime: 0, endTime: 1 },
      'child of node 1',
    ],
    [
      'a stray sample',
      { nodes: [node], startTime: 0, endTime: 1, samples: [1, 9] },
      '`samples[1]`',
    ],
  ])('%s is refused with what is wrong', (_, value, says) => {
    expect(() => checkV8Profile(value, 'x.cpuprofile')).toThrow(
      expect.objectContaining({
        code: 'ERR_RTLIFT_INVALID_ARG',
        message: expect.stringContaining(says),
      }),
    );
  });
});
