import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { BenchReport, BenchRow } from './bench-report.js';
import { formatFigure, formatNumber } from './format.js';

type Cell = string;

/** The one column at the end that holds words. */
const WORDS = 'what runs';

function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const numbers = head.map((name, i): 'left' | 'right' =>
    i < 2 || name === WORDS ? 'left' : 'right',
  );
  const drawn = new Table({
    head: [...head],
    colAligns: numbers,
    // Colours are set by styleText, which knows whether the terminal takes them.
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) drawn.push([...row]);
  return drawn.toString();
}

const heading = (text: string): string => styleText('bold', text);

/** Tables of one run: host time and kernel cycles apart, each under the name of its clock. */
export function benchTables(report: BenchReport): string {
  const { corpus, machine, rows, rounds, skipped, compared } = report;
  const withKernel = rows.filter((row) => row.kernel !== null);
  const parts = [
    `${corpus.name}: ${corpus.messages.toLocaleString('en-US')} messages, ${formatNumber(corpus.sizeBytes / 1e6)} MB. ` +
      `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load.toFixed(2)}; ${rounds} interleaved round${rounds === 1 ? '' : 's'}; mad: median absolute deviation over them.`,
    heading('Host time (measured): what a caller waits on this machine'),
    table(
      [
        'operation',
        'path or rival',
        'messages/s',
        'MB/s',
        'ns/message, p50 of rounds',
        '± mad',
        WORDS,
      ],
      rows.map((row) => hostRow(row, rounds)),
    ),
  ];
  if (withKernel.length > 0) {
    parts.push(
      'For verilator this is the speed of the simulator, not of an accelerator.',
      heading(
        'Kernel cycles (simulated): what the RTL takes; in stalls: the source waits; in bubbles: the kernel waits; out stalls: the sink does',
      ),
      table(
        [
          'operation',
          'path',
          'cycles',
          'bytes/cycle',
          'cycles/message',
          'in stalls',
          'out stalls',
          'in bubbles',
        ],
        withKernel.map(kernelRow),
      ),
    );
  }
  for (const { operation, name, reason } of skipped) {
    parts.push(styleText('yellow', `Skipped ${operation} on ${name}: ${reason}`));
  }
  const byOperation = new Map<string, string[]>();
  for (const { operation, name } of compared) {
    byOperation.set(operation, [...(byOperation.get(operation) ?? []), name]);
  }
  for (const [operation, names] of byOperation) {
    parts.push(
      styleText(
        'green',
        `${operation}: ${names.join(', ')} agree with the golden model on every one of ${corpus.messages.toLocaleString('en-US')} messages.`,
      ),
    );
  }
  return parts.join('\n');
}

function hostRow({ operation, name, note, host }: BenchRow, rounds: number): Cell[] {
  return [
    operation,
    name,
    formatFigure(host.messagesPerSecond),
    formatFigure(host.throughput),
    formatFigure(host.nsPerMessage),
    // One round says nothing of the spread.
    rounds > 1 ? formatFigure(host.nsPerMessageSpread) : '-',
    note,
  ];
}

function kernelRow({ operation, name, kernel }: BenchRow): Cell[] {
  if (!kernel) return [operation, name];
  return [
    operation,
    name,
    formatFigure(kernel.cycles),
    formatFigure(kernel.bytesPerCycle),
    formatFigure(kernel.cyclesPerMessage),
    formatFigure(kernel.inStalls),
    formatFigure(kernel.outStalls),
    formatFigure(kernel.inBubbles),
  ];
}
