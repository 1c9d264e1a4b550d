import { type Html, html } from '../../verify/coverage/html.js';
import type { SuiteReport, Wave } from '../suite-report.js';
import { caption, type Section } from './section.js';
import { emptyNote, foldedTable } from './table.js';

const CYCLE_PX = 62;
const ROW_PX = 32;
/** Height of a level or a box within its row. */
const HIGH_PX = 20;
/** Slope of an edge. */
const EDGE_PX = 3;
const CHARACTER_PX = 6.7;

type Signal = Wave['signals'][number];

export function wavesSection({ waves }: SuiteReport): Section {
  const id = 'waves';
  const title = 'The first beats of each kernel';
  if (waves.length === 0) return { id, title, body: emptyNote('the run recorded no waveform.') };
  const body = html`${caption(
    'the signals of the streams in the first cycles after reset, as the simulation saw them at the rising edge of the clock. A filled box is a beat: tvalid and tready are both high.',
    'when they change within a cycle, or how long a cycle is.',
  )}
${waves.map(waveFigure)}`;
  return { id, title, body };
}

function waveFigure(wave: Wave): Html {
  const { operation, cycles, signals } = wave;
  if (signals.length === 0 || cycles === 0) {
    return html`<h3>${operation}</h3>${emptyNote('nothing of it was recorded.')}`;
  }
  const width = cycles * CYCLE_PX;
  const height = (signals.length + 1) * ROW_PX;
  const numbers = Array.from(
    { length: cycles },
    (_, i) => html`<text x="${(i + 0.5) * CYCLE_PX}" y="20" class="cycle">${i}</text>`,
  );
  const lines = Array.from(
    { length: cycles + 1 },
    (_, i) => html`<path d="M${i * CYCLE_PX},26V${height}" class="tick"/>`,
  );
  const drawn = signals.map((signal, row) => {
    const top = (row + 1) * ROW_PX + (ROW_PX - HIGH_PX) / 2;
    return signal.bits === 1
      ? level(signal, top, cycles)
      : bus(signal, top, beatsOf(signal, signals), cycles);
  });
  const names = signals.map(
    ({ name, bits }) =>
      html`<span>${name}${bits === 1 ? '' : html`<small>[${bits - 1}:0]</small>`}</span>`,
  );
  const rows = signals.map(({ name, values }) => ({
    head: name,
    cells: values.map((value) => html`<td><code>${value}</code></td>`),
  }));
  const heads = ['signal', ...Array.from({ length: cycles }, (_, i) => String(i))];
  return html`<h3>${operation}</h3>
<div class="wave"><div class="names"><span>cycle</span>${names}</div><div class="scroll" role="region" tabindex="0" aria-label="Waveform of ${operation}">
<svg role="img" aria-label="Waveform of ${operation}, ${cycles} cycles; values in the table" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${lines}${numbers}${drawn}</svg>
</div></div>
${foldedTable(`Table: values of ${operation} in each cycle`, heads, rows)}
`;
}

function level({ values }: Signal, top: number, cycles: number): Html {
  const y = (value: string | undefined): number =>
    Number.parseInt(value ?? '0', 16) > 0 ? top : top + HIGH_PX;
  let path = `M0,${y(values[0])}`;
  for (let i = 0; i < cycles; i++) {
    const at = y(values[i]);
    const before = y(values[Math.max(0, i - 1)]);
    if (at !== before)
      path += `L${i * CYCLE_PX - EDGE_PX},${before}L${i * CYCLE_PX + EDGE_PX},${at}`;
    path += `H${(i + 1) * CYCLE_PX - (i + 1 < cycles ? EDGE_PX : 0)}`;
  }
  return html`<path d="${path}" class="level"/>`;
}

/** One box for each run of cycles with one value, in which beats are filled. */
function bus({ values }: Signal, top: number, beats: readonly boolean[], cycles: number): Html {
  const boxes: Html[] = [];
  let from = 0;
  for (let i = 1; i <= cycles; i++) {
    const isSame = i < cycles && values[i] === values[from] && beats[i] === beats[from];
    if (isSame) continue;
    boxes.push(box(values[from] ?? '', from * CYCLE_PX, i * CYCLE_PX, top, beats[from] === true));
    from = i;
  }
  return html`${boxes}`;
}

function box(value: string, left: number, right: number, top: number, isBeat: boolean): Html {
  const [middle, bottom] = [top + HIGH_PX / 2, top + HIGH_PX];
  const [a, b] = [left + EDGE_PX, right - EDGE_PX];
  const shape = `M${left},${middle}L${a},${top}H${b}L${right},${middle}L${b},${bottom}H${a}Z`;
  const fits = Math.floor((b - a - 4) / CHARACTER_PX);
  const text = value.length > fits ? `${value.slice(0, Math.max(1, fits - 1))}…` : value;
  return html`<g><title>${value}${isBeat ? ', a beat' : ''}</title><path d="${shape}" class="${isBeat ? 'bus beat' : 'bus'}"/><text x="${(a + b) / 2}" y="${middle + 4}" class="${isBeat ? 'value beat' : 'value'}">${text}</text></g>`;
}

/** Whether a beat of the stream that a signal belongs to, by the name before its last `_`, is in each cycle. */
function beatsOf({ name }: Signal, signals: readonly Signal[]): boolean[] {
  const stream = name.slice(0, name.lastIndexOf('_') + 1);
  const of = (suffix: string): readonly string[] | undefined =>
    stream === ''
      ? undefined
      : signals.find((signal) => signal.name === `${stream}${suffix}`)?.values;
  const [valid, ready] = [of('tvalid'), of('tready')];
  if (!valid) return [];
  const isHigh = (value: string | undefined): boolean => Number.parseInt(value ?? '0', 16) > 0;
  // A stream without tready takes every beat.
  return valid.map((value, i) => isHigh(value) && (ready === undefined || isHigh(ready[i])));
}
