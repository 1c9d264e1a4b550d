import { Html, html } from '../../verify/coverage/html.js';

/** Outlines in a box of -1..1, which Vega takes as shapes: kernels are told apart by them and not by colour alone. */
const SHAPES = [
  'M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z',
  'M-0.88,-0.88H0.88V0.88H-0.88Z',
  'M0,-1.1L1.05,0.8H-1.05Z',
  'M0,-1.2L1.1,0L0,1.2L-1.1,0Z',
  'M0,1.1L1.05,-0.8H-1.05Z',
  'M-1.1,-0.38H-0.38V-1.1H0.38V-0.38H1.1V0.38H0.38V1.1H-0.38V0.38H-1.1Z',
  'M1.1,0L-0.8,1.05V-1.05Z',
  'M0,-1.2L0.32,-0.42L1.15,-0.36L0.5,0.18L0.72,1L0,0.54L-0.72,1L-0.5,0.18L-1.15,-0.36L-0.32,-0.42Z',
] as const;

/** Number of colours of the style sheet, `--s0` and following. */
const COLOURS = 8;

export function shape(index: number): string {
  return SHAPES[index % SHAPES.length] as string;
}

export function colour(index: number): string {
  return `var(--s${index % COLOURS})`;
}

/** A shape, in the text colour unless another is given. */
export function shapeMark(index: number, filled?: number): Html {
  const fill = filled === undefined ? 'currentColor' : colour(filled);
  return new Html(
    `<svg class="mark" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true"><path d="${shape(index)}" fill="${fill}"/></svg>`,
  );
}

/** A square of a colour. */
export function colourMark(index: number): Html {
  return new Html(`<span class="mark swatch c${index % COLOURS}" aria-hidden="true"></span>`);
}

/** A legend: each entry a mark and its meaning. */
export function legend(name: string, entries: readonly (readonly [Html, string])[]): Html {
  return html`<div class="legend"><span>${name}</span><ul>${entries.map(([mark, text]) => html`<li>${mark}${text}</li>`)}</ul></div>`;
}
