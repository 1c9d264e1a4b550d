import { describe, expect, test } from 'vitest';
import { readFloor } from '../../../src/verify/coverage/floor.js';
import { thrown } from '../../support/errors.js';

const PATH = 'hdl/x/coverage.json';
const read = (value: unknown) => readFloor(JSON.stringify(value), PATH);

const REASON = { file: 'x.v', line: 12, what: 'toggle key[3]', reason: 'tied to 0' };
const SURVIVOR = { file: 'x.v', line: 30, before: '<', after: '<=', reason: 'equal by design' };

describe('readFloor', () => {
  test('reads every field', () => {
    const floor = read({
      line: 1.0,
      toggle: 0.97,
      mutants: 0.95,
      uncovered: [REASON],
      survivors: [SURVIVOR],
    });
    expect(floor).toEqual({
      path: PATH,
      line: 1,
      toggle: 0.97,
      mutants: 0.95,
      uncovered: [{ ...REASON, place: { kind: 'toggle', pattern: 'key[3]' } }],
      survivors: [SURVIVOR],
    });
  });

  test('needs only the shares of lines and toggles', () => {
    expect(read({ line: 0, toggle: 1 })).toEqual({
      path: PATH,
      line: 0,
      toggle: 1,
      mutants: null,
      uncovered: [],
      survivors: [],
    });
  });

  test.each([
    ['line', 12, { kind: 'line' }],
    ['else', 12, { kind: 'arm', arm: 'else' }],
    ['lines 10-14', undefined, { kind: 'lines', first: 10, last: 14 }],
    ['toggle mem[*][7:0]', undefined, { kind: 'toggle', pattern: 'mem[*][7:0]' }],
  ])('reads %s', (what, line, place) => {
    const entry = { ...REASON, what, line };
    expect(read({ line: 1, toggle: 1, uncovered: [entry] }).uncovered).toEqual([
      { ...entry, line: line ?? null, place },
    ]);
  });

  test('a mutant may take something away', () => {
    const survivors = [{ ...SURVIVOR, after: '' }];
    expect(read({ line: 1, toggle: 1, survivors }).survivors).toEqual(survivors);
  });

  const withReason = (fields: object) => ({
    line: 1,
    toggle: 1,
    uncovered: [REASON, { ...REASON, ...fields }],
  });
  const withSurvivor = (fields: object) => ({
    line: 1,
    toggle: 1,
    survivors: [{ ...SURVIVOR, ...fields }],
  });

  test.each([
    ['an array', [], 'the file must be an object'],
    ['null', null, 'the file must be an object'],
    ['no line', { toggle: 1 }, 'line must be a number 0 to 1'],
    ['per cent', { line: 1, toggle: 97 }, 'toggle must be a number 0 to 1, got 97'],
    ['text', { line: '1', toggle: 1 }, 'line must be'],
    ['mutants null', { line: 1, toggle: 1, mutants: null }, 'mutants must be'],
    ['another field', { line: 1, toggle: 1, toggles: 1 }, 'got "toggles"'],
    ['uncovered as object', { line: 1, toggle: 1, uncovered: {} }, 'uncovered must be an array'],
    [
      'a reason as text',
      { line: 1, toggle: 1, uncovered: ['x'] },
      'uncovered[0] must be an object',
    ],
    ['a reason that is empty', withReason({ reason: ' ' }), 'uncovered[1].reason must be text'],
    ['no file', withReason({ file: undefined }), 'uncovered[1].file must be text'],
    ['line 0', withReason({ line: 0 }), 'uncovered[1].line must be an integer from 1, got 0'],
    ['half a line', withReason({ line: 1.5 }), 'uncovered[1].line must be'],
    ['another field of a reason', withReason({ why: 'x' }), 'got "why"'],
    ['what that is nothing', withReason({ what: 'key[3]' }), 'uncovered[1].what must be'],
    ['a toggle without name', withReason({ what: 'toggle ' }), 'uncovered[1].what must be'],
    ['lines backwards', withReason({ what: 'lines 14-10' }), 'uncovered[1].what must be'],
    [
      'line beside lines',
      withReason({ what: 'lines 12-14' }),
      'uncovered[1].line must be left out',
    ],
    [
      'an arm without line',
      withReason({ what: 'if', line: undefined }),
      'uncovered[1].line must be given',
    ],
    ['a survivor without before', withSurvivor({ before: '' }), 'survivors[0].before must be text'],
    ['a survivor without line', withSurvivor({ line: undefined }), 'survivors[0].line must be'],
  ])('refuses %s', (_, value, words) => {
    const { message, details } = thrown('ERR_RTLIFT_INVALID_ARG', () => read(value));
    expect(message).toContain(`${PATH}: `);
    expect(message).toContain(words);
    expect(details.path).toBe(PATH);
  });

  test('refuses what is not JSON, and keeps why', () => {
    const error = thrown('ERR_RTLIFT_INVALID_ARG', () => readFloor('{ "line": 1, }', PATH));
    expect(error.message).toContain(`${PATH}: the file must be JSON`);
    expect(error.cause).toBeInstanceOf(SyntaxError);
  });
});
