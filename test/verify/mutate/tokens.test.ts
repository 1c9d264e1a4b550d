import { describe, expect, test } from 'vitest';
import { nextLiteral } from '../../../src/verify/mutate/literals.js';
import { Macros } from '../../../src/verify/mutate/preprocess.js';
import { inactiveReset } from '../../../src/verify/mutate/sites.js';
import { NotUnderstood, tokenize } from '../../../src/verify/mutate/tokens.js';

const texts = (source: string) => tokenize(source).map(({ text }) => text);

describe('tokens', () => {
  test.each([
    ["8'hff + 12 'd 3", ["8'hff", '+', "12 'd 3"]],
    [
      "'0 '1 'x '{a, b} 8'(x)",
      ["'0", "'1", "'x", "'{", 'a', ',', 'b', '}', '8', "'", '(', 'x', ')'],
    ],
    ['1.5e-3 10ns 2', ['1.5e-3', '10ns', '2']],
    ['a<=b<<<=c>>>d===e', ['a', '<=', 'b', '<<<=', 'c', '>>>', 'd', '===', 'e']],
    ['a ~^ b ^~ c ~& d -: e', ['a', '~^', 'b', '^~', 'c', '~&', 'd', '-:', 'e']],
    ['\\a+b c \\[0] ', ['\\a+b', 'c', '\\[0]']],
    ['"a \\" // b" c', ['"a \\" // b"', 'c']],
    ['a /* b\n "c */ d // e\nf', ['a', 'd', 'f']],
    ['(* full_case, x = ")" *) case', ['case']],
    ['@(*) @ ( * ) .* a', ['@', '(', '*', ')', '@', '(', '*', ')', '.*', 'a']],
    ['$clog2(x) $display', ['$clog2', '(', 'x', ')', '$display']],
    [
      '`W + `default_nettype none\n`define X a \\\n b\nc',
      ['`W', '+', '`default_nettype none', '`define X a \\\n b', 'c'],
    ],
  ])('takes %j apart', (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  test('keeps lines and columns from 1 on, over comments and strings of several lines', () => {
    const places = tokenize('a\n\tb /* \n */ c\r\n"x\\\ny" d').map((t) => [
      t.text,
      t.line,
      t.column,
    ]);
    expect(places).toEqual([
      ['a', 1, 1],
      ['b', 2, 2],
      ['c', 3, 5],
      ['"x\\\ny"', 4, 1],
      ['d', 5, 4],
    ]);
  });

  test.each(['a /* b', '"a\nb"', 'a \u00a7 b'])('does not understand %j', (source) => {
    expect(() => tokenize(source)).toThrow(NotUnderstood);
  });
});

describe('the literal next to a literal', () => {
  test.each([
    ["1'b0", "1'b1"],
    ["1'b1", "1'b0"],
    ["4'd15", "4'd0"],
    ["8'h0f", "8'h10"],
    ["8'hFF", "8'h00"],
    ["16'b0000_0001", "16'b00000010"],
    ["8'sd127", "8'sd128"],
    ["12'o7", "12'o10"],
    ["'hffff_ffff", "'h00000000"],
    ["256'd0", "256'd1"],
    ["4'd99", "4'd4"],
    ['0', '1'],
    ['1_000', '1001'],
    ['2147483647', null],
    ['1.5', null],
    ['10ns', null],
    ["'0", null],
    ["4'bxx01", null],
    ["4'b1??0", null],
  ])('of %s is %s', (text, expected) => {
    expect(nextLiteral(text)).toBe(expected);
  });
});

describe('names of resets', () => {
  test.each(['rst', 'reset', 'RST', 'i_rst', 'rst_i', 'sys_rst', 'areset', 'srst', 'core_reset_q'])(
    '%s is active high',
    (name) => {
      expect(inactiveReset(name)).toBe(0);
    },
  );

  test.each(['rst_n', 'rstn', 'aresetn', 'rst_ni', 'nreset', 's_axi_aresetn', 'rst_b', 'reset_l'])(
    '%s is active low',
    (name) => {
      expect(inactiveReset(name)).toBe(1);
    },
  );

  test.each(['restart', 'first', 'reset_count', 'burst', 'presets', 'rst_done'])(
    '%s is none',
    (name) => {
      expect(inactiveReset(name)).toBeNull();
    },
  );
});

describe('conditional compilation', () => {
  const live = (text: string, defines: string[] = []) =>
    new Macros(defines)
      .liveTokens(tokenize(text), text, '/nowhere/x.v')
      .map((token) => `${token.text}${token.isSure ? '' : '?'}`)
      .join(' ');

  test.each([
    ['`ifdef A\na\n`else\nb\n`endif\nc', 'b c'],
    ['`define A\n`ifdef A\na\n`else\nb\n`endif', 'a'],
    ['`define A\n`undef A\n`ifndef A\na\n`endif', 'a'],
    ['`ifdef VERILATOR\na\n`elsif B\nb\n`else\nc\n`endif', 'a'],
    ['`ifdef X\na\n`elsif B\nb\n`else\nc\n`endif', 'b'],
    ['`ifdef X\n`ifdef B\na\n`else\nb\n`endif\nc\n`endif\nd', 'd'],
    ['`ifdef X\n`define Y\n`endif\n`ifdef Y\na\n`endif\nb', 'b'],
    ['`define F(x, y) (x + y)\n`F(a, {b, c}) d', '`F(a, {b, c}) d'],
    ['`define G 1\n`G (a)', '`G ( a )'],
  ])('of %j leaves %j', (text, expected) => {
    expect(live(text, ['B'])).toBe(expected);
  });

  test('is not sure of macros that an unknown file may define', () => {
    expect(live('`include "x.vh"\na\n`ifdef X\nb\n`else\nc\n`endif\nd')).toBe('a c? d');
  });
});
