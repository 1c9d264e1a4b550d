// Script of the page that `rtlift report` writes: theme, provenance view, what the charts show, and the interactive chart.
// uPlot stands before it in the same element.
/* global uPlot */
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  root.classList.add('js');

  /** The colour behind a name of the style sheet, as a canvas takes it. */
  const colourOf = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  let redraw = () => {};

  // Theme and provenance view

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const themeButton = byId('theme');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches);
  const nameTheme = () => {
    themeButton.textContent = isDark() ? 'Light theme' : 'Dark theme';
    redraw();
  };
  themeButton.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    nameTheme();
  });
  dark.addEventListener('change', nameTheme);

  const provenanceButton = byId('provenance-view');
  provenanceButton.addEventListener('click', () => {
    const isShown = root.classList.toggle('provenance');
    provenanceButton.setAttribute('aria-pressed', String(isShown));
  });

  // What the charts show

  const views = JSON.parse(byId('plot-data').textContent);
  const operation = byId('operation');
  const size = byId('size');
  if (views.length === 0) {
    nameTheme();
    return;
  }

  const panels = [...document.querySelectorAll('.panel')];
  const fillSizes = () => {
    const own = views
      .map((view, i) => [view, i])
      .filter(([view]) => view.operation === operation.value);
    const before = size.selectedOptions[0]?.textContent;
    const isKept = own.some(([view]) => view.size === before);
    size.replaceChildren(
      ...own.map(([view, i]) => {
        const isChosen = isKept ? view.size === before : view.isUsual;
        return new Option(view.size, String(i), isChosen, isChosen);
      }),
    );
  };
  /** Puts in place what was deflated to keep the page small; the page's writer has escaped it. */
  const unpack = async (panel) => {
    const { packed } = panel.dataset;
    if (packed === undefined) return;
    delete panel.dataset.packed;
    const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
    const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    panel.innerHTML = await new Response(inflated).text();
  };
  const show = () => {
    for (const panel of panels) {
      panel.hidden = panel.dataset.view !== size.value;
      if (panel.hidden) continue;
      unpack(panel).catch((error) => {
        panel.textContent = `This browser cannot inflate what belongs here: ${error.message}`;
      });
    }
    drawView(views[Number(size.value)]);
  };
  operation.addEventListener('change', () => {
    fillSizes();
    show();
  });
  size.addEventListener('change', show);
  byId('selectors').addEventListener('submit', (event) => event.preventDefault());

  // The chart of throughput against batch size

  const plot = byId('plot');
  const unit = byId('plot-unit');
  const slider = byId('plot-batch');
  const sliderText = byId('plot-at');
  const lineRows = document.querySelector('#plot-lines tbody');
  const hidden = new Set();
  let chart = null;
  let shown = null;

  const DASHES = [
    [8, 4],
    [3, 3],
    [12, 3, 3, 3],
    [2, 5],
  ];
  const dashOf = (line) =>
    line.kind === 'device'
      ? DASHES[line.dash % DASHES.length]
      : line.kind === 'simulator'
        ? [1, 4]
        : [];
  const nameOf = (line) => (line.kind === 'simulator' ? '--soft' : `--s${line.colour}`);
  const KINDS = {
    software: 'software, measured',
    simulator: 'simulator speed, measured',
    device: 'device, modelled',
  };

  const PREFIXES = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
    [1, ''],
  ];
  const short = (value, model = value) => {
    const [least, prefix] = PREFIXES.find(([bound]) => model >= bound * 0.9995) ?? [1, ''];
    const scaled = value / least;
    const digits = scaled >= 100 ? scaled.toFixed(0) : scaled.toPrecision(3);
    return `${digits}${prefix === '' ? '' : ` ${prefix}`}`;
  };
  const isBytes = () => unit.value === 'bytes';
  const scaleOf = (view) => (isBytes() ? view.bytes : 1);
  const unitText = (text) =>
    isBytes() ? `${/ \w$/.test(text) ? text : `${text} `}B/s` : `${text}/s`;
  const tick = (value) => {
    const [least, prefix] = PREFIXES.find(([bound]) => value >= bound * 0.9995) ?? [1, ''];
    return `${Number((value / least).toPrecision(3))}${prefix === '' ? '' : ` ${prefix}`}`;
  };

  /** Between two batches a line runs straight on logarithmic axes. */
  const valueAt = (line, batches, batch) => {
    const right = batches.findIndex((entry) => entry >= batch);
    if (right < 0) return null;
    const [from, to] = [line.values[Math.max(0, right - 1)], line.values[right]];
    if (batches[right] === batch || right === 0) return to;
    if (from === null || to === null) return null;
    const [a, b] = [batches[right - 1], batches[right]];
    const share = Math.log(batch / a) / Math.log(b / a);
    return Math.exp(Math.log(from) + share * Math.log(to / from));
  };

  const drawBreakEvens = (u) => {
    const { ctx } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    for (const line of shown.lines) {
      if (hidden.has(line.name)) continue;
      for (const batch of line.breakEvens) {
        const value = valueAt(line, shown.batches, batch);
        if (value === null) continue;
        const x = u.valToPos(batch, 'x', true);
        const y = u.valToPos(value * scaleOf(shown), 'y', true);
        const r = 7 * ratio;
        ctx.fillStyle = colourOf('--back');
        ctx.strokeStyle = colourOf(nameOf(line));
        ctx.lineWidth = 2.5 * ratio;
        ctx.setLineDash([]);
        ctx.beginPath();
        ctx.moveTo(x, y - r);
        ctx.lineTo(x + r, y);
        ctx.lineTo(x, y + r);
        ctx.lineTo(x - r, y);
        ctx.closePath();
        ctx.fill();
        ctx.stroke();
      }
    }
    ctx.restore();
  };

  /** Three series a line: the value, and the bounds that its band lies between. */
  const seriesOf = (line) => {
    const stroke = () => colourOf(nameOf(line));
    const isShown = !hidden.has(line.name);
    const isDevice = line.kind === 'device';
    const bound = { show: isShown, stroke: 'transparent', width: 0, points: { show: false } };
    const points = {
      show: true,
      size: 7,
      width: 1.5,
      stroke,
      fill: () => (isDevice ? colourOf('--back') : stroke()),
      paths: (u, series, from, to) => {
        const outline = new Path2D(line.shape);
        const path = new Path2D();
        const scale = 4 * devicePixelRatio;
        for (let i = from; i <= to; i++) {
          const value = u.data[series][i];
          if (value == null) continue;
          const [x, y] = [u.valToPos(u.data[0][i], 'x', true), u.valToPos(value, 'y', true)];
          path.addPath(outline, new DOMMatrix([scale, 0, 0, scale, x, y]));
        }
        return { stroke: path, fill: path };
      },
    };
    return [
      { show: isShown, stroke, width: 2, dash: dashOf(line), points, spanGaps: true },
      bound,
      bound,
    ];
  };

  const options = (width) => ({
    width,
    height: Math.max(280, Math.min(420, width * 0.55)),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: {
        time: false,
        distr: 3,
        log: 2,
        range: () => [shown.batches[0] / 1.15, shown.batches.at(-1) * 1.15],
      },
      y: { distr: 3, log: 10 },
    },
    axes: [
      {
        stroke: () => colourOf('--soft'),
        font: '12px sans-serif',
        label: 'messages a batch',
        labelFont: '12px sans-serif',
        labelSize: 22,
        size: 34,
        grid: { stroke: () => colourOf('--grid'), width: 1 },
        ticks: { stroke: () => colourOf('--rule'), width: 1 },
        splits: () => shown.batches,
        filter: (_u, splits) => splits,
        values: (_u, splits) => splits.map((batch) => batch.toLocaleString('en-US')),
      },
      {
        stroke: () => colourOf('--soft'),
        font: '12px sans-serif',
        size: 62,
        grid: { stroke: () => colourOf('--grid'), width: 1 },
        ticks: { stroke: () => colourOf('--rule'), width: 1 },
        filter: (_u, splits) =>
          splits.map((value) => (Math.abs(Math.log10(value) % 1) < 1e-9 ? value : null)),
        values: (_u, splits) =>
          splits.map((value) => (value === null ? null : unitText(tick(value)))),
      },
    ],
    series: [{}, ...shown.lines.flatMap(seriesOf)],
    bands: shown.lines.flatMap((line, i) =>
      line.kind === 'device'
        ? [{ series: [3 * i + 3, 3 * i + 2], fill: () => `${colourOf(nameOf(line))}1c` }]
        : [],
    ),
    hooks: {
      draw: [drawBreakEvens],
      // Before that no value has a place.
      ready: [() => moveCursor(Number(slider.value))],
      setCursor: [
        (u) => {
          if (u.cursor.event && u.cursor.idx != null) choose(u.cursor.idx, false);
        },
      ],
    },
  });

  const dataOf = () => {
    const scaled = (values) =>
      values.map((value) => (value === null ? null : value * scaleOf(shown) || null));
    return [
      shown.batches,
      ...shown.lines.flatMap(({ values, low, high }) => [
        scaled(values),
        scaled(low),
        scaled(high),
      ]),
    ];
  };

  const SVG = 'http://www.w3.org/2000/svg';
  const sample = (line) => {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 36 12');
    svg.setAttribute('aria-hidden', 'true');
    const stroke = document.createElementNS(SVG, 'path');
    stroke.setAttribute('d', 'M0,6H36');
    stroke.setAttribute('stroke', `var(${nameOf(line)})`);
    stroke.setAttribute('stroke-width', '2');
    stroke.setAttribute('stroke-dasharray', dashOf(line).join(' '));
    const dot = document.createElementNS(SVG, 'path');
    dot.setAttribute('d', line.shape);
    dot.setAttribute('transform', 'translate(18,6) scale(4)');
    dot.setAttribute('vector-effect', 'non-scaling-stroke');
    dot.setAttribute('stroke', `var(${nameOf(line)})`);
    dot.setAttribute('stroke-width', '1.5');
    dot.setAttribute('fill', line.kind === 'device' ? 'var(--back)' : `var(${nameOf(line)})`);
    svg.append(stroke, dot);
    return svg;
  };

  const fillLines = () => {
    lineRows.replaceChildren(
      ...shown.lines.map((line, i) => {
        const row = document.createElement('tr');
        const head = document.createElement('th');
        head.scope = 'row';
        const label = document.createElement('label');
        const box = document.createElement('input');
        box.type = 'checkbox';
        box.checked = !hidden.has(line.name);
        box.addEventListener('change', () => {
          if (box.checked) hidden.delete(line.name);
          else hidden.add(line.name);
          for (const part of [1, 2, 3]) chart.setSeries(3 * i + part, { show: box.checked });
        });
        label.append(box, sample(line), line.name);
        head.append(label);
        const cells = ['', '', KINDS[line.kind]].map((text) => {
          const cell = document.createElement('td');
          cell.textContent = text;
          return cell;
        });
        row.append(head, ...cells);
        return row;
      }),
    );
  };

  const moveCursor = (index) => {
    chart.setCursor({ left: chart.valToPos(shown.batches[index], 'x'), top: 1 }, false);
  };

  /** Shows the values at a batch, and where it stands in the chart. */
  const choose = (index, isMoved) => {
    const scale = scaleOf(shown);
    slider.value = String(index);
    const text = shown.batches[index].toLocaleString('en-US');
    sliderText.textContent = text;
    slider.setAttribute('aria-valuetext', `${text} messages a batch`);
    shown.lines.forEach((line, i) => {
      const [, value, range] = lineRows.rows[i].cells;
      const [at, low, high] = [line.values, line.low, line.high].map((list) => list[index]);
      value.textContent = at === null || scale === 0 ? '-' : unitText(short(at * scale));
      const model = at * scale;
      range.textContent =
        low === null || high === null || at === null || scale === 0
          ? ''
          : `${short(low * scale, model)} to ${unitText(short(high * scale, model))}`;
    });
    if (isMoved) moveCursor(index);
  };
  slider.addEventListener('input', () => choose(Number(slider.value), true));

  function drawView(view) {
    shown = view;
    plot.setAttribute(
      'aria-label',
      `Throughput against batch size: ${view.name}; values in the table below`,
    );
    slider.max = String(view.batches.length - 1);
    chart?.destroy();
    chart = new uPlot(options(plot.clientWidth), dataOf(), plot);
    fillLines();
    const devices = view.lines.filter(({ kind }) => kind === 'device');
    const last = view.batches.findLastIndex((_, i) =>
      devices.some(({ values }) => values[i] !== null),
    );
    choose(last < 0 ? view.batches.length - 1 : last, false);
  }

  unit.addEventListener('change', () => drawView(shown));
  redraw = () => chart?.redraw(false);
  let width = plot.clientWidth;
  addEventListener('resize', () => {
    if (plot.clientWidth === width) return;
    width = plot.clientWidth;
    drawView(shown);
  });

  fillSizes();
  show();
  nameTheme();
})();
