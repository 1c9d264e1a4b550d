import { expect, test } from 'vitest';
import { analyse } from '../../src/profile/cpu/analyse.js';
import { checkV8Profile, type V8Profile } from '../../src/profile/cpu/v8-profile.js';

type Rest = Readonly<Record<string, unknown>>;
const frame = (rest: Rest = {}) => ({
  functionName: 'f',
  scriptId: '7',
  url: 'file:///a.js',
  lineNumber: 1,
  columnNumber: 2,
  ...rest,
});
const node = (id: number, children: unknown = [], rest: Rest = {}) => ({
  id,
  callFrame: frame(),
  children,
  ...rest,
});
const profileOf = (nodes: readonly unknown[], rest: Rest = {}): unknown => ({
  nodes,
  startTime: 0,
  endTime: 1000,
  samples: [1, 1],
  timeDeltas: [500, 500],
  ...rest,
});

test('a profile that is one passes, of a file of another machine as well', () => {
  const there = node(2, [], { callFrame: frame({ url: 'file://server/share/a.js' }) });
  const profile = checkV8Profile(profileOf([node(1, [2]), there], { samples: [1, 2] }), 'p');
  const thread = {
    name: 'p',
    pid: null,
    threadId: null,
    profile: profile as V8Profile,
    scripts: {},
  };
  const { report } = analyse([thread], { command: 'p' });
  expect(report.functions.map(({ file }) => file)).toContain('file://server/share/a.js');
});

const chainOf = (length: number) =>
  Array.from({ length }, (_, i) => node(i + 1, i + 1 < length ? [i + 2] : []));

test.each([
  ['a cycle', [node(1, [2]), node(2, [3]), node(3, [2])], /has one caller/],
  ['a cycle apart', [node(1), node(2, [3]), node(3, [2])], /below itself/],
  ['a node that calls itself', [node(1, [1])], /below itself/],
  ['two callers', [node(1, [2, 3]), node(2, [3]), node(3)], /has one caller/],
  ['an id twice', [node(1), node(1)], /id 1/],
  ['a stack without end', chainOf(20_000), /at most 1000 calls/],
  ['children that are no list', [node(1, 5)], /list of ids/],
  ['children that are no ids', [node(1, ['2'])], /list of ids/],
  ['an address that is none', [node(1, [], { callFrame: frame({ url: 5 }) })], /url/],
  ['a byte 0', [node(1, [], { callFrame: frame({ url: 'file://host%00/a.js' }) })], /url/],
  ['a line that is none', [node(1, [], { callFrame: frame({ lineNumber: 'x' }) })], /line/],
  ['a count that is none', [node(1, [], { hitCount: -1 })], /hitCount/],
  ['ticks that are none', [node(1, [], { positionTicks: [null] })], /positionTicks/],
])('%s is refused', (_, nodes, message) => {
  expect(() => checkV8Profile(profileOf(nodes), 'p.cpuprofile')).toThrow(
    expect.objectContaining({
      code: 'ERR_RTLIFT_INVALID_ARG',
      message: expect.stringMatching(message),
    }),
  );
});

test('times that are none are refused', () => {
  expect(() => checkV8Profile(profileOf([node(1)], { timeDeltas: ['1'] }), 'p')).toThrow(
    /timeDeltas/,
  );
});
