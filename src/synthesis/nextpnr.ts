import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtliftError } from '../errors.js';
import { findTool } from '../toolchain/find-tools.js';
import { runTool } from '../toolchain/run-tool.js';
import type { CriticalPath } from './row.js';
import type { Target } from './targets.js';

/** nextpnr-ice40 as found on this machine. */
export interface Nextpnr {
  readonly path: string;
  readonly version: string;
}

/** One run of place and route. */
export interface Placement {
  readonly fmaxMHz: number | null;
  /** Logic cells, RAM blocks and multipliers taken, by nextpnr's names. */
  readonly used: Readonly<Record<string, number>>;
  readonly critical: CriticalPath | null;
}

/** Why nextpnr found no place for a design. */
export interface NoFit {
  readonly reason: string;
}

/** @throws {@link RtliftError} `ERR_RTLIFT_TOOL_MISSING` with what to do. */
export async function findNextpnr(): Promise<Nextpnr> {
  const tool = await findTool('nextpnr');
  if (tool.ok && tool.path !== null) return { path: tool.path, version: tool.version ?? 'unknown' };
  throw new RtliftError(
    'ERR_RTLIFT_TOOL_MISSING',
    `${tool.reason ?? 'nextpnr-ice40 was not found'}; run \`npx rtlift doctor\` for how to get it`,
    { tool: 'nextpnr' },
  );
}

// Far above what a kernel reaches, so that the placer optimises the clock all the way; missing it is no error.
const TARGET_MHZ = 250;

/**
 * Places and routes a mapped design once.
 * @param json - the harnessed netlist.
 * @throws {@link RtliftError} `ERR_RTLIFT_SYNTHESIS_FAILED` with nextpnr's messages when it fails for another reason
 *   than size.
 */
export async function placeAndRoute(
  nextpnr: Nextpnr,
  json: string,
  target: Target,
  seed: number,
  signal?: AbortSignal,
): Promise<Placement | NoFit> {
  const folder = await mkdtemp(join(tmpdir(), 'rtlift-pnr-'));
  try {
    const [netlist, report] = [join(folder, 'netlist.json'), join(folder, 'report.json')];
    await writeFile(netlist, json);
    const args = [
      ...(target.nextpnrArgs ?? []),
      ...['--json', netlist, '--report', report, '--seed', `${seed}`, '--freq', `${TARGET_MHZ}`],
      ...['--timing-allow-fail', '-q'],
    ];
    await runTool(nextpnr.path, args, {
      failure: 'ERR_RTLIFT_SYNTHESIS_FAILED',
      purpose: `place and route for ${target.label}, seed ${seed}`,
      timeoutMs: 3_600_000,
      ...(signal ? { signal } : {}),
    });
    return readReport(await readFile(report, 'utf8'));
  } catch (error) {
    const reason = error instanceof RtliftError ? noFitReason(error.message) : null;
    if (reason !== null) return { reason };
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What nextpnr says when a design is too large for the device, in few words; else `null`. */
export function noFitReason(message: string): string | null {
  const line = message
    .split('\n')
    .map((text) => text.replace(/^ERROR:\s*/, '').trim())
    .find((text) =>
      /no BELs remaining to implement cell type '(?:ICESTORM|SB)_|Unable to find a placement location|Failed to expand region|Unable to find legal placement/i.test(
        text,
      ),
    );
  if (line === undefined) return null;
  const needed = /of (\d+) ICESTORM_LCs?$/.exec(line)?.[1];
  if (needed) return `nextpnr finds no place for ${needed} LC`;
  return `nextpnr: ${line.replace(/^Unable to place cell '.*', /, '')}`;
}

interface ReportStep {
  readonly type: string;
  readonly delay: number;
  /** Of a `routing` step. */
  readonly net?: string;
  readonly from: { readonly cell: string; readonly port: string };
  readonly to: { readonly cell: string; readonly port: string };
}

interface Report {
  readonly fmax: Readonly<Record<string, { readonly achieved: number }>>;
  readonly utilization: Readonly<Record<string, { readonly used: number }>>;
  readonly critical_paths: readonly {
    readonly from: string;
    readonly to: string;
    readonly path: readonly ReportStep[];
  }[];
}

/** Reads the report that `--report` of nextpnr writes: the slowest clock and its path, what is used. */
export function readReport(text: string): Placement {
  const { fmax, utilization, critical_paths: paths } = JSON.parse(text) as Report;
  const slowest = Object.entries(fmax).sort(([, a], [, b]) => a.achieved - b.achieved)[0];
  const path = paths.find(
    ({ from, to }) => slowest && from.endsWith(slowest[0]) && to.endsWith(slowest[0]),
  );
  return {
    fmaxMHz: slowest?.[1].achieved ?? null,
    used: Object.fromEntries(Object.entries(utilization).map(([name, { used }]) => [name, used])),
    critical: path ? criticalOf(path.path) : null,
  };
}

/** What a net or cell is called in the source: Yosys and nextpnr add what they made it from. */
function plainName(name: string | undefined): string {
  if (name === undefined || name.startsWith('$')) return 'a net without a name';
  if (name.startsWith('rtlift_in_')) return 'an input port';
  if (/^rtlift_(out|mix)_/.test(name)) return 'an output port';
  return name.replace(/(_SB_|_DFFLC$|_LC$).*$/, '').replaceAll(/\bgenblk\d+\./g, '');
}

function criticalOf(path: readonly ReportStep[]): CriticalPath {
  const logic = path.filter(({ type }) => type === 'logic');
  const carryBits = logic.filter(({ to }) => to.port === 'COUT' || to.port === 'CO').length;
  // A chain begins where a signal other than a carry enters it.
  const chains = logic.filter(
    ({ from, to }) =>
      (to.port === 'COUT' || to.port === 'CO') && from.port !== 'CIN' && from.port !== 'CI',
  ).length;
  const luts = logic.length - carryBits;
  const sum = (steps: readonly ReportStep[]): number =>
    steps.reduce((total, { delay }) => total + delay, 0);
  const net = sum(path.filter(({ type }) => type === 'routing'));
  const carry = carryBits > 0 ? ` + ${carryBits} carry bits` : '';
  return {
    from: plainName(path.find(({ net }) => net !== undefined)?.net),
    to: plainName(path.at(-1)?.to.cell),
    levels: luts + chains,
    text: `${luts} LUT${carry}, ${sum(path).toFixed(2)} ns of which ${net.toFixed(2)} ns net`,
  };
}
