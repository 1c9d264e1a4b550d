// Every built-in kernel against its golden model: a million messages in total, coverage and mutants held against the
// floors beside the RTL. `--messages <n>`, `--kernels a,b`, `--no-mutants`, `--coverage <folder>` for the pages.
import './support/say-why.js';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readFloor } from '../src/verify/coverage/floor.js';
import { toLcov } from '../src/verify/coverage/lcov.js';
import { coveragePage } from '../src/verify/coverage/page.js';
import { type GroupRun, groupPlans, mutateGroup, verifyGroup } from '../src/verify/plan-group.js';
import { PLANS } from '../src/verify/plans/index.js';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    kernels: { type: 'string' },
    seed: { type: 'string' },
    'no-mutants': { type: 'boolean', default: false },
    coverage: { type: 'string' },
  },
});
const seed =
  values.seed === undefined ? Math.floor(Math.random() * 0x7fffffff) : Number(values.seed);
const wanted = values.kernels?.split(',');
const groups = groupPlans(PLANS).filter(
  ({ plans }) => !wanted || Object.keys(plans).some((name) => wanted.includes(name)),
);
const planCount = groups.reduce((sum, { plans }) => sum + Object.keys(plans).length, 0);
const each = Math.ceil(Number(values.messages) / planCount);

const total = { messages: 0, cycles: 0, mismatches: 0, lineCoverage: 1, mutantsCaught: 1 };
let isKept = true;
const complain = (findings: readonly string[]): void => {
  if (findings.length > 0) isKept = false;
  for (const finding of findings) console.log(`  FLOOR ${finding}`);
};
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

console.log(`seed 0x${seed.toString(16)}, ${each} messages a parameter set`);
for (const group of groups) {
  const folder = basename(dirname(group.floor));
  const run = await verifyGroup(group, { messages: each, seed });
  console.log(folder);
  Object.keys(group.plans).forEach((name, i) => {
    const report = run.reports[i];
    if (!report) return;
    total.messages += report.messages;
    total.cycles += report.cycles.value;
    const { counterexample, cyclesPerSecond } = report;
    if (counterexample) total.mismatches++;
    console.log(
      `  ${name}: ${report.messages} messages, ${report.cycles.value} cycles (simulated), ${(cyclesPerSecond.value / 1e6).toFixed(2)} M cycles/s (host time); ${counterexample ? `FAILED: ${counterexample.failure.text}` : 'no mismatch'}`,
    );
  });
  const { line, toggle } = run.summary;
  console.log(`  coverage: ${percent(line.share)} of lines, ${percent(toggle.share)} of toggles`);
  total.lineCoverage = Math.min(total.lineCoverage, line.share);
  complain(run.findings);
  if (values.coverage) await writePages(join(values.coverage, folder), folder, run, group.floor);
  if (values['no-mutants']) continue;
  const mutants = await mutateGroup(group, { seed: 1 });
  console.log(
    `  mutants: ${mutants.caught} of ${mutants.mutants} caught, ${percent(mutants.share)}`,
  );
  for (const { file, line: at, column, before, after } of mutants.survivors) {
    console.log(`    survived ${basename(file)}:${at}:${column} ${before} -> ${after}`);
  }
  total.mutantsCaught = Math.min(total.mutantsCaught, mutants.share);
  complain(mutants.findings);
}
// Shares are cut, not rounded: 0.9996 is not 1.
const cut = (share: number): number => Math.floor(share * 1e4) / 1e4;
process.stdout.write(
  `${JSON.stringify({ ...total, lineCoverage: cut(total.lineCoverage), mutantsCaught: values['no-mutants'] ? null : cut(total.mutantsCaught) })}\n`,
);
if (!isKept || total.mismatches > 0) process.exitCode = 1;

async function writePages(
  to: string,
  title: string,
  { coverage, summary }: GroupRun,
  floorPath: string,
): Promise<void> {
  await mkdir(to, { recursive: true });
  const base = process.cwd();
  const sources = new Map<string, string>();
  for (const { file } of summary.files) sources.set(file, await readFile(file, 'utf8'));
  const floor = readFloor(await readFile(floorPath, 'utf8'), floorPath);
  await writeFile(join(to, 'lcov.info'), toLcov(coverage, { base, testName: title }));
  await writeFile(join(to, 'index.html'), coveragePage(coverage, sources, { title, base, floor }));
}
