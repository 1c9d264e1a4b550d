// Does verification find what people get wrong? Bugs of twenty kinds, planted one at a time in copies of the built-in
// kernels; each verified as `rtlift verify` does by default. Names as arguments run those alone.
import './support/say-why.js';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import type { Kernel } from '../src/kernel/define-kernel.js';
import { cacheDir } from '../src/toolchain/cache-dir.js';
import type { AnyPlan } from '../src/verify/plan.js';
import { PLANS } from '../src/verify/plans/index.js';
import { countMessages } from '../src/verify/scenario.js';
import { type VerifyReport, verify } from '../src/verify/verify.js';
import { BUGS, type Bug } from './planted/bugs.js';
import { printClosingLine } from './support/closing-line.js';

const HDL = fileURLToPath(new URL('../hdl', import.meta.url));
/** Longest time in which a bug counts as found, s: build, search and shrinking. */
const LIMIT_S = 60;

type AnyKernel = Kernel<unknown, unknown>;

const work = mkdtempSync(join(tmpdir(), 'rtlift-planted-'));
try {
  useOwnCache();
  const asked = process.argv.slice(2);
  const bugs = BUGS.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const table = new Table({
    head: ['bug', 'what is wrong', 'kernel', 'found by', 'messages', 's (build)', 'counterexample'],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [20, 36, 18, 24, 10, 13, 20],
  });
  let found = 0;
  for (const bug of bugs) {
    const outcome = await find(bug);
    const { counterexample, messages } = outcome.report;
    if (counterexample && outcome.totalS <= LIMIT_S) found++;
    table.push([
      bug.name,
      bug.kind,
      bug.plan,
      foundBy(outcome.report),
      messages.toLocaleString('en'),
      `${outcome.totalS.toFixed(1)} (${outcome.buildS.toFixed(1)})`,
      sizeOf(outcome),
    ]);
    process.stderr.write(
      `${bug.name}: ${foundBy(outcome.report)}, ${outcome.totalS.toFixed(1)} s, seed ${outcome.report.seed}\n`,
    );
  }
  process.stdout.write(`${table.toString()}\n`);
  process.stdout.write(
    `Host time, measured, with build and shrinking; a bug counts as found within ${LIMIT_S} s.\n`,
  );
  printClosingLine({ planted: bugs.length, found });
  if (found < bugs.length) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Libraries of broken kernels do not stay; Verilator's run-time library, which is the same for all, is taken over. */
function useOwnCache(): void {
  const runtime = join(cacheDir(), 'runtime');
  const cache = join(work, 'cache');
  if (!existsSync(runtime)) mkdirSync(runtime, { recursive: true });
  mkdirSync(cache);
  symlinkSync(runtime, join(cache, 'runtime'));
  process.env.RTLIFT_CACHE_DIR = cache;
}

interface Outcome {
  readonly report: VerifyReport<unknown>;
  readonly kernel: AnyKernel;
  readonly buildS: number;
  readonly totalS: number;
}

async function find(bug: Bug): Promise<Outcome> {
  const hdl = join(work, bug.name);
  await plant(bug, hdl);
  const plan = (PLANS[bug.plan] as () => AnyPlan)();
  const moved = (kernel: AnyKernel): AnyKernel => ({
    ...kernel,
    rtl: {
      ...kernel.rtl,
      sources: kernel.rtl.sources.map((path) => join(hdl, relative(HDL, path))),
    },
  });
  const kernel = moved(plan.kernel);
  const begin = performance.now();
  let buildMs = 0;
  const report = await verify(kernel, {
    ...(plan.variants ? { variants: plan.variants.map(moved) } : {}),
    ...(plan.inputs ? { inputs: plan.inputs } : {}),
    onBuild: ({ elapsedMs }) => {
      buildMs = elapsedMs;
    },
  });
  const totalS = (performance.now() - begin) / 1e3;
  return { report, kernel, buildS: buildMs / 1e3, totalS };
}

async function plant({ name, file, edits }: Bug, hdl: string): Promise<void> {
  await cp(HDL, hdl, { recursive: true });
  const path = join(hdl, file);
  let text = await readFile(path, 'utf8');
  for (const { find: wanted, replace } of edits) {
    const count = text.split(wanted).length - 1;
    if (count !== 1) throw new Error(`${name}: expected one place in hdl/${file}, got ${count}`);
    text = text.replace(wanted, () => replace);
  }
  await writeFile(path, text);
}

function foundBy({ counterexample }: VerifyReport<unknown>): string {
  if (!counterexample) return 'not found';
  const { kind, rule, code } = counterexample.failure;
  if (kind === 'mismatch') return 'result mismatch';
  return rule ?? code ?? 'error';
}

function sizeOf({ report: { counterexample }, kernel }: Outcome): string {
  if (!counterexample) return '';
  const { scenario } = counterexample;
  const bytes = scenario.batches
    .flatMap(({ messages }) => messages)
    .reduce<number>((sum, message) => sum + kernel.input.sizeOf(message), 0);
  const count = countMessages(scenario);
  return `${count} message${count === 1 ? '' : 's'}, ${bytes} bytes`;
}
