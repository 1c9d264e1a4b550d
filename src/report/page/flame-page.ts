import type { Analysis } from '../../profile/cpu/analyse.js';
import type { Candidate, CpuReport } from '../../profile/cpu/report.js';
import { type Html, html } from '../../verify/coverage/html.js';
import { formatNumber } from '../format.js';
import { percent, percentRange } from '../profile-text.js';
import { ownScript, ownStyle } from './assets.js';
import { flameGraph } from './flame-graph.js';
import { PALETTE } from './palette.js';
import { caption, type Section, sectionHtml } from './section.js';
import { emptyNote, foldedTable, scrollTable, textCell } from './table.js';

/** Colours of bars: pale, so that text on them keeps a contrast of 4.5; candidates have one of the series' own. */
const LIGHT = '--flame-own: #f4dcae; --flame-package: #cfe8d6; --flame-node: #c6d9f3;';
const DARK = '--flame-own: #5a4520; --flame-package: #264634; --flame-node: #22446e;';
const FLAME_PALETTE = `${PALETTE}
:root { ${LIGHT} }
@media (prefers-color-scheme: dark) { :root:not([data-theme='light']) { ${DARK} } }
:root[data-theme='dark'] { ${DARK} }`;

/** Functions in the table; the JSON has all of them. */
const SHOWN_FUNCTIONS = 50;

/** A profile as one HTML page that needs no network: candidates, flame graph, functions, threads. */
export async function flamePage(analysis: Analysis): Promise<string> {
  const { report } = analysis;
  const style = await ownStyle(FLAME_PALETTE, ['page.css', 'flame.css']);
  const script = await ownScript('flame.js');
  const sections: Section[] = [
    { id: 'candidates', title: 'Candidates', body: candidates(report) },
    { id: 'graph', title: 'Flame graph', body: graph(analysis) },
    { id: 'functions', title: 'Functions', body: functions(report) },
    { id: 'threads', title: 'Threads', body: threads(report) },
  ];
  const policy = `default-src 'none'; style-src ${style.hash}; script-src ${script.hash}; base-uri 'none'; form-action 'none'`;
  const { command, durationMs, samples, intervalUs, notes } = report;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>rtlift: profile of ${command}</title>
<style>${style.text}</style>
</head>
<body>
<a class="skip" href="#candidates">Skip to the candidates</a>
<header>
<div class="top"><h1>rtlift: where the CPU time goes</h1>
<div class="tools js-only"><button type="button" id="theme">Dark theme</button></div></div>
<p><code>${command}</code></p>
<p class="soft">${formatNumber(durationMs / 1e3)} s, ${samples.toLocaleString('en-US')} CPU samples every ${formatNumber(intervalUs)} µs. 100 % is the CPU time of all threads; idle time is left out.</p>
${notes.map((note) => html`<p class="warning"><b>Note:</b> ${note}</p>`)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(sectionHtml)}</main>
<script>${script.text}</script>
</body>
</html>
`.text;
}

function candidates({ candidates: found }: CpuReport): Html {
  if (found.length === 0) {
    return emptyNote(
      'nothing that a kernel of rtlift does took 1 % of the CPU. Offloading would not help this program.',
    );
  }
  return html`<ul class="verdicts">${found.map(card)}</ul>`;
}

function card(candidate: Candidate, index: number): Html {
  const { function: name, file, line, kernel, operation, totalShare, selfShare } = candidate;
  const { evidence, confidence, call } = candidate;
  return html`<li class="verdict maybe"><h3>${index + 1}. <code>${name}</code>: ${kernel}</h3>
<p><b>${percentRange(totalShare)}</b> of the CPU goes away when it is offloaded; ${percent(selfShare)} is in its own code.</p>
<p>${operation.charAt(0).toUpperCase()}${operation.slice(1)}, ${file}:${line}. Instead: <code>${call}</code></p>
<p class="soft">Recognised (${confidence}) by:</p>
<ul class="evidence soft">${evidence.map((text) => html`<li>${withCode(text)}</li>`)}</ul>
<p class="js-only"><button type="button" data-find="${index + 1}">Show in the flame graph</button></p></li>
`;
}

/** Text between backticks as code. */
function withCode(text: string): Html[] {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
}

function graph(analysis: Analysis): Html {
  const kinds = [
    ['own', 'the program'],
    ['package', 'a package'],
    ['node', 'Node and V8'],
    ['outside', 'garbage collector, native only'],
    ['c1', '▲ a candidate'],
  ] as const;
  return html`${caption(
    'how wide a bar is, is the share of CPU samples in which the function was on the stack; what it calls hangs below it.',
    'when something ran: bars of one function stand together, wherever in time it was called.',
  )}
<div class="legend"><span>Bars</span><ul>${kinds.map(([kind, text]) => html`<li><span class="mark swatch ${kind}" aria-hidden="true"></span>${text}</li>`)}</ul></div>
<p class="soft js-only">Click or Enter: zoom in. Arrow keys: to the caller, to what is called, to the sides. Escape: show all.</p>
${flameGraph(analysis)}`;
}

function functions({ functions: all }: CpuReport): Html {
  const rows = all.slice(0, SHOWN_FUNCTIONS).map(({ name, file, line, selfShare, totalShare }) => ({
    head: name,
    cells: [
      textCell(percentRange(selfShare)),
      textCell(percentRange(totalShare)),
      html`<td class="words">${file ?? ''}${line === null || file === null ? '' : `:${line}`}</td>`,
    ],
  }));
  const heads = ['function', 'self', 'total', 'where'];
  return html`${caption(
    'self is time in its own code, total with what it calls, recursion counted once; in brackets bounds of 95 %.',
    'whose garbage the collector took away, and what of native code waits and what computes.',
  )}
${scrollTable('Functions by self time', heads, rows)}`;
}

function threads({ threads: all }: CpuReport): Html {
  const rows = all.map(({ name, share, samples, idleSamples, gcSamples, programSamples }) => ({
    head: name,
    cells: [
      percent(share),
      ...[samples, idleSamples, gcSamples, programSamples].map((n) => n.toLocaleString('en-US')),
    ].map(textCell),
  }));
  const heads = ['thread', 'CPU', 'samples', 'idle', 'garbage collector', 'native only'];
  return all.length > 3
    ? foldedTable(`${all.length} threads`, heads, rows)
    : scrollTable('Threads', heads, rows);
}
