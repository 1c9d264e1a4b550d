import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { RtliftError } from '../../errors.js';
import type { ResolvedRtl } from '../../kernel/define-kernel.js';
import { findTool } from '../../toolchain/find-tools.js';
import { runTool } from '../../toolchain/run-tool.js';
import { BENCH_TOP } from './bench.js';
import { AFTER_RESET } from './bench-plan.js';

/** Icarus Verilog as found on this machine. */
export interface Icarus {
  readonly compiler: string;
  /** Its run-time engine, vvp. */
  readonly engine: string;
  readonly version: string;
}

/**
 * Finds Icarus Verilog.
 * @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING` saying what to do.
 */
export async function findIcarus(): Promise<Icarus> {
  const { ok, path, version, reason } = await findTool('iverilog');
  if (!ok || path === null) {
    throw new RtliftError(
      'ERR_RTLIFT_TOOL_MISSING',
      `${reason ?? 'iverilog was not found'}; run \`npx rtlift doctor\` for how to get it`,
      { tool: 'iverilog' },
    );
  }
  const engine = join(dirname(path), 'vvp');
  if (!existsSync(engine)) {
    throw new RtliftError(
      'ERR_RTLIFT_TOOL_MISSING',
      `${path} has no vvp beside it; install Icarus Verilog whole`,
      { tool: 'iverilog' },
    );
  }
  return { compiler: path, engine, version: version ?? 'unknown' };
}

/** What of a descriptor's arguments to Verilator says the same to Icarus; the others are about Verilator alone. */
export function icarusFlags(
  verilatorFlags: readonly string[],
  sources: readonly string[],
): string[] {
  const flags: string[] = [];
  let language = '2012';
  verilatorFlags.forEach((flag, i) => {
    const value = verilatorFlags[i + 1] ?? '';
    const define = /^(?:-D|\+define\+)(.+)$/.exec(flag);
    if (define) flags.push(`-D${define[1]}`);
    if (/^--?relative-includes$/.test(flag)) flags.push('-grelative-include');
    if (flag === '-y') flags.push(`-y${value}`);
    for (const suffix of flag.startsWith('+libext') ? flag.split('+').slice(2) : []) {
      flags.push('-Y', suffix);
    }
    const isVerilog = /^--(default-)?language$/.test(flag) && value.startsWith('1364');
    // The bench is written in Verilog of 2001.
    if (isVerilog) language = value === '1364-2005' ? '2005' : '2001';
    // Icarus has one language for all files.
    const hasSystemVerilog = sources.some((file) => file.endsWith('.sv'));
    if (/^\+1364-\d{4}ext\+v$/.test(flag) && !hasSystemVerilog) language = '2005';
  });
  return [`-g${language}`, ...flags];
}

/**
 * Compiles a bench with the design.
 * @throws {@link RtliftError} `ERR_RTLIFT_ELABORATION_FAILED` with Icarus's messages.
 */
export async function compileBench(
  icarus: Icarus,
  rtl: ResolvedRtl,
  bench: string,
  out: string,
): Promise<void> {
  // Without it a concurrent assertion, which Icarus cannot check, is an error.
  const assertions = Number(icarus.version) >= 11 ? ['-gsupported-assertions'] : [];
  const args = [
    ...icarusFlags(rtl.verilatorFlags, rtl.sources),
    ...assertions,
    '-s',
    BENCH_TOP,
    '-o',
    out,
    '-Y',
    '.v',
    '-Y',
    '.sv',
    // Verilator looks for modules in the folders of `include files as well.
    ...rtl.includes.flatMap((folder) => [`-I${folder}`, `-y${folder}`]),
    // The bench comes first, so that files without a `timescale take its.
    bench,
    ...rtl.sources,
  ];
  await runTool(icarus.compiler, args, {
    failure: 'ERR_RTLIFT_ELABORATION_FAILED',
    purpose: `read ${rtl.top} with Icarus Verilog`,
  });
}

/** What the simulator said. */
export interface Simulation {
  /** Why it did not end by itself or without an error, or `null`. */
  readonly failure: string | null;
  /** Lines of $error and $fatal after reset, of files that were not found, and of a $finish or $stop. */
  readonly remarks: readonly string[];
}

const MOST_REMARKS = 20;

/** Runs a compiled bench to its end, in the folder of this process: paths in `$readmemh` are relative to it. */
export async function simulate(
  icarus: Icarus,
  compiled: string,
  log: string,
  timeoutMs: number,
): Promise<Simulation> {
  let failure: string | null = null;
  const isLate = `the simulator had not ended after ${timeoutMs} ms`;
  const start = performance.now();
  try {
    await runTool(icarus.engine, ['-n', '-l', log, compiled], {
      failure: 'ERR_RTLIFT_INTERNAL',
      purpose: 'simulate with Icarus Verilog',
      timeoutMs,
    });
    // Asked to end, vvp does so as if nothing was wrong.
    if (performance.now() - start >= timeoutMs) failure = isLate;
  } catch (error) {
    const { details } = error as RtliftError;
    if (!(error instanceof RtliftError) || details.status === undefined) throw error;
    const { status } = details;
    failure = status === null ? isLate : `the simulator exited with status ${status}`;
  }
  return { failure, remarks: await readRemarks(log) };
}

async function readRemarks(log: string): Promise<string[]> {
  const remarks: string[] = [];
  if (!existsSync(log)) return remarks;
  let isAfterReset = false;
  for await (const line of createInterface({ input: createReadStream(log) })) {
    if (line === AFTER_RESET) isAfterReset = true;
    const isError = /^(ERROR|FATAL): .*:\d+: /.test(line);
    // What has not been reset yet may well fail an assertion.
    const counts = isError && (isAfterReset || /^FATAL|unable to open/i.test(line));
    const isEnd = /\$(finish|stop)(\(\d*\))? called at/.test(line);
    if ((counts || isEnd) && remarks.length < MOST_REMARKS) remarks.push(line);
  }
  return remarks;
}
