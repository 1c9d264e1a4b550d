import { Html, html } from '../../verify/coverage/html.js';
import type { SuiteReport } from '../suite-report.js';
import { areaSection } from './area.js';
import { script, styleSheet } from './assets.js';
import { claimSection } from './claim.js';
import { withDeviceNames } from './device-names.js';
import { energySection } from './energy.js';
import { modelsSection } from './models.js';
import { PALETTE } from './palette.js';
import { provenanceSection } from './provenance.js';
import { rooflineSection } from './roofline.js';
import type { Section } from './section.js';
import { pageShell } from './shell.js';
import { throughputData, throughputSection } from './throughput.js';
import { timeSection } from './time-breakdown.js';
import { verdicts } from './verdict.js';
import { type View, viewsOf } from './views.js';
import { wavesSection } from './waves.js';

/**
 * Writes the report of a suite as one HTML page that needs no other file and no network: charts, tables, and where every
 * figure comes from. Everything taken from the report is escaped.
 * @throws {@link RtliftError} `ERR_RTLIFT_DATA_MISSING` where the optional packages vega and vega-lite are not installed.
 */
export async function suitePage(suite: SuiteReport): Promise<string> {
  const report = withDeviceNames(suite);
  const views = viewsOf(report);
  const chosen: Section[] = [
    throughputSection(views),
    await timeSection(views),
    await energySection(views),
  ];
  const others: Section[] = [
    await claimSection(report),
    await rooflineSection(report),
    areaSection(report),
    await modelsSection(report),
    wavesSection(report),
    provenanceSection(report),
  ];
  return pageShell({
    report,
    headline: verdicts(report),
    chosen,
    others,
    selectors: selectors(views),
    style: await styleSheet(PALETTE),
    script: await script(),
    data: new Html(throughputData(views, report)),
  });
}

/** The script fills in the sizes of the chosen operation. */
function selectors(views: readonly View[]): Html {
  if (views.length === 0) return html``;
  const operations = [...new Set(views.map(({ operation }) => operation))];
  return html`<form class="selectors js-only" id="selectors" aria-label="What the charts show">
<label>Operation <select id="operation">${operations.map((name) => html`<option>${name}</option>`)}</select></label>
<label>Size <select id="size"></select></label>
</form>
<noscript><p class="empty">Without scripts the page shows one size of each operation.</p></noscript>
`;
}
