import { type Html, html } from '../../verify/coverage/html.js';
import type { Comparison, SuiteReport } from '../suite-report.js';
import { bestCase } from './best-case.js';
import { figureSpan } from './figure-cell.js';
import { emptyNote } from './table.js';
import { batchName, placeName, sizeName } from './views.js';

/** `yes` and `no` hold over the whole range of the figures; `maybe` does not, or only one of speed and energy gains. */
type Kind = 'yes' | 'maybe' | 'no';

const SIGNS: Readonly<Record<Kind, string>> = { yes: '✓', maybe: '≈', no: '✗' };

/** The headline: for each operation the best case that was found for a device, and what it comes to. */
export function verdicts({ operations, comparisons, breakEvens, projections }: SuiteReport): Html {
  if (operations.length === 0) return emptyNote('the run has no operation.');
  const cards = operations.map(({ name }) => {
    const own = comparisons.filter((at) => at.operation === name && at.size.bytes > 0);
    const best = bestCase(own);
    if (best !== null) return card(best, own, breakEvens);
    const reasons = new Set(
      projections.filter((at) => at.operation === name && !at.fits).map(({ reason }) => reason),
    );
    const why = reasons.size > 0 ? `: ${[...reasons][0]}` : '';
    return html`<li class="verdict none"><h3>${name}</h3><p>No device was compared with software${why}.</p></li>`;
  });
  return html`<ul class="verdicts">
${cards}</ul>
<p class="soft">Each box takes the device, link, size and batch at which speed and energy together come out best; every other
case is worse on at least one of them. Speed and power are a whole device against one busy core of this machine.</p>`;
}

function card(
  best: Comparison,
  all: readonly Comparison[],
  breakEvens: SuiteReport['breakEvens'],
): Html {
  const { operation, size, batch, rival, performanceRatio, powerRatio, energyRatio } = best;
  const { kind, text } = judge(best);
  const gains = all.filter(
    (at) => at.performanceRatio.value > 1 && at.energyRatio.value > 1,
  ).length;
  const even = breakEvens.find(
    (entry) =>
      entry.operation === operation &&
      entry.size.name === size.name &&
      entry.device === best.device &&
      entry.link === best.link,
  );
  const evenText =
    even === undefined
      ? ''
      : even.batch === null
        ? ` Never as fast as ${even.rival}: ${even.why}.`
        : ` As fast as ${even.rival} from ${batchName(even.batch)}.`;
  return html`<li class="verdict ${kind}">
<h3><span class="sign" aria-hidden="true">${SIGNS[kind]}</span> ${operation}: ${text}</h3>
<p>On ${placeName(best)}: ${figureSpan(performanceRatio)} the speed of ${rival} at ${figureSpan(powerRatio)} the power,
so ${figureSpan(energyRatio)} the messages a joule.</p>
<p class="soft">At ${sizeName(size)}, ${batchName(batch)}.${evenText} Of ${all.length.toLocaleString('en-US')} cases
${gains.toLocaleString('en-US')} gain in both speed and energy.</p>
</li>
`;
}

/** Where a bound is absent the value counts. */
function judge({ performanceRatio, energyRatio }: Comparison): { kind: Kind; text: string } {
  const [speed, energy] = [performanceRatio, energyRatio].map(
    ({ value, low = value, high = value }) => ({
      gains: value > 1,
      isCertain: value > 1 ? low > 1 : high < 1,
    }),
  ) as [Side, Side];
  if (speed.gains && energy.gains) {
    const isCertain = speed.isCertain && energy.isCertain;
    return isCertain
      ? { kind: 'yes', text: 'worth a closer look' }
      : { kind: 'maybe', text: 'maybe, the range includes a loss' };
  }
  if (speed.gains) return { kind: 'maybe', text: 'faster, but more energy' };
  if (energy.gains) return { kind: 'maybe', text: 'slower, but less energy' };
  const isCertain = speed.isCertain && energy.isCertain;
  return isCertain
    ? { kind: 'no', text: "don't" }
    : { kind: 'no', text: 'rather not, the range includes a gain' };
}

interface Side {
  readonly gains: boolean;
  readonly isCertain: boolean;
}
