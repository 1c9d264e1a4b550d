import { HALO, type Padding, type Spec } from './chart.js';

/** Height of a row: a line of text, and below it a mark. */
const ROW_PX = 42;

type Layers = Extract<Spec, { layer: unknown }>['layer'];

interface Rows {
  /** Data of the marks; `row` is the text of the row they stand in. */
  readonly values: readonly { readonly row: string }[];
  /** Texts of the rows, from the top; cut to the width. */
  readonly rows: readonly string[];
  readonly layers: Layers;
}

/** Where marks of a row are drawn, px below its middle. */
export const MARK_OFFSET_PX = 9;

/** A position in the rows. */
export const ROW_Y = {
  field: 'row',
  type: 'nominal',
  sort: null,
  axis: null,
  scale: { padding: 0 },
} as const;

/** The last label of the axis is centred on its end. */
export const ROWS_PADDING: Padding = { left: 6, right: 20, top: 4, bottom: 42 };

/** A chart of rows whose names stand above their marks, so that a phone shows them in full. */
export function rowsSpec(width: number, { values, rows, layers }: Rows): Spec {
  // A character of 12 px is about 6.3 px wide.
  const most = Math.floor((width + ROWS_PADDING.right) / 6.4);
  const names = rows.map((row) => ({
    row,
    text: row.length > most ? `${row.slice(0, most - 1)}…` : row,
  }));
  return {
    height: rows.length * ROW_PX,
    data: { values: [...values] },
    encoding: { y: { ...ROW_Y, scale: { ...ROW_Y.scale, domain: [...rows] } } },
    layer: [
      ...layers,
      {
        data: { values: names },
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'bottom',
          dy: -2,
          x: 0,
          ...HALO,
          aria: false,
        },
        encoding: { text: { field: 'text' } },
      },
    ],
  } as Spec;
}
