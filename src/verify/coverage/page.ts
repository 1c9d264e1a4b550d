import type { CoverageData } from './data.js';
import { type CoveredFile, coveredFiles } from './files.js';
import type { Floor } from './floor.js';
import { type Reasons, reasonsOf } from './floor-reasons.js';
import { Html, html } from './html.js';
import { sourceTable } from './page-source.js';
import { PAGE_STYLE } from './page-style.js';
import { relativePath } from './relative-path.js';
import { type Share, summarise, summariseFile } from './summary.js';
import { uncoveredNotes } from './uncovered-notes.js';

export interface PageOptions {
  /** Heading and title of the page. */
  readonly title: string;
  /** Folder that files below it are named from; without it, by the path that was given to Verilator. */
  readonly base?: string;
  /** Gives the reasons for what is not covered. */
  readonly floor?: Floor;
}

/**
 * Writes one HTML page: totals, each file, what is not covered with its reason, and the sources line by line.
 *
 * It needs no other file, no network and no script.
 * @param data - merged or not.
 * @param sources - text of the RTL by the file of its points (`summarise(data).files`); of a file that is missing here,
 *   only the lines that have points are shown.
 */
export function coveragePage(
  data: CoverageData,
  sources: ReadonlyMap<string, string>,
  { title, base, floor }: PageOptions,
): string {
  const summary = summarise(data);
  const reasons = reasonsOf(floor);
  const files = coveredFiles(data).map((covered, index) => ({
    covered,
    id: `f${index + 1}`,
    name: relativePath(covered.file, base),
    ...summariseFile(covered),
  }));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#uncovered">Skip to what is not covered</a>
<header>
<h1>${title}</h1>
<p class="soft">A line is covered when every block and every arm of a branch on it was run; the <code>else</code> that is
not written counts at its <code>if</code>. A bit is covered when it changed. Counts are added over runs and instances.</p>
<dl class="totals">${totalCard('Lines', summary.line)}${totalCard('Toggled bits', summary.toggle)}</dl>
</header>
<main>
<h2 id="files">Files</h2>
<table class="list files">
<thead><tr><th scope="col">file</th><th scope="col">lines</th><th scope="col">toggled bits</th></tr></thead>
<tbody>
${files.map(
  ({ id, name, line, toggle }) =>
    html`<tr><th scope="row"><a href="#${id}"><code>${name}</code></a></th>${shareCell(line)}${shareCell(toggle)}</tr>\n`,
)}</tbody>
</table>
<h2 id="uncovered">Not covered</h2>
${uncoveredTable(files, reasons)}
${files.map(
  ({ id, name, covered, line, toggle }) => html`<section class="file" aria-labelledby="${id}">
<h2 id="${id}"><code>${name}</code></h2>
<p class="soft">Lines ${shareText(line)}, toggled bits ${shareText(toggle)}. <a href="#files">All files</a></p>
${sourceTable(id, name, covered, sources.get(covered.file), reasons)}
</section>
`,
)}</main>
</body>
</html>
`;
  return page.text;
}

interface ListedFile {
  readonly covered: CoveredFile;
  readonly id: string;
  readonly name: string;
}

function uncoveredTable(files: readonly ListedFile[], reasons: Reasons): Html {
  const rows = files.flatMap(({ covered, id, name }) =>
    uncoveredNotes(covered, reasons).map(({ line, last, text, reason }) => {
      const place = `${name}:${line}${last === line ? '' : `-${last}`}`;
      return html`<tr><th scope="row" class="place"><a href="#${id}-l${line}"><code>${place}</code></a></th><td><code>${text}</code></td><td>${reason === '' ? '-' : reason}</td></tr>\n`;
    }),
  );
  if (rows.length === 0) return html`<p>Nothing: every line and every bit is covered.</p>`;
  return html`<table class="list">
<thead><tr><th scope="col">where</th><th scope="col">what</th><th scope="col">reason</th></tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}

function totalCard(name: string, share: Share): Html {
  return html`<div class="total"><dt>${name}</dt><dd><strong>${percent(share)}</strong> ${counts(share)}${bar(share)}</dd></div>`;
}

function shareCell(share: Share): Html {
  return html`<td class="share"><strong>${percent(share)}</strong> ${counts(share)}${bar(share)}</td>`;
}

function shareText(share: Share): string {
  return share.total === 0 ? 'none' : `${percent(share)} (${counts(share)})`;
}

function bar(share: Share): Html {
  if (share.total === 0) return html``;
  const state = share.covered < share.total ? 'bar low' : 'bar';
  return html`<span class="${state}" aria-hidden="true"><span style="width:${(share.share * 100).toFixed(1)}%"></span></span>`;
}

/** Rounded down, so that 100 % means all. */
function percent({ covered, total }: Share): string {
  return total === 0 ? '-' : `${(Math.floor((covered * 1000) / total) / 10).toFixed(1)} %`;
}

function counts({ covered, total }: Share): string {
  if (total === 0) return 'none';
  return `${covered.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
}
