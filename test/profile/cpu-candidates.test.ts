import { expect, test } from 'vitest';
import { analyse } from '../../src/profile/cpu/analyse.js';
import { frameOf, syntheticThread, type TestFrame, type TestSamples } from './cpu-synthetic.js';

const SCRIPT = {
  url: 'file:///app/service.js',
  source: `import { createHash } from 'node:crypto';
import { sha1 } from '@noble/hashes/legacy.js';
function digestOf(message) {
  return createHash('sha256').update(message).digest();
}
function encoded(message) {
  return digestOf(message).toString('hex');
}
function all(messages) {
  return messages.map((message) => digestOf(message));
}
function handler(request) {
  const body = JSON.parse(request.body);
  const id = createHash('sha256').update(body.text).digest('hex');
  return { id, body };
}
function short(message) {
  return sha1(message)[0];
}
function keyed(message, kind) {
  return createHash(kind).update(message).digest();
}
function matches(text) {
  return /viagra|lottery|winner/i.test(text);
}
function step(crc, byte) {
  return TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
}
function checksum(bytes) {
  let crc = 0xffffffff ^ 0xedb88320;
  for (const byte of bytes) crc = step(crc, byte);
  return crc;
}
`,
};
const own = (name: string): TestFrame => frameOf(SCRIPT, name);
const MODULE = { name: '', url: SCRIPT.url, line: 0, column: 0 };
const node = (name: string): TestFrame => ({
  name,
  url: 'node:internal/crypto/hash',
  line: 5,
  column: 1,
});
const FRAMEWORK = {
  name: 'run',
  url: 'file:///app/node_modules/fastify/lib/run.js',
  line: 3,
  column: 4,
};
const noble = (name: string): TestFrame => ({
  name,
  url: 'file:///app/node_modules/@noble/hashes/legacy.js',
  line: name.length,
  column: 4,
});

function candidates(stacks: readonly TestSamples[], scripts = [SCRIPT]) {
  const { report } = analyse([syntheticThread(stacks, scripts)], { command: 'test' });
  return { found: report.candidates, notes: report.notes };
}

const rest = (samples: number): TestSamples => ({ stack: [MODULE], samples });

test('a function that hashes is named with all that hashing takes, and how it was recognised', () => {
  const { found } = candidates([
    { stack: [MODULE, own('digestOf'), node('Hash')], samples: 100 },
    { stack: [MODULE, own('digestOf'), node('update')], samples: 80 },
    { stack: [MODULE, own('digestOf')], samples: 20 },
    rest(800),
  ]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    function: 'digestOf',
    file: '/app/service.js',
    line: 3,
    kernel: 'sha256',
    call: 'offload(sha256())',
    confidence: 'certain',
    evidence: [
      'Hash of node:crypto was on the stack',
      "its text asks for 'sha256' by createHash or hash",
    ],
  });
  expect(found[0]?.totalShare.value).toBe(0.2);
  expect(found[0]?.selfShare.value).toBe(0.02);
});

test('what only calls it is taken along: the outermost function that is still just the operation', () => {
  const { found } = candidates([
    { stack: [MODULE, own('encoded'), own('digestOf'), node('update')], samples: 190 },
    { stack: [MODULE, own('encoded')], samples: 10 },
    rest(800),
  ]);
  expect(found.map(({ function: name, totalShare }) => [name, totalShare.value])).toEqual([
    ['encoded', 0.2],
  ]);
});

test('not a function that does it for many messages', () => {
  const { found } = candidates([
    { stack: [MODULE, own('all'), own('digestOf'), node('update')], samples: 200 },
    rest(800),
  ]);
  expect(found.map((candidate) => candidate.function)).toEqual(['digestOf']);
});

test('a loop over the parts of one message is part of the operation', () => {
  const { found } = candidates([
    { stack: [MODULE, own('checksum'), own('step')], samples: 195 },
    { stack: [MODULE, own('checksum')], samples: 5 },
    rest(800),
  ]);
  expect(found.map(({ function: name, call }) => [name, call])).toEqual([
    ['checksum', "offload(crc('crc-32'))"],
  ]);
});

test('of the handler of a request only the operation, at its line', () => {
  const { found } = candidates([
    { stack: [FRAMEWORK, own('handler'), node('update')], samples: 100 },
    { stack: [FRAMEWORK, own('handler')], samples: 300 },
    { stack: [FRAMEWORK], samples: 600 },
  ]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ function: 'handler', line: 14, kernel: 'sha256' });
  expect(found[0]?.totalShare.value).toBe(0.1);
  expect(found[0]?.evidence).toContain(
    'handler does other things as well: 25 % of its time goes here',
  );
});

test('of a package the function of the program that calls it', () => {
  const { found } = candidates([
    { stack: [MODULE, own('short'), noble('hashC'), noble('update')], samples: 50 },
    { stack: [MODULE, own('short'), noble('hashC')], samples: 50 },
    rest(900),
  ]);
  expect(
    found.map(({ function: name, kernel, totalShare }) => [name, kernel, totalShare.value]),
  ).toEqual([['short', 'sha1', 0.1]]);
});

test('a regular expression of words, with its flags', () => {
  const { found } = candidates([
    { stack: [MODULE, own('matches'), { name: 'RegExp: viagra|lottery|winner' }], samples: 100 },
    rest(900),
  ]);
  expect(found.map(({ function: name, call }) => [name, call])).toEqual([
    ['matches', "offload(literalMatch(['viagra', 'lottery', 'winner'], { ignoreCase: true }))"],
  ]);
});

test.each([
  ['replaces them', 'function edit(t) { return t.replace(/viagra|lottery|winner/g, "*"); }', null],
  ['splits at them', 'function edit(t) { return t.split(/viagra|lottery|winner/); }', null],
  [
    'tests another expression',
    'const R = /viagra|lottery|winner/;\nfunction edit(t) { return /x/.test(t) && t.replace(R, ""); }',
    null,
  ],
  ['looks at one place', 'function edit(t) { return /viagra|lottery|winner/y.test(t); }', null],
  [
    'searches by a constant',
    'const R = /viagra|lottery|winner/;\nfunction edit(t) { return R.exec(t); }',
    'certain',
  ],
  [
    'searches by what was made',
    'const R = new RegExp(WORDS.join("|"));\nfunction edit(t) { return t.search(R); }',
    'likely',
  ],
])('a regular expression of words in a function that %s', (_, source, confidence) => {
  const script = { url: SCRIPT.url, source };
  const stack = [MODULE, frameOf(script, 'edit'), { name: 'RegExp: viagra|lottery|winner' }];
  const { found } = candidates([{ stack, samples: 100 }, rest(900)], [script]);
  expect(found.map((candidate) => candidate.confidence)).toEqual(confidence ? [confidence] : []);
});

test('a hash whose algorithm the text does not say is a note', () => {
  const script = { ...SCRIPT, source: SCRIPT.source.replaceAll("'sha256'", 'kind') };
  const { found, notes } = candidates(
    [{ stack: [MODULE, frameOf(script, 'keyed'), node('update')], samples: 100 }, rest(900)],
    [script],
  );
  expect(found).toEqual([]);
  expect(notes.join()).toContain('hashes took 10.0 % of the CPU');
});

test('HMAC is no candidate and a note, also where the file hashes elsewhere', () => {
  const script = {
    ...SCRIPT,
    source: `${SCRIPT.source}function signed(text) {
  return createHmac('sha256', KEY).update(text).digest();
}
function later(hmac, text) {
  return hmac.update(text).digest();
}
`,
  };
  const { found, notes } = candidates(
    [
      { stack: [MODULE, frameOf(script, 'signed'), node('Hmac')], samples: 50 },
      { stack: [MODULE, frameOf(script, 'signed'), node('update')], samples: 150 },
      { stack: [MODULE, frameOf(script, 'later'), node('update')], samples: 100 },
      { stack: [MODULE, frameOf(script, 'digestOf'), node('update')], samples: 100 },
      rest(600),
    ],
    [script],
  );
  expect(found.map((candidate) => candidate.function)).toEqual(['digestOf']);
  expect(notes.join()).toContain('createHmac hashed for 20.0 % of the CPU');
  expect(notes.join()).toContain('hashes took 10.0 % of the CPU');
});

test('a package named as what every object has is none that is known', () => {
  const frame = {
    name: 'f',
    url: 'file:///app/node_modules/constructor/index.js',
    line: 1,
    column: 1,
  };
  expect(candidates([{ stack: [MODULE, own('encoded'), frame], samples: 900 }, rest(100)])).toEqual(
    {
      found: [],
      notes: [],
    },
  );
});

test('nothing below one in a hundred', () => {
  const hashing = (samples: number) => [
    { stack: [MODULE, own('digestOf'), node('update')], samples },
    rest(10_000 - samples),
  ];
  expect(candidates(hashing(99)).found).toHaveLength(0);
  expect(candidates(hashing(100)).found).toHaveLength(1);
});

test('the original file and line by the source map', () => {
  // One mapping: the third line of the script to line 41 of the original.
  const map = { version: 3, sources: ['src/service.ts'], names: [], mappings: ';;AAwCA' };
  const sourceMapURL = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
  const { found } = candidates(
    [{ stack: [MODULE, own('digestOf'), node('update')], samples: 100 }, rest(900)],
    [{ ...SCRIPT, sourceMapURL } as typeof SCRIPT],
  );
  expect(found[0]).toMatchObject({ file: '/app/src/service.ts', line: 41 });
});
