import { type Html, html } from '../../verify/coverage/html.js';
import type { Comparison, SuiteReport } from '../suite-report.js';
import { bestCase, usualComparisons } from './best-case.js';
import { figureSpan } from './figure-cell.js';
import { emptyNote } from './table.js';
import { batchName, placeName, sizeName } from './views.js';

/** `yes` and `no` hold over the whole range of the figures; `maybe` does not, or only one of speed and energy gains. */
type Kind = 'yes' | 'maybe' | 'no';

const SIGNS: Readonly<Record<Kind, string>> = { yes: '✓', maybe: '≈', no: '✗' };

/** The headline: for each operation the best case that was found for a device, and what it comes to. */
export function verdicts(report: SuiteReport): Html {
  const { operations, breakEvens } = report;
  const known = report.comparisons.filter(({ fits }) => fits !== null);
  if (operations.length === 0) return emptyNote('the run has no operation.');
  const cards = operations.map(({ name }) => {
    const own = known.filter((at) => at.operation === name && at.size.bytes > 0);
    const best = bestCase(usualComparisons(name, known));
    const apart = apartText(name, report);
    if (best !== null) return card(best, own, breakEvens, apart);
    const why = whyNone(name, report);
    return html`<li class="verdict none"><h3>${name}: no verdict</h3><p>No device that is known to hold it was compared with software${why === undefined ? '' : `: ${why}`}.</p>
${apart}</li>`;
  });
  return html`<ul class="verdicts">
${cards}</ul>
<p class="soft">Each box takes the messages of a corpus, or those nearest to 1 KiB, and of the devices, links and batches the one
where the worse of speed and energy comes out best. Speed is that of a steady
stream of batches. Speed and power are a whole device against one busy core of this machine.</p>`;
}

/** The best case of devices of which nobody knows whether they hold the kernel: no verdict, but what it would be. */
function apartText(name: string, { comparisons }: SuiteReport): Html {
  const unknown = comparisons.filter(({ fits }) => fits === null);
  const best = bestCase(usualComparisons(name, unknown));
  if (best === null) return html``;
  const devices = [
    ...new Set(unknown.filter((at) => at.operation === name).map((at) => at.device)),
  ];
  return html`<p class="soft">Not known to fit on ${devices.join(', ')}. If it does: ${figureSpan(best.performanceRatio)} the speed of ${best.rival} and
${figureSpan(best.energyRatio)} the messages a joule on ${best.device} via ${best.link}.</p>`;
}

/** Why an operation has no comparison: it fits on no device, or was not simulated. */
function whyNone(name: string, { projections, skipped }: SuiteReport): string | undefined {
  const unfit = projections.find(({ operation, fits }) => operation === name && fits !== true);
  const left = skipped.find(
    ({ operation, runner }) => operation === name && runner === 'verilator',
  );
  return unfit?.reason.split('; ')[0] ?? left?.reason;
}

function card(
  best: Comparison,
  all: readonly Comparison[],
  breakEvens: SuiteReport['breakEvens'],
  apart: Html,
): Html {
  const { operation, size, batch, rival, performanceRatio, powerRatio, energyRatio } = best;
  const { kind, text } = judge(best);
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
        ? ` No break-even with ${even.rival}: ${even.why.split('; ')[0]}.`
        : ` As fast as ${even.rival} in a steady stream from ${batchName(even.batch)}; ${aloneText(even.latencyBatch)}.`;
  return html`<li class="verdict ${kind}">
<h3><span class="sign" aria-hidden="true">${SIGNS[kind]}</span> ${operation}: ${text}</h3>
<p>On ${placeName(best)}: ${figureSpan(performanceRatio)} the speed of ${rival} at ${figureSpan(powerRatio)} the power,
and ${figureSpan(energyRatio)} the messages a joule.</p>
<p class="soft">At ${sizeName(size)}, ${batchName(batch)}.${evenText}
${othersText(best, all)}</p>
${apart}</li>
`;
}

/** What a caller sees that waits for each batch. */
function aloneText(batch: number | null): string {
  return batch === null
    ? 'a caller that waits for each batch never gets there'
    : `for a caller that waits for each, from ${batchName(batch)}`;
}

/** How the case stands among those of every size: without it a good case could be the only one, or a bad one too. */
function othersText(best: Comparison, all: readonly Comparison[]): Html {
  const gaining = all.filter((at) => at.performanceRatio.value > 1 && at.energyRatio.value > 1);
  const count = `${gaining.length.toLocaleString('en-US')} of ${all.length.toLocaleString('en-US')}`;
  const top = bestCase(all);
  const isBetter = top !== null && top !== best && top.size.name !== best.size.name;
  const other = isBetter
    ? html` Best of all sizes: ${figureSpan(top.performanceRatio)} the speed and ${figureSpan(top.energyRatio)} the messages a joule, on
${placeName(top)} at ${sizeName(top.size)}, ${batchName(top.batch)}.`
    : html``;
  return html`Over all sizes ${count} cases gain in both speed and energy.${other}`;
}

/** Where a bound is absent the value counts. */
function judge({ performanceRatio, energyRatio, isDisturbed }: Comparison): {
  kind: Kind;
  text: string;
} {
  if (isDisturbed) return { kind: 'maybe', text: 'cannot tell, other work disturbed the software' };
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
