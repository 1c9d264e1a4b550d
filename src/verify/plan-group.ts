import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RtliftError } from '../errors.js';
import { checkFloor } from './coverage/check-floor.js';
import type { CoverageData } from './coverage/data.js';
import { type Floor, readFloor } from './coverage/floor.js';
import { mergeCoverage } from './coverage/merge.js';
import { type CoverageSummary, summarise } from './coverage/summary.js';
import { type MutationReport, mutate } from './mutate/run-mutants.js';
import type { Mutant } from './mutate/schemata.js';
import type { AnyPlan } from './plan.js';
import { type VerifyOptions, type VerifyReport, verify } from './verify.js';

/** Plans that keep one floor: the parameter sets of one folder of RTL. */
export interface PlanGroup {
  /** Path of the `coverage.json`. */
  readonly floor: string;
  readonly plans: Readonly<Record<string, AnyPlan>>;
}

export function groupPlans(plans: Readonly<Record<string, () => AnyPlan>>): PlanGroup[] {
  const groups = new Map<string, Record<string, AnyPlan>>();
  for (const [name, make] of Object.entries(plans)) {
    const plan = make();
    if (!plan.floor) continue;
    const floor = fileURLToPath(plan.floor);
    groups.set(floor, { ...groups.get(floor), [name]: plan });
  }
  return [...groups].map(([floor, members]) => ({ floor, plans: members }));
}

/** What verification of a group found. */
export interface GroupRun {
  readonly reports: readonly VerifyReport<unknown>[];
  readonly coverage: CoverageData;
  readonly summary: CoverageSummary;
  /** What falls short of the floor; empty where it is kept. */
  readonly findings: readonly string[];
}

type GroupOptions = Pick<VerifyOptions<unknown, unknown>, 'messages' | 'seed' | 'signal'>;

/** Verifies every plan of a group with coverage, and holds the coverage of all against the floor. */
export async function verifyGroup(
  { floor, plans }: PlanGroup,
  options: GroupOptions,
): Promise<GroupRun> {
  const reports: VerifyReport<unknown>[] = [];
  for (const { kernel, variants, inputs } of Object.values(plans)) {
    reports.push(
      await verify(kernel, {
        ...options,
        ...(variants ? { variants } : {}),
        ...(inputs ? { inputs } : {}),
        coverage: true,
      }),
    );
  }
  const parts = reports.flatMap(({ coverage }) => (coverage ? [coverage] : []));
  const coverage = mergeCoverage(parts);
  const summary = summarise(coverage);
  const findings = checkFloor(summary, await loadFloor(floor)).map(({ message }) => message);
  return { reports, coverage, summary, findings };
}

/** What the mutation check of a group found: a mutant is caught where any of its plans catches it. */
export interface GroupMutants {
  readonly mutants: number;
  readonly caught: number;
  readonly share: number;
  readonly survivors: readonly Mutant[];
  readonly findings: readonly string[];
}

export async function mutateGroup(
  { floor, plans }: PlanGroup,
  options: {
    readonly seed?: number;
    readonly messages?: number;
    readonly onProgress?: (plan: string, done: number, of: number) => void;
  } = {},
): Promise<GroupMutants> {
  const reports: MutationReport[] = [];
  for (const [name, { kernel, variants, inputs }] of Object.entries(plans)) {
    reports.push(
      await mutate(kernel, {
        ...options,
        ...(variants ? { variants } : {}),
        ...(inputs ? { inputs } : {}),
        onProgress: (done, of) => options.onProgress?.(name, done, of),
      }),
    );
  }
  // The numbers of mutants follow from the text alone, so they are the same for every plan of the same sources.
  const tried = new Map<number, Mutant>();
  for (const report of reports) for (const mutant of report.tried) tried.set(mutant.id, mutant);
  const survived = (report: MutationReport, { id }: Mutant): boolean =>
    !report.tried.some((mutant) => mutant.id === id) ||
    report.survivors.some((mutant) => mutant.id === id);
  const survivors = [...tried.values()].filter((mutant) =>
    reports.every((report) => survived(report, mutant)),
  );
  const caught = tried.size - survivors.length;
  const share = tried.size === 0 ? 1 : caught / tried.size;
  const findings = checkMutants(await loadFloor(floor), survivors, share);
  return { mutants: tried.size, caught, share, survivors, findings };
}

/** A survivor needs its reason in the floor, and the share must reach it. */
function checkMutants(floor: Floor, survivors: readonly Mutant[], share: number): string[] {
  const findings: string[] = [];
  if (floor.mutants !== null && share < floor.mutants) {
    findings.push(
      `${floor.path}: ${(share * 100).toFixed(1)} % of mutants caught, the floor is ${floor.mutants * 100} %`,
    );
  }
  const folder = resolve(floor.path, '..');
  for (const { file, line, before, after } of survivors) {
    const isExplained = floor.survivors.some(
      (known) =>
        resolve(folder, known.file) === file &&
        known.line === line &&
        known.before === before &&
        known.after === after,
    );
    if (!isExplained) {
      findings.push(
        `${relative(process.cwd(), file)}:${line}: ${before} -> ${after} survived, and ${relative(process.cwd(), floor.path)} gives no reason`,
      );
    }
  }
  return findings;
}

async function loadFloor(path: string): Promise<Floor> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      `no floor at ${path}: ${cause.message}`,
      { path },
      { cause },
    );
  });
  return readFloor(text, path);
}
