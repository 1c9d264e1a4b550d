import { formatFigure, formatNumber } from '../../src/report/format.js';
import { type ClaimAnswer, claimOf } from '../../src/report/page/claim.js';
import type { Comparison, SuiteReport } from '../../src/report/suite-report.js';

/** A kernel on the card, through the best of its links, against the best software on the same messages. */
export interface ClaimRow
  extends Pick<
    Comparison,
    | 'operation'
    | 'size'
    | 'batch'
    | 'link'
    | 'rival'
    | 'performanceRatio'
    | 'powerRatio'
    | 'energyRatio'
  > {
  readonly isDisturbed?: true;
  readonly clockMHz: number;
  /** Time of the software in its fastest round over its CPU time; the time is in `performanceRatio`, the CPU time in `energyRatio`. */
  readonly wallOverCpu: number;
}

/** `docs/essay-claim.json`: the run that the document is written from. */
export interface ClaimData {
  readonly takenAt: string;
  readonly device: string;
  readonly rounds: number;
  readonly machine: Pick<SuiteReport['machine'], 'cpu' | 'cores' | 'node' | 'loadBefore' | 'core'>;
  readonly rows: readonly ClaimRow[];
}

/** Takes from a report of one device, of each operation and size, the link through which it is fastest. */
export function claimDataOf(report: SuiteReport, device: string): ClaimData {
  const { takenAt, settings, machine, comparisons } = report;
  const { cpu, cores, node, loadBefore, core } = machine;
  const best = new Map<string, Comparison>();
  for (const each of comparisons) {
    if (each.device !== device || each.fits === null) continue;
    const key = `${each.operation}/${each.size.name}/${each.batch}`;
    const other = best.get(key);
    if (!other || each.performanceRatio.value > other.performanceRatio.value) best.set(key, each);
  }
  return {
    takenAt,
    device,
    rounds: settings.rounds,
    machine: { cpu, cores, node, loadBefore, core },
    rows: [...best.values()].map((each) => rowOf(each, report)),
  };
}

function rowOf(comparison: Comparison, { measurements, projections }: SuiteReport): ClaimRow {
  const { operation, size, batch, link, rival, device } = comparison;
  const isHere = (at: Pick<Comparison, 'operation' | 'size' | 'batch'>): boolean =>
    at.operation === operation && at.size.name === size.name && at.batch === batch;
  const host = measurements.find((each) => isHere(each) && each.runner === rival)?.host;
  const there = projections.find(
    (each) => isHere(each) && each.device === device && each.link === link,
  );
  if (!host || !there?.figures) throw new Error(`no figures of ${operation}/${size.name}`);
  const wall = Math.min(
    host.nsPerMessageBestRound?.value ?? Number.POSITIVE_INFINITY,
    host.nsPerMessageP50.value,
  );
  const { performanceRatio, powerRatio, energyRatio, isDisturbed } = comparison;
  return {
    operation,
    size,
    batch,
    link,
    rival,
    ...(isDisturbed ? { isDisturbed } : {}),
    clockMHz: there.figures.clock.value,
    wallOverCpu: Number((wall / host.cpuNsPerMessage.value).toPrecision(6)),
    performanceRatio,
    powerRatio,
    energyRatio,
  };
}

const ANSWERS: Readonly<Record<ClaimAnswer, string>> = {
  holds: 'holds',
  'does not': 'does not hold',
  'cannot tell': 'cannot tell',
};

const nameOf = ({ operation, size }: ClaimRow): string =>
  `\`${operation}\` on ${size.name === 'mail' || size.name === 'order' ? `${size.name}s` : size.name}`;

const list = (rows: readonly ClaimRow[]): string =>
  rows.length === 0 ? 'none' : rows.map(nameOf).join(', ');

/** The generated part of `docs/essay-claim.md`: the run, the table, and what follows from it. */
export function claimText({ takenAt, machine, rounds, rows }: ClaimData): string {
  const { cpu, cores, node, loadBefore, core } = machine;
  const { low = core.watts.value, value, high = core.watts.value } = core.watts;
  const lines = rows.map((row) => {
    const answer = row.isDisturbed ? 'disturbed' : ANSWERS[claimOf(row)];
    const size = `${row.size.name}${row.size.name === 'mail' ? ` (${formatNumber(row.size.bytes)} B)` : ''}`;
    return `| \`${row.operation}\` | ${size} x ${row.batch} | ${row.rival} | ${row.link}, ${formatNumber(row.clockMHz)} MHz | ${[row.performanceRatio, row.powerRatio, row.energyRatio].map(formatFigure).join(' | ')} | ${answer} |`;
  });
  const disturbed = rows.filter(({ isDisturbed }) => isDisturbed);
  const judged = rows.filter(({ isDisturbed }) => !isDisturbed);
  const of = (answer: ClaimAnswer) => judged.filter((row) => claimOf(row) === answer);
  const faster = (from: number, to: number) =>
    judged.filter(({ performanceRatio: { value: times } }) => times >= from && times < to);
  const saving = judged.filter(({ energyRatio }) => energyRatio.value > 1);
  return [
    `Taken ${takenAt.slice(0, 10)} on ${cpu.trim()}, ${cores} cores, load ${loadBefore.toFixed(1)} at the start, Node ${node}, ${rounds} rounds. The watts of its`,
    `core: ${formatNumber(value)} W (${formatNumber(low)} to ${formatNumber(high)}), ${core.energy === 'rapl' ? 'read from the processor' : `profile "${core.name}"`}.`,
    '',
    '| kernel | messages x batch | best software | link, clock | performance | power | messages a joule | the claim |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    `- It holds over the whole range of: ${list(of('holds'))}.`,
    `- The ranges cannot tell of: ${list(of('cannot tell'))}.`,
    `- It does not hold of: ${list(of('does not'))}.`,
    ...(disturbed.length === 0
      ? []
      : [
          `- Nothing is concluded of what other work disturbed (time above 1.2 times the CPU time): ${list(disturbed)}.`,
        ]),
    '',
    `By the values alone, at least 100 times as fast as one core: ${list(faster(100, Number.POSITIVE_INFINITY))}; 10 to 100 times: ${list(faster(10, 100))};`,
    `1 to 10 times: ${list(faster(1, 10))}; slower than one core: ${list(faster(0, 1))}.`,
    `More messages a joule than one core: ${list(saving)}.`,
  ].join('\n');
}

export const CLAIM_BEGIN = '<!-- claim:begin, written by npm run bench:claim -->';
export const CLAIM_END = '<!-- claim:end -->';

/** Puts the generated part between the markers of the document. */
export function withClaim(document: string, text: string): string {
  const [begin, end] = [document.indexOf(CLAIM_BEGIN), document.indexOf(CLAIM_END)];
  if (begin < 0 || end < begin) throw new Error(`no ${CLAIM_BEGIN} ... ${CLAIM_END}`);
  return `${document.slice(0, begin + CLAIM_BEGIN.length)}\n${text}\n${document.slice(end)}`;
}
