import { Command, InvalidArgumentError } from 'commander';
import { RtliftError } from '../errors.js';
import { type Analysis, analyse } from '../profile/cpu/analyse.js';
import type { Collected } from '../profile/cpu/collect.js';
import { mergeProfiles } from '../profile/cpu/merge-profiles.js';
import { readProfiles } from '../profile/cpu/read-files.js';
import { record } from '../profile/cpu/record.js';
import { toSpeedscope } from '../profile/cpu/speedscope.js';
import type { ThreadProfile } from '../profile/cpu/v8-profile.js';
import { flamePage } from '../report/page/flame-page.js';
import { profileText } from '../report/profile-text.js';
import { writeOutput } from './write-output.js';

interface Options {
  readonly interval: number;
  readonly duration?: number;
  readonly attach?: string;
  readonly allowRemote?: boolean;
  readonly json?: string | true;
  readonly cpuprofile?: string;
  readonly speedscope?: string;
  readonly html?: string;
}

const DEFAULT_INTERVAL_US = 1000;
const DEFAULT_ATTACH_MS = 10_000;

/** `rtlift profile`: where the CPU time of a program goes, and what of it a kernel could take over. */
export function profileCommand(): Command {
  return new Command('profile')
    .description(
      'where the CPU time of a program goes, by V8 sampling, and what of it a kernel could take over',
    )
    .usage('[options] -- <command...> | <file.cpuprofile...> | --attach <port>')
    .argument('[command or files...]', 'a command after --, or files that `node --cpu-prof` wrote')
    .option('--interval <us>', 'µs between two samples', microseconds, DEFAULT_INTERVAL_US)
    .option(
      '--duration <time>',
      'end the command, or detach, after so long: 500ms, 10s, 2m',
      milliseconds,
    )
    .option(
      '--attach <port>',
      'sample a running process through its inspector: a port, or host:port',
    )
    .option('--allow-remote', 'let --attach take an address of another machine')
    .option('--json [file]', 'write the report as JSON, to standard output without a file')
    .option('--cpuprofile <file>', 'write the profile for DevTools, all threads in one')
    .option('--speedscope <file>', 'write the profile for speedscope, a thread each')
    .option(
      '--html <file>',
      'write a page with the flame graph, candidates marked; it needs no network',
    )
    .action((words: readonly string[], options: Options) => run(words, options));
}

interface Taken extends Collected {
  readonly command: string;
  /** Of the command; 0 where none was run. */
  readonly status: number;
  readonly isEnded: boolean;
}

async function take(words: readonly string[], options: Options): Promise<Taken> {
  const { interval, duration, json, attach: address, allowRemote = false } = options;
  const command = address === undefined ? words.join(' ') : `process at ${address}`;
  const unasked = { command, status: 0, isEnded: false };
  if (address !== undefined) {
    const { attach } = await import('../profile/cpu/attach.js');
    const durationMs = duration ?? DEFAULT_ATTACH_MS;
    return {
      ...unasked,
      ...(await attach(address, { intervalUs: interval, durationMs, allowRemote })),
    };
  }
  if (words.length === 0) {
    throw new RtliftError(
      'ERR_RTLIFT_INVALID_ARG',
      'expected a command after --, .cpuprofile files or --attach, got nothing: `rtlift profile -- node server.js`',
      { arg: 'command' },
    );
  }
  if (isFiles(words)) return { ...unasked, threads: await readProfiles(words), notes: [] };
  const recording = await record(words, {
    intervalUs: interval,
    stdout: json === true ? 'stderr' : 'stdout',
    ...(duration === undefined ? {} : { durationMs: duration }),
  });
  return { command, ...recording };
}

function isFiles(words: readonly string[]): boolean {
  return words.every((word) => word.endsWith('.cpuprofile'));
}

async function run(words: readonly string[], options: Options): Promise<void> {
  const { interval, json, attach } = options;
  const taken = await take(words, options);
  const { command } = taken;
  const { threads, status, isEnded } = taken;
  const isFailed = status !== 0 && !isEnded;
  if (isFailed) process.exitCode = status;
  const analysis = analyse(threads, {
    command,
    ...(isFiles(words) && attach === undefined ? {} : { intervalUs: interval }),
    notes: [...taken.notes, ...(isFailed ? [`the command ended with status ${status}.`] : [])],
  });
  const { report } = analysis;
  await writeOthers(threads, analysis, options);
  const text = `${JSON.stringify(report, null, 1)}\n`;
  if (json === true) process.stdout.write(text);
  else if (json !== undefined) await writeOutput(json, text, 'json');
  if (json !== true) process.stdout.write(`${profileText(report)}\n`);
}

async function writeOthers(
  threads: readonly ThreadProfile[],
  analysis: Analysis,
  { cpuprofile, speedscope, html }: Options,
): Promise<void> {
  if (cpuprofile !== undefined) {
    await writeOutput(cpuprofile, JSON.stringify(mergeProfiles(threads)), 'cpuprofile');
  }
  if (speedscope !== undefined) {
    await writeOutput(speedscope, JSON.stringify(toSpeedscope(threads, analysis)), 'speedscope');
  }
  if (html !== undefined) await writeOutput(html, await flamePage(analysis), 'html');
}

function microseconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 50 || value > 1e6) {
    throw new InvalidArgumentError('expected µs from 50 to 1000000.');
  }
  return value;
}

/** `500ms`, `10s`, `2m`; seconds without a unit. */
function milliseconds(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  const value = Number(number) * { ms: 1, s: 1e3, m: 60e3 }[unit as 'ms' | 's' | 'm'];
  if (!(value >= 1)) throw new InvalidArgumentError('expected a time such as 500ms, 10s or 2m.');
  return value;
}
