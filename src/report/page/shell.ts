import { type Html, html } from '../../verify/coverage/html.js';
import { formatNumber } from '../format.js';
import type { SuiteReport } from '../suite-report.js';
import type { Inline } from './assets.js';
import { type Section, sectionHtml } from './section.js';

interface Shell {
  readonly report: SuiteReport;
  readonly headline: Html;
  /** Sections that show what the selectors above them choose. */
  readonly chosen: readonly Section[];
  readonly others: readonly Section[];
  readonly selectors: Html;
  readonly style: Inline;
  readonly script: Inline;
  /** JSON, with no `<` in it. */
  readonly data: Html;
}

/** Puts the page together. Its policy allows nothing but the style and the script that are in it: no request can leave. */
export function pageShell({
  report,
  headline,
  chosen,
  others,
  selectors,
  style,
  script,
  data,
}: Shell): string {
  return pageDocument({
    title: 'rtlift: is it worth an FPGA?',
    about: about(report),
    sections: [{ id: 'verdict', title: 'Verdict', body: headline }, ...chosen, ...others],
    main: html`${sectionHtml({ id: 'verdict', title: 'Verdict', body: headline })}<div class="views">
${selectors}${chosen.map(sectionHtml)}</div>
${others.map(sectionHtml)}`,
    style,
    script,
    data,
  });
}

interface Document {
  readonly title: string;
  /** What was looked at, where and when. */
  readonly about: Html;
  /** For the navigation; the first is what the page comes to. */
  readonly sections: readonly Section[];
  readonly main: Html;
  readonly style: Inline;
  readonly script: Inline;
  /** JSON, with no `<` in it: `[]` for a page whose charts do not move. */
  readonly data: Html;
}

/** A page of rtlift: header with theme and provenance view, navigation, and what is given. */
export function pageDocument({
  title,
  about: described,
  sections,
  main,
  style,
  script,
  data,
}: Document): string {
  const policy = `default-src 'none'; style-src ${style.hash}; script-src ${script.hash}; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style.text}</style>
</head>
<body>
<a class="skip" href="#${sections[0]?.id ?? ''}">Skip to the verdict</a>
<header>
<div class="top"><h1>${title}</h1>
<div class="tools js-only"><button type="button" id="provenance-view" aria-pressed="false">Show provenance</button><button type="button" id="theme">Dark theme</button></div></div>
${described}
<nav aria-label="Sections"><ul>${sections.map(
    (section) => html`<li><a href="#${section.id}">${section.title}</a></li>`,
  )}</ul></nav>
</header>
<main>
${main}</main>
<script type="application/json" id="plot-data">${data}</script>
<script>${script.text}</script>
</body>
</html>
`;
  return page.text;
}

function about({ machine, takenAt, rtlift, settings, complete }: SuiteReport): Html {
  const { cpu, cores, node, platform, loadBefore, loadAfter, note } = machine;
  const [date, time] = takenAt.split('T');
  const rounds = `${settings.rounds} round${settings.rounds === 1 ? '' : 's'}`;
  const warnings = [
    ...(Math.max(loadBefore, loadAfter) > cores
      ? [
          `The machine was busy: load ${formatNumber(loadBefore)} before and ${formatNumber(loadAfter)} after, on ${cores} cores. Host times are of a busy machine.`,
        ]
      : []),
    ...(complete < 1
      ? [`The run was cut short: ${Math.floor(complete * 100)} % of what was planned is here.`]
      : []),
    ...(settings.isQuick ? ['A quick run: few samples, so that host times are rough.'] : []),
    ...(settings.filter === null ? [] : [`Only what matches "${settings.filter}" was run.`]),
  ];
  return html`<p class="soft">rtlift ${rtlift}, taken on ${date ?? ''} at ${(time ?? '').slice(0, 5)} UTC, ${rounds}, seed ${settings.seed}.
${cpu}, ${cores} cores, Node ${node}, ${platform}; load ${formatNumber(loadBefore)} before, ${formatNumber(loadAfter)} after. ${note}</p>
${warnings.map((warning) => html`<p class="warning"><b>Note:</b> ${warning}</p>`)}`;
}
