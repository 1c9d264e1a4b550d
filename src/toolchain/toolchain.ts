import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { RtliftError } from '../errors.js';
import type { Compiler } from './compile.js';
import type { Verilator } from './elaborate.js';
import { findTool } from './find-tools.js';

const run = promisify(execFile);

/** What building a kernel library takes. */
export interface Toolchain {
  readonly verilator: Verilator;
  /** Folder of Verilator's own headers and run-time sources. */
  readonly verilatorRoot: string;
  readonly compiler: Compiler;
}

let found: Promise<Toolchain> | null = null;

/**
 * Finds Verilator and a C++ compiler, once a process.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING` naming the tool and what to do.
 */
export function findToolchain(): Promise<Toolchain> {
  found ??= look().catch((error) => {
    // A tool may be installed while the process runs.
    found = null;
    throw error;
  });
  return found;
}

async function need(name: 'verilator' | 'cxx'): Promise<{ path: string; version: string }> {
  const tool = await findTool(name);
  if (!tool.ok || tool.path === null) {
    throw new RtliftError(
      'ERR_RTLIFT_TOOL_MISSING',
      `${tool.reason ?? `${name} was not found`}; run \`npx rtlift doctor\` for how to get it`,
      { tool: name },
    );
  }
  return { path: tool.path, version: tool.version ?? 'unknown' };
}

/** Clang where nothing was named: it vectorises the models, which makes them up to twice as fast. */
async function findCompiler(): Promise<{ path: string; version: string }> {
  if (!process.env.RTLIFT_CXX) {
    const { ok, path, version } = await findTool('clang');
    if (ok && path !== null) return { path, version: version ?? 'unknown' };
  }
  return need('cxx');
}

async function look(): Promise<Toolchain> {
  const [verilator, cxx] = await Promise.all([need('verilator'), findCompiler()]);
  const [{ stdout: root }, { stdout: banner }] = await Promise.all([
    run(verilator.path, ['--getenv', 'VERILATOR_ROOT']),
    run(cxx.path, ['--version']),
  ]);
  return {
    verilator,
    verilatorRoot: root.trim() || join(dirname(verilator.path), '..', 'share', 'verilator'),
    compiler: { ...cxx, isClang: /clang/i.test(banner) },
  };
}
