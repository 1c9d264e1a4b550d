import { formatNumber } from '../../report/format.js';
import { script, styleSheet } from '../../report/page/assets.js';
import { figureCell, figureSpan, provenanceLegend } from '../../report/page/figure-cell.js';
import { PALETTE } from '../../report/page/palette.js';
import { caption, type Section, sectionHtml } from '../../report/page/section.js';
import { pageDocument } from '../../report/page/shell.js';
import { emptyNote, foldedTable, scrollTable, textCell } from '../../report/page/table.js';
import { Html, html } from '../../verify/coverage/html.js';
import type { Advice, PlaceAdvice, Verdict } from '../advice.js';
import { breakEvenChart, QUANTITIES } from './break-even-chart.js';

/**
 * Writes advice as one HTML page that needs no other file and no network. Everything taken from the advice is escaped.
 * @throws {@link RtliftError} `ERR_RTLIFT_DATA_MISSING` where the optional packages vega and vega-lite are not installed.
 */
export async function advicePage(advices: readonly Advice[]): Promise<string> {
  const many = advices.length > 1;
  const sections: Section[] = [
    {
      id: 'verdict',
      title: 'Verdict',
      body: html`<ul class="verdicts">${advices.map(verdictCard)}</ul>`,
    },
  ];
  for (const [i, advice] of advices.entries()) {
    const suffix = many ? `-${i + 1}` : '';
    const of = many ? `: ${advice.load.name}` : '';
    sections.push(
      { id: `break-even${suffix}`, title: `Break-even${of}`, body: await charts(advice) },
      { id: `software${suffix}`, title: `Software${of}`, body: software(advice) },
      { id: `devices${suffix}`, title: `Devices${of}`, body: devices(advice) },
    );
  }
  sections.push({ id: 'figures', title: 'Figures', body: provenanceLegend() });
  return pageDocument({
    title: 'rtlift: does it belong on an FPGA?',
    about: about(advices),
    sections,
    main: html`${sections.map(sectionHtml)}`,
    style: await styleSheet(PALETTE),
    script: await script(),
    data: new Html('[]'),
  });
}

function about(advices: readonly Advice[]): Html {
  const [first] = advices;
  if (first === undefined) return html``;
  const { machine, takenAt } = first;
  const [date, time] = takenAt.split('T');
  return html`<p class="soft">Taken on ${date ?? ''} at ${(time ?? '').slice(0, 5)} UTC. ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${formatNumber(machine.load)}. Devices are modelled: none was there.</p>
${
  machine.load > machine.cores
    ? html`<p class="warning"><b>Note:</b> the machine was busy with other work, which slows software down and no modelled device.</p>`
    : html``
}`;
}

const CLASSES: Readonly<Record<Verdict['kind'], readonly [string, string]>> = {
  offload: ['yes', 'Offload'],
  'do-not-offload': ['no', 'Do not offload'],
  unsure: ['maybe', 'Unsure'],
};

function verdictCard({ verdict, load, kernel }: Advice): Html {
  const [name, sign] = CLASSES[verdict.kind];
  return html`<li class="verdict ${name}"><h3><span class="sign">${sign}</span>: ${load.name}</h3>
<p>${verdict.sentence}</p>
<p class="soft">${kernel.name}${kernel.copies > 1 ? ` × ${kernel.copies}` : ''}, ${figureSpan(load.messagesPerSecond)} of ${figureSpan(load.meanBytes)} on average; a message may wait ${figureSpan(load.delay)}, in which ${formatNumber(load.batch.value)} come together. ${load.source}.</p></li>`;
}

async function charts(advice: Advice): Promise<Html> {
  const drawn: Html[] = [];
  for (const quantity of QUANTITIES) {
    const picture = await breakEvenChart(advice, quantity);
    if (picture !== null) drawn.push(html`<h3>${capital(quantity.name)}</h3>${picture}`);
  }
  if (drawn.length === 0) return emptyNote('the kernel fits on none of the devices.');
  return html`${caption(
    'what a message costs by the best software and on each device, at any arrival rate up to what a card takes; the shade is the range. Your load is the dotted line with a point on each. Left of where a line crosses that of the software, software is the better one.',
    'how a card behaves that was there: lines of devices are modelled. At rest a device draws its watts and costs its rent all the same, software only while it works.',
  )}${drawn}`;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function software({ software: ways, pool, notes }: Advice): Html {
  const rows = ways.map((way) => ({
    head: way.name,
    cells: [
      figureCell(way.nsPerMessage),
      textCell(formatNumber(way.cores.value)),
      figureCell(way.energy),
      figureCell(way.price),
      figureCell(way.wholeService),
      html`<td class="words">${way.note}</td>`,
    ],
  }));
  return html`${scrollTable('Software, one core of this machine', ['software', 'a message', 'cores for the load', 'energy', '10⁹ messages', 'whole service', 'how'], rows)}
${pool === null ? html`<p>No core is left for a worker pool.</p>` : html`<p>A worker pool takes up to ${figureSpan(pool.capacity)}, at ${figureSpan(pool.hostTime)} of the calling thread a message: ${pool.note}.</p>`}
<ul>${notes.map((note) => html`<li class="soft">${note}</li>`)}</ul>`;
}

function devices({ places }: Advice): Html {
  const fitting = places.filter(({ figures }) => figures !== null);
  const out = places.filter(({ figures }) => figures === null);
  return html`${
    fitting.length === 0
      ? emptyNote('the kernel fits on none of the devices.')
      : html`${scrollTable(
          'Devices at your load',
          [
            'device/link',
            'a card takes',
            'bound',
            'added latency',
            'host time',
            'energy',
            '10⁹ messages',
            'cards',
            'whole service',
          ],
          fitting.map(placeRow),
        )}
${scrollTable('Where a device is even with the best software', ['device/link', 'as fast as a core', 'core freed', 'energy', 'price', 'smallest that keeps up', 'its area'], fitting.map(evenRow))}
${foldedTable(
  'Table: what the figures rest on',
  ['device/link', 'notes'],
  fitting.map((place) => ({
    head: nameOf(place),
    cells: [html`<td class="words">${place.notes.join('; ')}</td>`],
  })),
)}`
  }
${out.length === 0 ? html`` : html`<p>Does not fit:</p><ul>${out.map((place) => html`<li>${nameOf(place)}: ${place.why ?? ''}</li>`)}</ul>`}`;
}

const nameOf = ({ device, link, fits }: PlaceAdvice): string =>
  `${device}/${link}${fits === 'unknown' ? ' (fit not known)' : ''}`;

function placeRow(place: PlaceAdvice) {
  const { figures, cards } = place;
  return {
    head: nameOf(place),
    cells: [
      figureCell(figures?.capacity),
      textCell(figures?.constraint ?? '-'),
      figureCell(figures?.addedLatency),
      figureCell(figures?.hostTime),
      figureCell(figures?.energy),
      figureCell(figures?.price),
      textCell(cards === null ? '-' : formatNumber(cards.value)),
      figureCell(figures?.wholeService),
    ],
  };
}

function evenRow(place: PlaceAdvice) {
  const { figures, rightSize } = place;
  const even = figures?.breakEven;
  return {
    head: nameOf(place),
    cells: [
      ...[even?.speed, even?.hostTime, even?.energy, even?.price].map((point) =>
        point?.at ? figureCell(point.at) : html`<td title="${point?.why ?? ''}">never</td>`,
      ),
      textCell(
        rightSize === null
          ? '-'
          : `${rightSize.parameter} ${rightSize.value}${rightSize.saturates ? '' : ', not enough'}`,
      ),
      figureCell(rightSize?.lut),
    ],
  };
}
