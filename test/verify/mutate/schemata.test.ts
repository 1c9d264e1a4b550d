import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readElaboratedMutants } from '../../../src/verify/mutate/elaborated.js';
import { instrumentMutants, MUTANT_PORT } from '../../../src/verify/mutate/schemata.js';
import { rejected } from '../../support/errors.js';
import { temporaryFolder } from '../../support/folders.js';
import { instrumentText } from './instrument.js';

const PORT = `input wire [31:0] ${MUTANT_PORT}`;
const one = async (text: string) => (await instrumentText({ 'top.sv': text })).texts[0];

describe('the port of the top module', () => {
  test.each([
    ['module top (input a);', `module top (${PORT}, input a);`],
    ['module top ();', `module top (${PORT});`],
    ['module top;', `module top (${PORT});`],
    ['module top (a, b); input a, b;', `module top (${MUTANT_PORT}, a, b); ${PORT}; input a, b;`],
    [
      'module top #(parameter N = 3) (input a);',
      `module top #(parameter N = 3) (${PORT}, input a);`,
    ],
    ['module top #(parameter N = 3);', `module top #(parameter N = 3) (${PORT});`],
    ['module top import p::*; (input a);', `module top import p::*; (${PORT}, input a);`],
    [
      'module automatic top (bus_if.slave bus);',
      `module automatic top (${PORT}, bus_if.slave bus);`,
    ],
    [
      'module top (\n    // clock\n    input a);',
      `module top (${PORT}, \n    // clock\n    input a);`,
    ],
  ])('%j becomes %j', async (header, expected) => {
    expect(await one(`${header}\nendmodule\n`)).toBe(`${expected}\nendmodule\n`);
  });

  test('is read by its hierarchical name elsewhere, and from the root where that name is taken', async () => {
    const { texts } = await instrumentText({
      'top.v': 'module top (input a); assign x = !a; endmodule',
      'sub.v': 'module sub (input a); assign x = !a; endmodule',
      'hidden.v': 'module hidden (input top); assign x = !top; endmodule',
    });
    expect(texts[0]).toContain("assign x = (rtlift_mutant == 32'd1) ? ( !(!(a)) ) : (!a);");
    expect(texts[1]).toContain("assign x = (top.rtlift_mutant == 32'd2) ? ( !(!(a)) ) : (!a);");
    expect(texts[2]).toContain("($root.top.rtlift_mutant == 32'd3)");
  });

  test.each([
    ['is missing', 'module other (input a); endmodule'],
    ['cannot be read', 'module top (input a; endmodule'],
    ['has such a port already', `module top (input [31:0] ${MUTANT_PORT}); endmodule`],
    ['is in a file that is not understood', 'module top (input a); /* endmodule'],
  ])('is refused where the module %s', async (_, text) => {
    await rejected('ERR_RTLIFT_INVALID_ARG', instrumentText({ 'top.v': text }));
  });
});

describe('rewritten text', () => {
  test('keeps the original with its comments and lines; copies have neither', async () => {
    const text = 'module top (input a);\nassign x = a + // one\n    b; // two\nendmodule\n';
    expect(await one(text)).toBe(
      `module top (${PORT}, input a);\n` +
        "assign x = (rtlift_mutant == 32'd1) ? (a -  b) : (a + // one\n    b); // two\nendmodule\n",
    );
  });

  test('asks once for the range of an expression, then for the mutant', async () => {
    expect(await one('module top (input a);\nassign x = a & b | c;\nendmodule')).toContain(
      "assign x = (rtlift_mutant >= 32'd1 && rtlift_mutant <= 32'd2) ? " +
        "((rtlift_mutant == 32'd1) ? (a |  b | c) : (a & b &  c)) : (a & b | c);",
    );
  });

  test('does not let a copy join operators or swallow a bracket behind an escaped name', async () => {
    const text = await one(
      'module top (input a); assign x = a & |b; assign y = !\\c+d ; endmodule',
    );
    expect(text).toContain('(a |  |b)');
    expect(text).toContain('!(!(\\c+d ))');
    expect(text).toContain('(!\\c+d )');
  });

  test('is what the original was where no mutant is taken', async () => {
    const text = 'package p;\nfunction f(input a); return !a; endfunction\nendpackage\n';
    const { texts, notMutated, names } = await instrumentText({
      'p.sv': text,
      'top.sv': 'module top (input a); endmodule',
    });
    expect(texts[0]).toBe(text);
    expect(notMutated).toEqual([{ file: names[0], line: 1, reason: 'a package' }]);
  });
});

describe('code that is not understood', () => {
  test('stays as it is, module by module, and is said', async () => {
    const bad = 'module bad (input a);\nassign x = !a;\nalways @* begin x = 1;\nendmodule\n';
    const good = 'module top (input a);\nassign x = !a;\nendmodule\n';
    const { texts, mutants, notMutated, names } = await instrumentText({ 'top.v': bad + good });
    expect(texts[0]?.startsWith(bad)).toBe(true);
    expect(mutants.map(({ line }) => line)).toEqual([6]);
    expect(notMutated).toContainEqual({
      file: names[0],
      line: 4,
      reason: 'module bad is not understood: an unexpected `endmodule`',
    });
  });

  test('stays as it is where a whole file cannot be taken apart', async () => {
    const { texts, notMutated } = await instrumentText({
      'bad.v': 'module bad; /* ',
      'top.v': 'module top; endmodule',
    });
    expect(texts[0]).toBe('module bad; /* ');
    expect(notMutated[0]?.reason).toBe('the file is not understood: a comment without an end');
  });
});

describe('the list of mutants', () => {
  const text = 'module top (input a);\n  assign x = a + 1,\n\ty = a[3];\nendmodule\n';

  test('numbers them from 1 in the order of the text, with the place in the file that was given', async () => {
    const { mutants, names } = await instrumentText({ 'sub.v': '\n', 'top.v': text });
    const [, file] = names;
    expect(mutants).toEqual([
      { id: 1, file, line: 2, column: 16, kind: 'operator', before: '+', after: '-' },
      { id: 2, file, line: 2, column: 18, kind: 'constant', before: '1', after: '2' },
      { id: 3, file, line: 3, column: 7, kind: 'index', before: '[3]', after: '[2]' },
    ]);
  });

  test('is the same each time', async () => {
    const [a, b] = await Promise.all([0, 1].map(() => instrumentText({ 'top.v': text })));
    expect(a?.texts).toEqual(b?.texts);
    expect(a?.mutants.map(({ file: _, ...rest }) => rest)).toEqual(
      b?.mutants.map(({ file: _, ...rest }) => rest),
    );
  });

  test('has at most 100 of one expression, spread over it', async () => {
    const sum = Array.from({ length: 301 }, (_, i) => `a${i}`).join(' + ');
    const { mutants, notMutated } = await instrumentText({
      'top.v': `module top (input a); assign x = ${sum}; endmodule`,
    });
    expect(mutants).toHaveLength(100);
    expect(mutants.at(-1)?.column).toBeGreaterThan(sum.length - 20);
    expect(notMutated[0]?.reason).toBe('only 100 of 300 mutants of one expression are kept');
  });
});

describe('files', () => {
  test('of the same name from two folders do not meet', async () => {
    const folder = temporaryFolder();
    const paths = ['a', 'b'].map((name) => {
      mkdirSync(join(folder, name));
      const path = join(folder, name, 'x.v');
      writeFileSync(path, `module ${name === 'a' ? 'top' : 'sub'} (input a); endmodule`);
      return path;
    });
    const { sources } = await instrumentMutants('top', paths, join(folder, 'new', 'deep'));
    expect(sources.map((path) => basename(path))).toEqual(['x.v', '2_x.v']);
    expect(readFileSync(sources[1] as string, 'utf8')).toContain('module sub');
  });

  test('that are included are searched for macros', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'config.vh'), '`define FAST\n');
    const { mutants } = await instrumentText(
      {
        'top.v':
          '`include "config.vh"\nmodule top (input a);\n`ifdef FAST\nassign x = !a;\n`else\nassign x = ~a;\n`endif\nendmodule',
      },
      { includes: [folder] },
    );
    expect(mutants.map(({ before }) => before)).toEqual(['!a']);
  });
});

describe('mutants of an elaborated design', () => {
  test('are read from XML', () => {
    const xml =
      '<x><cond><logand><lte><const name="32&apos;h2"/><varxref name="rtlift_mutant"/></lte>' +
      '<gte><const name="32&apos;h1f"/><varxref name="rtlift_mutant"/></gte></logand>' +
      '<eq><const name="32&apos;h7"/><varref name="other"/></eq></cond></x>';
    expect([...readElaboratedMutants(xml)]).toEqual([2, 31]);
  });

  test('are read from JSON', () => {
    const eq = (name: string) => ({
      type: 'EQ',
      lhsp: [{ type: 'CONST', name: "32'h1f" }],
      rhsp: [{ type: 'VARXREF', name }],
    });
    const tree = (name: string) => JSON.stringify({ type: 'NETLIST', stmtsp: [eq(name)] });
    expect([...readElaboratedMutants(tree('rtlift_mutant'))]).toEqual([31]);
    expect([...readElaboratedMutants(tree('other'))]).toEqual([]);
  });
});
