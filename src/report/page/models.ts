import { type Html, html } from '../../verify/coverage/html.js';
import { formatNumber } from '../format.js';
import type { SuiteReport } from '../suite-report.js';
import { chart } from './chart.js';
import { RATIO_LABEL } from './decades.js';
import { figureCell, figureText } from './figure-cell.js';
import { MARK_OFFSET_PX, ROWS_PADDING, rowsSpec } from './rows-spec.js';
import { caption, type Section } from './section.js';
import { emptyNote, foldedTable, textCell } from './table.js';

/** More rows make a chart that nobody reads; the table has them all. */
const MOST_DRAWN = 15;

export async function modelsSection({ models }: SuiteReport): Promise<Section> {
  const id = 'models';
  const title = 'The models against what was published';
  if (models.length === 0) {
    return {
      id,
      title,
      body: emptyNote('the run holds no published measurement to compare with.'),
    };
  }
  const judges = models.filter(({ isJudge }) => isJudge);
  const others = models.filter(({ isJudge }) => !isJudge);
  const body = html`${caption(
    'how far the models of power, links, the energy of a CPU and the clock are from what others published; 1× would be exact.',
    'how far they are off for a kernel or a card that nobody published. A point that a coefficient was taken from agrees by construction, and one between two such points could not miss: both judge nothing and stand apart.',
  )}
<p>${judgedText(judges)}</p>
${judges.length === 0 ? html`` : await errorChart(judges)}
${judges.length > MOST_DRAWN ? html`<p class="soft">Drawn are the ${MOST_DRAWN} of those that judge which are furthest off.</p>` : html``}
${pointTable('Points that judge the models', judges)}
${pointTable('Points that judge nothing', others)}`;
  return { id, title, body };
}

type Point = SuiteReport['models'][number];

const ROLES: Readonly<Record<Point['role'], string>> = {
  judge: 'judges: no coefficient comes from it',
  fitted: 'a coefficient, or its range, comes from it',
  interpolated: 'between fitted points of the same board and clock, so it could not miss',
};

/** How far off the judges of each model are at worst. */
function judgedText(judges: readonly Point[]): string {
  if (judges.length === 0) return 'No point judges the models.';
  const worst = (of: readonly Point[]): string =>
    `${formatNumber(Math.max(...of.map(({ factor }) => factor)))}×`;
  const parts = [...new Set(judges.map(({ part }) => part))].map((part) => {
    const own = judges.filter((point) => point.part === part);
    return `${part} ${worst(own)} (${own.length})`;
  });
  return `Of ${judges.length} points that judge the models the worst is off by ${worst(judges)}; by model, with the number of points: ${parts.join(', ')}.`;
}

function pointTable(name: string, points: readonly Point[]): Html {
  if (points.length === 0) return html``;
  const heads = ['measurement', 'model', 'published', 'predicted', 'off by', 'role', 'source'];
  const rows = points.map(({ what, part, published, predicted, factor, role, source }) => ({
    head: what,
    cells: [
      textCell(part),
      figureCell(published),
      figureCell(predicted),
      textCell(`${formatNumber(factor)}×`),
      html`<td class="words">${ROLES[role]}</td>`,
      html`<td class="words">${source}</td>`,
    ],
  }));
  return foldedTable(`Table: ${name}, ${points.length}`, heads, rows);
}

function errorChart(models: SuiteReport['models']): Promise<Html> {
  const drawable = models
    .filter(({ published, predicted }) => published.value > 0 && predicted.value > 0)
    .sort((a, b) => b.factor - a.factor)
    .slice(0, MOST_DRAWN);
  const values = drawable.map(({ what, published, predicted }) => {
    const ratio = (value: number): number => value / published.value;
    return {
      row: what,
      value: ratio(predicted.value),
      low: ratio(Math.max(predicted.low ?? predicted.value, predicted.value / 100)),
      high: ratio(predicted.high ?? predicted.value),
      title: `${what}: published ${figureText(published)}; predicted ${figureText(predicted)}`,
    };
  });
  const domain = [
    Math.min(0.4, ...values.map(({ low }) => low)) / 1.1,
    Math.max(2.5, ...values.map(({ high }) => high)) * 1.1,
  ];
  const x = { type: 'quantitative', scale: { type: 'log', domain, nice: false } } as const;
  const axis = {
    title: 'predicted / published',
    values: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100],
    labelExpr: RATIO_LABEL,
    labelOverlap: true,
  };
  return chart('Predicted over published; values in the table', ROWS_PADDING, (width) =>
    rowsSpec(width, {
      values,
      rows: values.map(({ row }) => row),
      layers: [
        {
          data: { values: [{ value: 1 }] },
          mark: { type: 'rule', strokeWidth: 1.5, color: 'var(--soft)', aria: false },
          encoding: { x: { ...x, field: 'value', axis }, y: { value: 0 }, y2: { value: 'height' } },
        },
        {
          mark: {
            type: 'rule',
            yOffset: MARK_OFFSET_PX,
            strokeWidth: 3,
            opacity: 0.45,
            strokeCap: 'round',
            color: 'var(--s0)',
            aria: false,
          },
          encoding: { x: { ...x, field: 'low', axis }, x2: { field: 'high' } },
        },
        {
          mark: {
            type: 'point',
            yOffset: MARK_OFFSET_PX,
            filled: true,
            size: 90,
            opacity: 1,
            color: 'var(--s0)',
          },
          encoding: {
            x: { ...x, field: 'value', axis },
            description: { field: 'title' },
          },
        },
      ],
    }),
  );
}
