import type { CoveredFile, CoveredLine } from './files.js';
import type { Reasons } from './floor-reasons.js';
import { groupBy } from './groups.js';
import { type Html, html } from './html.js';
import { type UncoveredNote, uncoveredNotes } from './uncovered-notes.js';

/** `all`, `some` or `none` of the points of a line are covered; `''` where there is no point. */
type State = 'all' | 'some' | 'none' | '';

/**
 * The source of a file with the count of each line, its toggled bits, and a note where something is not covered.
 * @param id - prefix of the rows' ids: `<id>-l<line>`.
 * @param source - text of the file; without it, only lines that have points are shown.
 */
export function sourceTable(
  id: string,
  name: string,
  covered: CoveredFile,
  source: string | undefined,
  reasons: Reasons,
): Html {
  const { lines } = covered;
  const byLine = new Map(lines.map((line) => [line.line, line]));
  const notes = groupBy(uncoveredNotes(covered, reasons), ({ line }) => line);
  const noted = [...notes.keys()];
  const next = new Map(noted.map((line, i) => [line, noted[i + 1]]));
  const rows = rowsOf(source, lines).map(([number, text]) => {
    const line = byLine.get(number);
    const following = next.get(number);
    const link =
      following === undefined
        ? ''
        : html` <a href="#${id}-l${following}">next: line ${following}</a>`;
    return html`<tr id="${id}-l${number}" class="${stateOf(line)}"><td class="gutter">${number}</td><td class="gutter mark">${lineMark(line)}</td><td class="gutter mark">${toggleMark(line)}</td><td class="code">${text}${(
      notes.get(number) ?? []
    ).map((note, i) => noteText(note, i === 0 ? link : ''))}</td></tr>\n`;
  });
  const missing = source === undefined ? html`<p>The source was not given.</p>` : '';
  return html`${missing}<div class="scroll" role="region" tabindex="0" aria-label="${name}">
<table class="source">
<thead><tr><th scope="col" class="gutter">line</th><th scope="col" class="gutter">runs</th><th scope="col" class="gutter">toggled</th><th scope="col">source</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>`;
}

function noteText({ line, last, text, reason }: UncoveredNote, link: Html | ''): Html {
  const range = last === line ? '' : `lines ${line}-${last} `;
  const why = reason === '' ? '' : html` <span class="why">(${reason})</span>`;
  return html`<span class="note">✗ ${range}${text}${why}${link}</span>`;
}

/** Number and text of each line; points may lie behind the end of a source that is not the one that was built. */
function rowsOf(source: string | undefined, lines: readonly CoveredLine[]): [number, string][] {
  const texts = source?.replace(/\r?\n$/, '').split(/\r?\n/) ?? [];
  const rows = texts.map((text, i): [number, string] => [i + 1, text]);
  const beyond = lines.filter(({ line }) => line > texts.length);
  return [...rows, ...beyond.map(({ line }): [number, string] => [line, ''])];
}

function stateOf(line: CoveredLine | undefined): State {
  const points = line === undefined ? [] : [...line.arms, ...line.bits];
  const covered = points.filter(({ count }) => count > 0).length;
  if (points.length === 0) return '';
  return covered === points.length ? 'all' : covered === 0 ? 'none' : 'some';
}

/** How often the line was reached. */
function lineMark(line: CoveredLine | undefined): string {
  if (line === undefined || line.arms.length === 0) return '';
  return Math.max(...line.arms.map(({ count }) => count)).toLocaleString('en-US');
}

/** Bits that changed, of the bits of the signals declared on the line. */
function toggleMark(line: CoveredLine | undefined): string {
  if (line === undefined || line.bits.length === 0) return '';
  const toggled = line.bits.filter(({ count }) => count > 0).length;
  return `${toggled}/${line.bits.length}`;
}
