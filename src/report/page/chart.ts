import type * as Vega from 'vega';
import type * as VegaLite from 'vega-lite';
import { RtliftError } from '../../errors.js';
import { type Html, html } from '../../verify/coverage/html.js';
import { cleanSvg } from './clean-svg.js';

export type Spec = VegaLite.TopLevelSpec;

/** Widths of a chart with its padding, px: for a desktop and for a phone; the style sheet shows one of them. */
const WIDTHS = { wide: 900, narrow: 326 } as const;

/** Keeps text readable on what it is drawn over; the style sheet paints it below the letters. */
export const HALO = { stroke: 'var(--back)', strokeWidth: 3 } as const;

/** Colours are names of the style sheet's, so that a chart follows the theme. */
const CONFIG = {
  background: 'transparent',
  font: 'sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: 'var(--soft)',
    titleColor: 'var(--soft)',
    titleFontWeight: 'normal',
    labelFontSize: 12,
    titleFontSize: 12,
    titlePadding: 8,
    gridColor: 'var(--grid)',
    domainColor: 'var(--rule)',
    tickColor: 'var(--rule)',
    labelLimit: 0,
  },
  text: { color: 'var(--text)', fontSize: 12 },
} as const;

/** What draws charts. Loading both takes half a second, so that only a report that has charts does. */
async function loadVega(): Promise<{ vega: typeof Vega; vegaLite: typeof VegaLite }> {
  try {
    const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
    return { vega, vegaLite };
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_DATA_MISSING',
      'the page needs the optional packages vega and vega-lite, which are not installed: ' +
        '`npm install vega@6.4.0 vega-lite@6.4.3` gets them',
      { packages: ['vega', 'vega-lite'] },
      { cause },
    );
  }
}

/** Puts the title of the vertical axis above it, in reading direction. */
export function titleAbove(leftPx: number) {
  return {
    titleAngle: 0,
    titleAlign: 'left',
    titleBaseline: 'bottom',
    titleX: 4 - leftPx,
    titleY: -10,
    titleAnchor: 'start',
  } as const;
}

/** Room for axes and labels around the plot, px. Fixed, because without a canvas Vega only guesses how wide a text is. */
export interface Padding {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Draws a chart at both widths.
 * @param name - what a screen reader says in place of the chart.
 * @param spec - the Vega-Lite specification for the width of the plot, px, without the padding.
 * @throws {@link RtliftError} `ERR_RTLIFT_DATA_MISSING` where vega or vega-lite is not installed.
 */
export async function chart(
  name: string,
  padding: Padding,
  spec: (width: number) => Spec,
): Promise<Html> {
  const { vega, vegaLite } = await loadVega();
  const drawn: Html[] = [];
  for (const [size, total] of Object.entries(WIDTHS)) {
    const width = total - padding.left - padding.right;
    const full = { autosize: 'none', padding, ...spec(width), width, config: CONFIG };
    const compiled = vegaLite.compile(full as Spec).spec;
    const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
    const svg = await view.toSVG();
    view.finalize();
    drawn.push(html`<div class="${size}">${cleanSvg(svg, name)}</div>`);
  }
  return html`<div class="chart">${drawn}</div>`;
}
