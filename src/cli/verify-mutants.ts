import { relative } from 'node:path';
import { type MutationReport, mutate } from '../verify/mutate/run-mutants.js';
import type { AnyPlan } from '../verify/plan.js';
import { startProgress } from './progress.js';

/** Runs the mutation check of `rtlift verify --mutate`. */
export async function runMutants(
  { kernel, variants, inputs }: AnyPlan,
  seed: number,
): Promise<MutationReport> {
  const progress = startProgress(`building the mutants of ${kernel.name}`);
  const report = await mutate(kernel, {
    ...(variants ? { variants } : {}),
    ...(inputs ? { inputs } : {}),
    seed,
    onProgress: (done, of) => progress.show(`${kernel.name}: round of mutants, ${done} of ${of}`),
  }).finally(progress.stop);
  return report;
}

/** What the mutation check found, for a reader. */
export function mutantsText(report: MutationReport): string {
  const { caught, mutants, share, survivors, notMutated } = report;
  const lines = [
    `  mutants   ${caught} of ${mutants} caught (${(share * 100).toFixed(1)} %); ${notMutated.length} lines not mutated (constant contexts)`,
    ...survivors.map(
      ({ file, line, column, kind, before, after }) =>
        `    survived ${relative(process.cwd(), file)}:${line}:${column} ${kind}: ${before} -> ${after}`,
    ),
  ];
  return lines.join('\n');
}
