import Table from 'cli-table3';
import type { Candidate, CpuReport, Share } from '../profile/cpu/report.js';
import { formatNumber } from './format.js';

/** Functions that the terminal shows; the JSON has all of them. */
const SHOWN_FUNCTIONS = 15;

/** `61.2 %` */
export function percent({ value }: Pick<Share, 'value'>): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** `61.2 % (59.8..62.6)` */
export function percentRange(share: Share): string {
  const [low, high] = [share.low, share.high].map((bound) => (100 * bound).toFixed(1));
  return `${percent(share)} (${low}..${high})`;
}

/** A profile as the terminal shows it. */
export function profileText(report: CpuReport): string {
  const { command, durationMs, samples, intervalUs, threads, functions, candidates, notes } =
    report;
  const head = [
    `${command}: ${formatNumber(durationMs / 1e3)} s, ${samples.toLocaleString('en-US')} CPU samples every ${formatNumber(intervalUs)} µs. 100 % is the CPU time of all threads; idle time is left out.`,
  ];
  const hot = table(
    ['self', 'total', 'function', 'where'],
    functions
      .slice(0, SHOWN_FUNCTIONS)
      .map(({ selfShare, totalShare, name, file, line }) => [
        percent(selfShare),
        percent(totalShare),
        shortened(name),
        where(file, line),
      ]),
    2,
  );
  const perThread = table(
    ['thread', 'CPU', 'samples', 'idle', 'garbage collector', 'native only'],
    threads.map(({ name, share, samples: all, idleSamples, gcSamples, programSamples }) => [
      name,
      percent(share),
      ...[all, idleSamples, gcSamples, programSamples].map((n) => n.toLocaleString('en-US')),
    ]),
    -1,
  );
  return [
    ...head,
    '',
    hot,
    ...(threads.length > 1 ? ['', perThread] : []),
    '',
    ...candidateLines(candidates),
    ...notes.map((note) => `Note: ${note}`),
  ].join('\n');
}

function candidateLines(candidates: readonly Candidate[]): string[] {
  if (candidates.length === 0) {
    return [
      'No candidate: nothing that a kernel of rtlift does took 1 % of the CPU. Offloading would not help this program.',
    ];
  }
  const rows = candidates.map(({ totalShare, selfShare, function: name, file, line, kernel }) => [
    percentRange(totalShare),
    percent(selfShare),
    shortened(name),
    where(file, line),
    kernel,
  ]);
  const why = candidates.flatMap(({ function: name, confidence, evidence, call }) => [
    '',
    `${shortened(name)}: ${confidence}. Instead: ${call}`,
    ...evidence.map((text) => `  ${text}`),
  ]);
  return [
    'Candidates for a kernel (total: what goes away when it is offloaded, with bounds of 95 %):',
    table(['total', 'self', 'function', 'where', 'kernel'], rows, 2),
    ...why,
    '',
  ];
}

function table(head: string[], rows: string[][], rightColumns: number): string {
  const isRight = (i: number): boolean => (rightColumns < 0 ? i > 0 : i < rightColumns);
  const made = new Table({
    head,
    colAligns: head.map((_, i) => (isRight(i) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  made.push(...rows);
  return made.toString();
}

function where(file: string | null, line: number | null): string {
  if (file === null) return '';
  return line === null ? file : `${file}:${line}`;
}

/** What a program is called may hold anything: no control characters reach the terminal, and no line is filled by one name. */
function shortened(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const plain = name.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return plain.length > 48 ? `${plain.slice(0, 47)}…` : plain;
}
