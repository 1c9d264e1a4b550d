import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RtliftError } from '../errors.js';
import type { ParameterValue, ResolvedRtl } from '../kernel/define-kernel.js';
import type { Netlist } from './netlist.js';
import { readJsonNetlist } from './netlist-json.js';
import { readXmlNetlist } from './netlist-xml.js';
import { runTool } from './run-tool.js';

/** First version whose `--json-only` writes ports, types and parameters; XML was dropped some versions later. */
const FIRST_JSON_VERSION = 5.026;

/** Verilator as found on this machine. */
export interface Verilator {
  readonly path: string;
  readonly version: string;
}

function parameterArg(key: string, value: ParameterValue): string {
  if (typeof value === 'string') return `-G${key}="${value}"`;
  // A plain decimal is a signed 32-bit literal; anything wider needs its width said.
  if (value <= 0x7fffffff && value >= -0x80000000) return `-G${key}=${value}`;
  const number = BigInt(value);
  const bits = Math.max(64, (number < 0n ? -number : number).toString(2).length + 1);
  const hex = BigInt.asUintN(bits, number).toString(16);
  return `-G${key}=${bits}'${number < 0n ? 's' : ''}h${hex}`;
}

/** The arguments by which every Verilator run reads the same design. */
export function designArgs(rtl: ResolvedRtl): string[] {
  return [
    '--top-module',
    rtl.top,
    ...rtl.includes.map((folder) => `-I${folder}`),
    ...Object.entries(rtl.parameters).map(([key, value]) => parameterArg(key, value)),
    // `q <= #1 d` is how much RTL is written; the delay means nothing to a cycle, and Verilator wants to be told so.
    '--no-timing',
    // A warning of style must not keep people's RTL from running; it is reported, not fatal.
    '-Wno-fatal',
    ...rtl.verilatorFlags,
    ...rtl.sources,
  ];
}

async function readOutput(folder: string, suffix: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.endsWith(suffix));
  if (name === undefined) {
    throw new RtliftError('ERR_RTLIFT_ELABORATION_FAILED', `Verilator wrote no ${suffix} file`, {
      suffix,
    });
  }
  return readFile(join(folder, name), 'utf8');
}

/** A design as Verilator writes it after elaboration: XML, or JSON with its list of files. */
export interface ElaboratedTree {
  readonly tree: string;
  /** `null` where the tree is XML. */
  readonly meta: string | null;
}

/** @throws {@link RtliftError} `ERR_RTLIFT_ELABORATION_FAILED` with Verilator's messages, file and line. */
export async function elaborateTree(
  verilator: Verilator,
  rtl: ResolvedRtl,
  folder: string,
): Promise<ElaboratedTree> {
  const useJson = Number(verilator.version) >= FIRST_JSON_VERSION;
  await runTool(
    verilator.path,
    [useJson ? '--json-only' : '--xml-only', '--Mdir', folder, ...designArgs(rtl)],
    {
      failure: 'ERR_RTLIFT_ELABORATION_FAILED',
      purpose: `elaborate ${rtl.top} (${rtl.sources.map((file) => basename(file)).join(', ')})`,
    },
  );
  if (!useJson) return { tree: await readOutput(folder, '.xml'), meta: null };
  return {
    tree: await readOutput(folder, '.tree.json'),
    meta: await readOutput(folder, '.tree.meta.json'),
  };
}

/**
 * Elaborates a design: ports with their widths, and parameters with their values.
 * @param folder - an empty folder for Verilator's files.
 * @throws {@link RtliftError} `ERR_RTLIFT_ELABORATION_FAILED` with Verilator's messages, file and line.
 */
export async function elaborate(
  verilator: Verilator,
  rtl: ResolvedRtl,
  folder: string,
): Promise<Netlist> {
  const { tree, meta } = await elaborateTree(verilator, rtl, folder);
  const netlist = meta === null ? readXmlNetlist(tree) : readJsonNetlist(tree, meta, rtl.top);
  if (netlist.top !== rtl.top) {
    throw new RtliftError(
      'ERR_RTLIFT_ELABORATION_FAILED',
      `expected top module ${rtl.top}, got ${netlist.top || 'none'} in Verilator's netlist`,
      { top: rtl.top },
    );
  }
  return netlist;
}

/**
 * Flattens a design into one module.
 * @returns its XML, or `null` where this Verilator writes none: nothing is then known of what lies between the ports.
 */
export async function elaborateFlat(
  verilator: Verilator,
  rtl: ResolvedRtl,
  folder: string,
): Promise<string | null> {
  if (Number(verilator.version) >= FIRST_JSON_VERSION) return null;
  await runTool(verilator.path, ['--xml-only', '--flatten', '--Mdir', folder, ...designArgs(rtl)], {
    failure: 'ERR_RTLIFT_ELABORATION_FAILED',
    purpose: `flatten ${rtl.top}`,
  });
  return readOutput(folder, '.xml');
}
