import { Html, html } from '../../verify/coverage/html.js';

const TAG = /<(\w+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g;
const ATTRIBUTE = /\s+([\w:-]+)="([^"]*)"/g;

/** What Vega writes for readers of each mark; the page gives the chart one name and a table instead. */
const DROPPED = new Set(['role', 'aria-roledescription', 'aria-hidden', 'aria-label', 'class']);
/** What the style sheet sets, or what is the default. */
const DEFAULTS: Readonly<Record<string, string | null>> = {
  'font-family': null,
  'pointer-events': null,
  'stroke-miterlimit': null,
  xmlns: null,
  'xmlns:xlink': null,
  version: null,
  width: null,
  height: null,
  opacity: '1',
  'stroke-width': '1',
  transform: 'translate(0,0)',
};
const KEPT_ON = new Set(['rect']);
const NUMBERS = new Set(['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height']);

/**
 * Makes Vega's SVG part of the page: one image with a name, marks whose description becomes a tooltip, colours and fonts
 * left to the style sheet, coordinates to a hundredth of a pixel.
 * @param svg - as `View.toSVG()` gives it: attributes in double quotes.
 * @param name - what a screen reader says in place of the image.
 */
export function cleanSvg(svg: string, name: string): Html {
  const label = html`${name}`.text;
  const text = svg
    .replace(/<path[^<>]*(?:d=""|M0,0h0v0h0Z)[^<>]*\/>/g, '')
    .replace(TAG, (_tag, element: string, attributes: string, end: string) => {
      const kept: string[] = [];
      let title = '';
      for (const [, key = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
        // Vega has escaped it, as it has every text.
        if (key === 'aria-label' && element !== 'g') title = value;
        const fallback = DEFAULTS[key];
        const isDefault = fallback === value || (fallback === null && !KEPT_ON.has(element));
        if (DROPPED.has(key) || isDefault) continue;
        kept.push(` ${key}="${NUMBERS.has(key) ? rounded(value) : value}"`);
      }
      if (element === 'svg') kept.push(` role="img" aria-label="${label}"`);
      const open = `<${element}${kept.join('')}`;
      if (title === '' || end === '') return `${open}${end}>`;
      return `${open}><title>${title}</title></${element}>`;
    })
    .replace(/<g><\/g>/g, '');
  return new Html(text);
}

function rounded(value: string): string {
  return value.replace(/-?\d+\.\d{3,}/g, (number) =>
    String(Math.round(Number(number) * 100) / 100),
  );
}
