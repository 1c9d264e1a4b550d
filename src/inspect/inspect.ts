import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtliftError } from '../errors.js';
import { badVerilatorFlag } from '../kernel/check-rtl.js';
import type { ParameterValue } from '../kernel/define-kernel.js';
import { elaborate } from '../toolchain/elaborate.js';
import type { Netlist } from '../toolchain/netlist.js';
import { findToolchain } from '../toolchain/toolchain.js';
import { type Detected, detectPorts } from './detect.js';
import { parametersWithoutDefault, topModules } from './modules.js';

export interface InspectOptions {
  /** Default: the one module that no other instantiates. */
  readonly top?: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly includes?: readonly string[];
  readonly verilatorFlags?: readonly string[];
  /** More files, absolute paths: read as well, but the top module is none of theirs unless `top` names it. */
  readonly sources?: readonly string[];
}

/** What a module is from outside. */
export interface Inspection {
  readonly netlist: Netlist;
  readonly detected: Detected;
}

/**
 * Elaborates Verilog files and says what ports, streams and parameters their top module has.
 * @param files - absolute paths.
 * @throws {@link RtliftError} `ERR_RTLIFT_ELABORATION_FAILED`, or `ERR_RTLIFT_INVALID_ARG` where the top module is not clear or
 *   a parameter needs a value.
 */
export async function inspectFiles(
  files: readonly string[],
  { top, parameters = {}, includes = [], verilatorFlags = [], sources = [] }: InspectOptions = {},
): Promise<Inspection> {
  const wrong = badVerilatorFlag(verilatorFlags);
  if (wrong) {
    throw new RtliftError('ERR_RTLIFT_INVALID_ARG', `${wrong.expected}, got ${wrong.got}`, {
      arg: 'verilatorFlags',
      got: wrong.got,
    });
  }
  const own = (await Promise.all(files.map(readSource))).join('\n');
  const text = [own, ...(await Promise.all(sources.map(readSource)))].join('\n');
  const name = top ?? onlyTop(own, text);
  const missing = parametersWithoutDefault(text, name).filter(
    (key) => !Object.hasOwn(parameters, key),
  );
  if (missing.length > 0) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `module ${name} has parameters without a default: give --parameter ${missing.map((key) => `${key}=<value>`).join(' --parameter ')}`,
      { top: name, parameters: missing },
    );
  }
  const { verilator } = await findToolchain();
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-inspect-'));
  try {
    const rtl = {
      top: name,
      sources: [...files, ...sources],
      includes,
      parameters,
      ports: {},
      verilatorFlags,
    };
    const netlist = await elaborate(verilator, rtl, folder);
    return { netlist, detected: detectPorts(netlist) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readSource(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: Error) => {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `cannot read ${path}: ${cause.message}`,
      { path },
      { cause },
    );
  });
}

/** The module of `own` that nothing in `text` instantiates, which has `own` in it. */
function onlyTop(own: string, text: string): string {
  const all = new Set(topModules(text));
  const tops = topModules(own).filter((name) => all.has(name));
  const [top] = tops;
  if (top !== undefined && tops.length === 1) return top;
  throw new RtliftError(
    'ERR_RTLIFT_INVALID_ARG',
    tops.length === 0
      ? 'the files define no module, or none that is not instantiated by another; name it with --top'
      : `the files have several modules that no other instantiates (${tops.join(', ')}); name one with --top`,
    { tops },
  );
}
