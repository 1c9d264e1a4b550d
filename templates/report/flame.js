// Script of the page that `rtlift profile --html` writes: theme, and moving and zooming in the flame graph.
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  root.classList.add('js');

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const themeButton = byId('theme');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches);
  const nameTheme = () => {
    themeButton.textContent = isDark() ? 'Light theme' : 'Dark theme';
  };
  themeButton.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    nameTheme();
  });
  dark.addEventListener('change', nameTheme);
  nameTheme();

  const graph = byId('flame');
  const reset = byId('flame-reset');
  const says = byId('flame-at');
  const width = graph.viewBox.baseVal.width;
  const rowHeight = Number(graph.dataset.row);
  const bars = [...graph.querySelectorAll('.bar')].map((element) => ({
    element,
    rect: element.querySelector('rect'),
    text: element.querySelector('text'),
    parent: Number(element.dataset.p),
    depth: Number(element.dataset.d),
    start: Number(element.dataset.s),
    share: Number(element.dataset.w),
    children: [],
  }));
  for (const [i, { parent }] of bars.entries()) if (parent >= 0) bars[parent].children.push(i);

  const fitted = (text, space) => {
    const letters = Math.floor((space - 6) / 7.4);
    if (letters < 2) return '';
    return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
  };
  /** Makes one bar as wide as the graph: its callers stay above it, and all else goes. */
  const zoom = (index) => {
    const { start, share } = bars[index];
    const callers = new Set();
    for (let at = index; at >= 0; at = bars[at].parent) callers.add(at);
    let deepest = 0;
    for (const [i, bar] of bars.entries()) {
      const left = callers.has(i) ? 0 : ((bar.start - start) / share) * width;
      const wide = callers.has(i) ? width : (bar.share / share) * width;
      const isGone = left < -0.01 || left + wide > width + 0.01;
      bar.element.toggleAttribute('hidden', isGone);
      if (!isGone) deepest = Math.max(deepest, bar.depth);
      bar.rect.setAttribute('x', left);
      bar.rect.setAttribute('width', Math.max(0.5, wide));
      bar.text.setAttribute('x', left + 4);
      bar.text.textContent = fitted(bar.text.dataset.t, wide);
    }
    graph.setAttribute('viewBox', `0 0 ${width} ${(deepest + 1) * rowHeight}`);
    reset.disabled = index === 0;
  };

  let current = 0;
  const show = (index) => {
    says.textContent = bars[index].element.getAttribute('aria-label');
  };
  const moveTo = (index) => {
    bars[current].element.setAttribute('tabindex', '-1');
    current = index;
    bars[index].element.setAttribute('tabindex', '0');
    bars[index].element.focus();
  };
  const isShown = (index) => !bars[index].element.hasAttribute('hidden');
  const beside = (index, by) => {
    const row = bars
      .map((_, i) => i)
      .filter((i) => isShown(i) && bars[i].depth === bars[index].depth);
    row.sort((a, b) => bars[a].start - bars[b].start);
    return row[row.indexOf(index) + by];
  };
  const KEYS = {
    ArrowUp: (i) => bars[i].parent,
    ArrowDown: (i) => bars[i].children.find(isShown),
    ArrowLeft: (i) => beside(i, -1),
    ArrowRight: (i) => beside(i, 1),
    Home: () => 0,
  };
  graph.addEventListener('keydown', (event) => {
    const next = KEYS[event.key]?.(current);
    if (event.key === 'Enter' || event.key === ' ') zoom(current);
    else if (event.key === 'Escape') zoom(0);
    else if (KEYS[event.key] === undefined) return;
    else if (next !== undefined && next >= 0) moveTo(next);
    event.preventDefault();
  });
  for (const [i, { element }] of bars.entries()) {
    element.addEventListener('click', () => {
      moveTo(i);
      zoom(i);
    });
    element.addEventListener('focus', () => show(i));
    element.addEventListener('mouseenter', () => show(i));
  }
  reset.addEventListener('click', () => {
    zoom(0);
    moveTo(0);
  });
  for (const button of document.querySelectorAll('[data-find]')) {
    button.addEventListener('click', () => {
      const found = bars.findIndex(({ element }) =>
        element.getAttribute('aria-label').endsWith(`candidate ${button.dataset.find}`),
      );
      if (found < 0) return;
      zoom(0);
      moveTo(found);
      graph.scrollIntoView({ block: 'nearest' });
    });
  }
})();
