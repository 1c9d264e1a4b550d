import type { Html } from '../../verify/coverage/html.js';
import type { Comparison } from '../suite-report.js';
import { figureCell } from './figure-cell.js';
import { foldedTable, textCell } from './table.js';
import { placeName } from './views.js';

/** Devices against the best software, on demand. */
export function comparisonTable(summary: string, comparisons: readonly Comparison[]): Html {
  const heads = [
    'operation',
    'device',
    'size',
    'batch',
    'against',
    'performance',
    'power',
    'messages a joule',
  ];
  const rows = comparisons.map((at) => ({
    head: at.operation,
    cells: [
      ...[placeName(at), at.size.name, at.batch.toLocaleString('en-US'), rivalText(at)].map(
        textCell,
      ),
      ...[at.performanceRatio, at.powerRatio, at.energyRatio].map(figureCell),
    ],
  }));
  return foldedTable(summary, heads, rows);
}

const rivalText = ({ rival, isDisturbed }: Comparison): string =>
  isDisturbed ? `${rival} (disturbed)` : rival;
