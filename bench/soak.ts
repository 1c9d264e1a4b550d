// The example service under load: for two fifths of the time in peace, then with kernels that hang, stop, finish, crash, never come
// back and give wrong results, and child processes that are killed or stopped. Every request is answered, and every answer checked.
import './support/say-why.js';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadMails } from '../src/bench/mails.js';
import { median } from '../src/bench/measure.js';
import { ENDLESS, FILTER, HASH, MOODS, MOODY } from './soak/kernels.js';
import { printClosingLine } from './support/closing-line.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    clients: { type: 'string', default: '16' },
  },
});
const SECONDS = Number(values.seconds);
const PEACE = 0.4;
/** Messages of one request in so many make the third kernel misbehave, while faults are on. */
const MOODY_SHARE = 0.01;
const KILL_EVERY_MS = 1500;
/** One of so many is stopped instead, and stays so until the library ends it. */
const STOP_ONE_OF = 4;
/** A message from which the kernel never comes back, as soon as faults are on and then every so often. */
const ENDLESS_EVERY_S = 60;
/** A request that takes so long has waited for such a model: the service gives one up after a second. */
const HANG_MS = 900;
/** Growth of the resident memory that counts as a leak: windows of a short run differ by a tenth. */
const MOST_GROWTH = 0.25;
/** Codes of the faults that the moody kernel and the killing bring, each of which is to be seen. */
const FAULTS = [
  'ERR_RTLIFT_KERNEL_NO_PROGRESS',
  'ERR_RTLIFT_KERNEL_STOP',
  'ERR_RTLIFT_KERNEL_FINISH',
  'ERR_RTLIFT_CHILD_EXITED',
];

interface Sample {
  readonly message: Uint8Array;
  readonly answer: string;
}

function sampleOf(message: Uint8Array): Sample {
  const answer = {
    sha256: Buffer.from(HASH.golden(message)).toString('hex'),
    words: [...FILTER.golden(message)],
    sum: MOODY.golden(message),
  };
  return { message, answer: JSON.stringify(answer) };
}

function withMood(mood: number, message: Uint8Array): Sample {
  const copy = Uint8Array.from(message);
  copy[0] = mood;
  return sampleOf(copy);
}

interface Samples {
  readonly good: readonly Sample[];
  readonly moody: readonly Sample[];
  readonly endless: Sample;
}

function samples(): Samples {
  const mails = loadMails();
  if (mails === null) throw new Error('the mails are not installed: npm ci gets them');
  const good = mails.messages.slice(0, 400).map((mail) => sampleOf(mail.subarray(0, 8192)));
  const moody = Object.values(MOODS).flatMap((mood) =>
    good.slice(0, 20).map(({ message }) => withMood(mood, message)),
  );
  return { good, moody, endless: withMood(ENDLESS, (good[0] as Sample).message) };
}

/** Processes that a process has started, by what they run. */
function childrenOf(pid: number, what: string): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((child) => {
      try {
        return readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(what);
      } catch {
        return false;
      }
    });
}

/** 0 of a process that has just ended. */
function residentMiB(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
const CHILD = 'isolated/child-main';

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const service: ChildProcess = fork(fileURLToPath(new URL('soak/service.ts', import.meta.url)), {
  execArgv: ['--import', 'tsx'],
});
const [{ port }] = (await once(service, 'message')) as [{ port: number }];
const pid = service.pid as number;
const { good, moody, endless } = samples();
const begin = performance.now();
const elapsed = (): number => (performance.now() - begin) / 1000;
const hasFaults = (): boolean => elapsed() > PEACE * SECONDS;

const latencies: { readonly peace: number[]; readonly faults: number[] } = {
  peace: [],
  faults: [],
};
const lost: string[] = [];
const wrong: string[] = [];
let [requests, kills, stops, hangs] = [0, 0, 0, 0];

async function ask({ message, answer }: Sample, withFaults: boolean): Promise<void> {
  requests++;
  const start = performance.now();
  try {
    const response = await fetch(`http://127.0.0.1:${port}/messages`, {
      method: 'POST',
      body: Buffer.from(message),
    });
    const got = await response.text();
    if (response.status !== 200) lost.push(`${response.status} ${got.slice(0, 200)}`);
    else if (got !== answer) wrong.push(`${got.slice(0, 200)} in place of ${answer.slice(0, 200)}`);
  } catch (error) {
    lost.push(String((error as Error).cause ?? error));
  }
  (withFaults ? latencies.faults : latencies.peace).push(performance.now() - start);
}

async function client(seed: number): Promise<void> {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = (from: readonly Sample[]): Sample =>
    from[Math.floor(random() * from.length)] as Sample;
  while (elapsed() < SECONDS) {
    const withFaults = hasFaults();
    await ask(withFaults && random() < MOODY_SHARE ? pick(moody) : pick(good), withFaults);
  }
}

/** Whether a model is being waited for that never comes back; it must not be killed for another reason. */
let isHanging = false;

async function neverComeBack(): Promise<void> {
  for (let at = PEACE * SECONDS; at < SECONDS; at += ENDLESS_EVERY_S) {
    await sleep(Math.max(0, 1000 * (at - elapsed())));
    isHanging = true;
    // A path that rests lets the golden model answer, at once: then there was no hang yet.
    for (let tries = 0; tries < 50 && elapsed() < SECONDS; tries++) {
      const start = performance.now();
      await ask(endless, true);
      if (performance.now() - start > HANG_MS) {
        hangs++;
        break;
      }
      await sleep(100);
    }
    isHanging = false;
  }
}

interface Memory {
  readonly at: number;
  /** Of the service; memory that it shares with a child counts here and there. */
  readonly own: number;
  readonly children: number;
}
const memory: Memory[] = [];
async function watch(): Promise<void> {
  while (elapsed() < SECONDS) {
    await sleep(500);
    const children = childrenOf(pid, CHILD).reduce((sum, child) => sum + residentMiB(child), 0);
    memory.push({ at: elapsed() / SECONDS, own: residentMiB(pid), children });
  }
}

async function kill(): Promise<void> {
  while (elapsed() < SECONDS) {
    await sleep(KILL_EVERY_MS);
    if (!hasFaults() || isHanging) continue;
    const children = childrenOf(pid, CHILD);
    const victim = children[(kills + stops) % Math.max(1, children.length)];
    if (victim === undefined) continue;
    const isStop = (kills + stops) % STOP_ONE_OF === STOP_ONE_OF - 1;
    try {
      process.kill(victim, isStop ? 'SIGSTOP' : 'SIGKILL');
    } catch {
      continue; // It has just ended by itself.
    }
    if (isStop) stops++;
    else kills++;
  }
}

const clients = Array.from({ length: Number(values.clients) }, (_, i) => client(i + 1));
await Promise.all([...clients, neverComeBack(), watch(), kill()]);
const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
const ended = once(service, 'exit');
service.kill('SIGTERM');
const [code] = (await ended) as [number | null];

const sorted = {
  peace: latencies.peace.sort((a, b) => a - b),
  faults: latencies.faults.sort((a, b) => a - b),
};
const memoryOf = (who: 'own' | 'children'): { readonly early: number; readonly late: number } => {
  const between = (from: number, to: number): number =>
    median(memory.filter(({ at }) => at >= from && at < to).map((sample) => sample[who]));
  // From when everything is warm, both kinds of load included.
  return { early: between(PEACE + 0.1, PEACE + 0.25), late: between(0.85, 1) };
};
const [own, children] = [memoryOf('own'), memoryOf('children')];
const row = (name: string, times: readonly number[]): string =>
  `${name}: ${times.length} requests, p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms, longest ${(times.at(-1) ?? 0).toFixed(0)} ms`;
console.log(`${SECONDS} s, ${values.clients} clients, host time (measured)`);
console.log(row('without faults', sorted.peace));
console.log(row('with faults', sorted.faults));
for (const line of metrics
  .split('\n')
  .filter((text) => /^rtlift_path_(faults|mismatches)_total\{/.test(text))) {
  console.log(`  ${line}`);
}
console.log(
  `  ${kills} child processes killed, ${stops} stopped, ${hangs} models that never came back; the service ended with code ${code}`,
);
for (const [who, { early, late }] of [
  ['the service', own],
  ['its child processes together', children],
] as const) {
  console.log(
    `resident memory of ${who}: ${early.toFixed(0)} MiB once faults were on, ${late.toFixed(0)} at the end`,
  );
}
for (const what of [
  ...lost.slice(0, 5).map((text) => `lost: ${text}`),
  ...wrong.slice(0, 5).map((text) => `wrong: ${text}`),
]) {
  console.log(what);
}
const growth = { own: own.late / own.early - 1, children: children.late / children.early - 1 };
const missing = [
  ...FAULTS.filter((code) => !metrics.includes(`code="${code}"`)),
  ...(/^rtlift_path_mismatches_total\{.*\} [1-9]/m.test(metrics) ? [] : ['a wrong result']),
  ...Object.entries({ kills, stops, hangs }).flatMap(([kind, count]) => (count > 0 ? [] : [kind])),
];
const failures = [
  ...missing.map((kind) => `never happened: ${kind}`),
  // A figure that is none is no bound kept.
  ...Object.entries(growth)
    .filter(([, share]) => !(share <= MOST_GROWTH))
    .map(([who, share]) => `memory (${who}) grew by ${(100 * share).toFixed(0)} %`),
];
for (const failure of failures) console.log(failure);
printClosingLine({
  requests,
  lost: lost.length,
  wrong: wrong.length,
  rssGrowth: growth.own,
  rssGrowthChildren: growth.children,
  p99Ms: percentile(sorted.peace, 0.99),
  p99MsFaults: percentile(sorted.faults, 0.99),
});
if (lost.length > 0 || wrong.length > 0 || code !== 0 || failures.length > 0) process.exitCode = 1;
