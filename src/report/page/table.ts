import { type Html, html } from '../../verify/coverage/html.js';

/** A row: its heading, then cells, each a whole `<td>`. */
export interface Row {
  readonly head: string;
  readonly cells: readonly Html[];
}

/** Words, or a number without provenance. */
export function textCell(text: string | number): Html {
  return html`<td>${text}</td>`;
}

/** A table in a box of its own, which scrolls where the page is narrow and can be reached by the keyboard. */
export function scrollTable(caption: string, heads: readonly string[], rows: readonly Row[]): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table class="grid">
<thead><tr>${heads.map((head, i) => (isFigures(rows, i - 1) ? html`<th scope="col" class="num">${head}</th>` : html`<th scope="col">${head}</th>`))}</tr></thead>
<tbody>
${rows.map(({ head, cells }) => html`<tr><th scope="row">${head}</th>${cells}</tr>\n`)}</tbody>
</table>
</div>`;
}

/** Whether a column holds figures, which stand to the right, as its heading then does. */
function isFigures(rows: readonly Row[], column: number): boolean {
  return rows.some(({ cells }) => cells[column]?.text.startsWith('<td class="f') === true);
}

/** A table that is shown on demand. */
export function foldedTable(summary: string, heads: readonly string[], rows: readonly Row[]): Html {
  return html`<details><summary>${summary}</summary>
${scrollTable(summary, heads, rows)}
</details>`;
}

/** Why a section has nothing to show. */
export function emptyNote(why: string): Html {
  return html`<p class="empty">Nothing to show: ${why}</p>`;
}
