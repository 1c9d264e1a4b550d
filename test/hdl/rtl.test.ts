import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  classify,
  crc,
  type Kernel,
  literalMatch,
  recordFilter,
  sha1,
  sha256,
  siphash,
} from '../../src/index.js';
import { findTool } from '../../src/toolchain/find-tools.js';
import { temporaryFolder } from '../support/folders.js';
import { describeUnless, missingTool } from '../support/needs.js';
import { ROOT } from '../support/root.js';

const run = promisify(execFile);
const HDL = join(ROOT, 'hdl');

const FILES = readdirSync(HDL, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.v'))
  .toSorted();

type AnyKernel = Pick<Kernel<never, unknown>, 'name' | 'rtl'>;

const KEY = new Uint8Array(16);
const FIELDS = { a: { offset: 0, bytes: 1 } } as const;
const RULES = [{ field: 'a', is: '==', value: 1 }] as const;

/** A kernel for each kind of parameter set that a descriptor gives. */
const KERNELS: readonly (readonly [string, AnyKernel])[] = [
  sha256({ architecture: 'pipelined' }),
  sha256({ lanes: 1, fifoBlocks: 2 }),
  sha256({ lanes: 3, fifoBlocks: 4 }),
  sha256({ lanes: 16 }),
  sha256({ lanes: 64, fifoBlocks: 1_024 }),
  literalMatch(['x']),
  literalMatch(['x'.repeat(5)], { bytesPerCycle: 16 }),
  literalMatch(new Array(100).fill('x'.repeat(16))),
  literalMatch(new Array(64).fill('x'.repeat(32)), { bytesPerCycle: 16 }),
  sha1({ lanes: 1, fifoBlocks: 2 }),
  sha1({ lanes: 3, fifoBlocks: 4 }),
  sha1(),
  siphash(KEY),
  siphash(KEY, { bits: 128 }),
  siphash(KEY, { lanes: 1, fifoDepth: 2 }),
  siphash(KEY, { bits: 128, lanes: 3, fifoDepth: 4 }),
  crc('crc-32'),
  crc('crc-16/ccitt-false'),
  crc('crc-3/gsm'),
  recordFilter({ recordBytes: 36, fields: FIELDS, rules: RULES }),
  recordFilter({ recordBytes: 64, fields: FIELDS, rules: new Array(32).fill(RULES[0]) }),
  recordFilter({ recordBytes: 1, fields: { a: { offset: 0, bytes: 1 } }, rules: RULES }),
  crc({ width: 1, poly: 1, init: 1, refin: false, refout: true, xorout: 0 }),
  crc({ width: 32, poly: 0xb93d51e8, init: 0x80000001, refin: true, refout: false, xorout: 1 }),
  classify(),
  classify({ bytesPerCycle: 16 }),
  classify({ weights: new Int8Array(256) }),
  classify({ weights: new Int8Array(65_536), bytesPerCycle: 16 }),
].map((kernel) => [nameOf(kernel), kernel] as const);

function nameOf({ name, rtl }: AnyKernel): string {
  const parameters = Object.entries(rtl.parameters).map(([key, value]) => `${key}=${value}`);
  return `${name} ${parameters.join(' ')}`;
}

/** Runs a tool and gives what it printed; a failure shows it. */
async function output(command: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const { stdout, stderr } = await run(command, args, {
      maxBuffer: 64 << 20,
      ...(cwd ? { cwd } : {}),
    });
    return `${stdout}${stderr}`;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return expect.fail(
      `${command} ${args.join(' ')}\n${(error as Error).message}\n${stdout}${stderr}`.slice(
        0,
        8_000,
      ),
    );
  }
}

async function pathOf(tool: 'verilator' | 'iverilog' | 'yosys'): Promise<string> {
  return (await findTool(tool)).path ?? tool;
}

describe('each file of hdl/', () => {
  test('there is at least one', () => {
    expect(FILES.length).toBeGreaterThan(0);
  });

  test.each(FILES)(
    '%s starts with default_nettype none, ends with wire, and holds its module',
    (file) => {
      const text = readFileSync(join(HDL, file), 'utf8');
      const code = text
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .split('\n')
        .map((line) => line.replace(/\/\/.*/, '').trim())
        .filter((line) => line !== '');
      expect(code[0]).toBe('`default_nettype none');
      expect(code.at(-1)).toBe('`default_nettype wire');
      const modules = [...code.join('\n').matchAll(/^module\s+(\w+)/gm)].map((match) => match[1]);
      expect(modules).toEqual([basename(file, '.v')]);
    },
  );

  test('is named by the descriptor of its kernel, or lies in lib/', () => {
    const used = new Set(KERNELS.flatMap(([, kernel]) => kernel.rtl.sources));
    const unused = FILES.filter((file) => !used.has(join(HDL, file)) && dirname(file) !== 'lib');
    expect(unused).toEqual([]);
  });
});

describeUnless(await missingTool('verilator'), 'Verilator -Wall', () => {
  test.each(KERNELS)('has nothing to say about %s', async (_, { rtl }) => {
    const parameters = Object.entries(rtl.parameters).map(([key, value]) => `-G${key}=${value}`);
    const args = ['--lint-only', '-Wall', '--top-module', rtl.top, ...parameters, ...rtl.sources];
    expect(await output(await pathOf('verilator'), args)).toBe('');
  });

  test.each([
    ['sha256', 'LANES=0', sha256()],
    ['sha256', 'LANES=65', sha256()],
    ['sha256', 'FIFO_BLOCKS=3', sha256()],
    ['sha256', 'PIPELINED=2', sha256()],
    ['literal_match', 'DATA_BYTES=4', literalMatch(['x'])],
    ['literal_match', 'PATTERNS=33', literalMatch(['x'])],
    ['literal_match', 'PATTERN_BYTES=64', literalMatch(['x'])],
    ['sha1', 'LANES=0', sha1()],
    ['sha1', 'LANES=65', sha1()],
    ['sha1', 'FIFO_BLOCKS=3', sha1()],
    ['siphash', 'OUT_BITS=32', siphash(KEY)],
    ['siphash', 'LANES=0', siphash(KEY)],
    ['siphash', 'LANES=65', siphash(KEY)],
    ['siphash', 'FIFO_DEPTH=3', siphash(KEY)],
    ['crc', 'WIDTH=0', crc('crc-32')],
    ['crc', 'WIDTH=33', crc('crc-32')],
    ['crc', 'REFIN=2', crc('crc-32')],
    ['crc', "POLY=64'h100000000", crc('crc-32')],
    ['classify', 'DATA_BYTES=4', classify()],
    ['classify', 'TABLE=300', classify()],
    ['classify', 'TABLE=131072', classify()],
  ] as [string, string, AnyKernel][])(
    'refuses %s with %s by name',
    async (top, parameter, { rtl }) => {
      const args = ['--lint-only', '--top-module', top, `-G${parameter}`, ...rtl.sources];
      const refused = await run(await pathOf('verilator'), args).then(
        () => 'accepted',
        (error) => `${error.stderr}`,
      );
      expect(refused).toContain(`${parameter.split('=')[0]}_must_be`);
    },
  );
});

describeUnless(await missingTool('iverilog'), 'Icarus -g2005 -Wall', () => {
  test.each(KERNELS)('has nothing to say about %s', async (_, { rtl }) => {
    const parameters = Object.entries(rtl.parameters).map(
      ([key, value]) => `-P${rtl.top}.${key}=${value}`,
    );
    const out = join(temporaryFolder(), 'kernel.vvp');
    const args = ['-g2005', '-Wall', '-s', rtl.top, ...parameters, '-o', out, ...rtl.sources];
    const lines = (await output(await pathOf('iverilog'), args)).split('\n');
    // Modules without a time scale inherit none here, and Icarus says so of each.
    expect(lines.filter((line) => line !== '' && !/timescale/i.test(line))).toEqual([]);
  });
});

describeUnless(await missingTool('yosys'), 'Yosys hierarchy, proc and check', () => {
  test.each(KERNELS)('finds nothing wrong with %s', async (_, { rtl }) => {
    const parameters = Object.entries(rtl.parameters)
      .map(([key, value]) => `-chparam ${key} ${value}`)
      .join(' ');
    const script = [
      `read_verilog ${rtl.sources.join(' ')}`,
      `hierarchy -check -top ${rtl.top} ${parameters}`,
      'proc',
      'check -assert',
    ].join('; ');
    const printed = await output(await pathOf('yosys'), ['-q', '-p', script], temporaryFolder());
    const warnings = printed.split('\n').filter((line) => /^(Warning|ERROR)/i.test(line));
    expect(warnings).toEqual([]);
  });
});
