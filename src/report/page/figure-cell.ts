import type { Figure, Provenance } from '../../figure.js';
import { type Html, html } from '../../verify/coverage/html.js';
import { readable, readableRange } from './readable.js';

/** The letter that stands behind a figure, and what it says. The style sheet writes letter and word from the class. */
export const PROVENANCES: Readonly<Record<Provenance, readonly [letter: string, meaning: string]>> =
  {
    measured: ['m', 'host time or bytes, taken on the machine that is named at the top'],
    simulated: ['s', 'counted in a cycle-accurate simulation of the RTL'],
    synthesised: ['y', 'from synthesis, or place and route'],
    modelled: ['p', 'projected by a model, with a low and a high'],
    datasheet: ['d', 'taken over from a data sheet or a publication'],
    assumed: ['a', 'assumed: nobody measured it'],
  };

/** Value, bounds and provenance in words, as a tooltip says them. */
export function figureText(figure: Figure): string {
  const range = readableRange(figure);
  return `${readable(figure.value, figure.unit)}, ${figure.provenance}${range === '' ? '' : `, ${range}`}`;
}

/** A figure in a sentence: marked with its provenance, in words on hover and in the provenance view. */
export function figureSpan(figure: Figure): Html {
  return marked('span', figure);
}

/** A figure as a cell; `null` is a dash. */
export function figureCell(figure: Figure | null | undefined): Html {
  return figure ? marked('td', figure) : html`<td class="f">-</td>`;
}

function marked(tag: 'td' | 'span', figure: Figure): Html {
  const [letter] = PROVENANCES[figure.provenance];
  const range = readableRange(figure);
  const bounds = range === '' ? '' : html` data-r="${range}"`;
  const text = readable(figure.value, figure.unit);
  return tag === 'td'
    ? html`<td class="f ${letter}"${bounds} title="${figureText(figure)}">${text}</td>`
    : html`<span class="f ${letter}"${bounds} title="${figureText(figure)}">${text}</span>`;
}

/** What each letter means. */
export function provenanceLegend(): Html {
  const entries = Object.entries(PROVENANCES).map(
    ([name, [letter, meaning]]) =>
      html`<div><dt><b class="letter">${letter}</b> ${name}</dt><dd>${meaning}</dd></div>`,
  );
  return html`<dl class="letters">${entries}</dl>`;
}
