import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suitePage } from '../../src/report/page/suite-page.js';
import type { SuiteReport } from '../../src/report/suite-report.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { describeUnless, missingTool } from '../support/needs.js';
import { emptySuite, suiteFixture } from './suite-fixture.js';

const PHONE = { width: 360, height: 780 };
const DESKTOP = { width: 1200, height: 900 };
const HOSTILE = `<img src=x onerror="window.hit=1"><script>window.hit=2</script></script>"'&]]>-->`;

const COLOURS = {
  light: { back: 'rgb(255, 255, 255)', axis: 'rgb(91, 100, 112)', bar: 'rgb(0, 128, 94)' },
  dark: { back: 'rgb(20, 23, 27)', axis: 'rgb(154, 164, 177)', bar: 'rgb(63, 208, 163)' },
};

let browser: Browser;
let folder: string;
let url: string;

async function write(name: string, report: SuiteReport): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, await suitePage(report));
  return pathToFileURL(file).href;
}

const open = (address: string, options?: BrowserContextOptions): ReturnType<typeof openPage> =>
  openPage(browser, address, options);

/** The page's own script is plain JavaScript, and so is what is asked of it here: tests know no DOM types. */
const ask = <T>(page: Page, script: string): Promise<T> => page.evaluate<T>(script);

describeUnless(await missingTool('chromium'), 'the page of a suite in Chromium', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rtlift-page-'));
    browser = await launchBrowser();
    url = await write('suite.html', suiteFixture());
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('asks for nothing but itself and complains of nothing, whatever is operated', async () => {
    const { page, watched } = await open(url);
    await page.click('#theme');
    await page.click('#provenance-view');
    const operations = await page.locator('#operation option').allTextContents();
    expect(operations).toEqual(suiteFixture().operations.map(({ name }) => name));
    for (const operation of operations) {
      await page.selectOption('#operation', operation);
      const sizes = await page.locator('#size option').count();
      for (let i = 0; i < sizes; i++) await page.selectOption('#size', { index: i });
    }
    await page.selectOption('#plot-unit', 'bytes');
    // Nothing a second arrives of empty messages: no line on a logarithmic axis.
    await page.selectOption('#operation', 'sha256');
    await page.selectOption('#size', { label: '0 B' });
    expect(await page.textContent('#plot-lines tbody td')).toBe('-');
    await page.hover('#plot');
    await ask(page, `document.querySelectorAll('details').forEach((e) => { e.open = true; })`);
    await page.setViewportSize(PHONE);
    await page.waitForTimeout(200);
    expect(watched).toEqual({ complaints: [], requests: [url] });
  });

  test('a policy forbids what is not in it, also to a script that came in', async () => {
    const { page, watched } = await open(url);
    const outcome = await ask<string>(
      page,
      `fetch('https://example.com/').then(() => 'sent', () => 'refused')`,
    );
    expect(outcome).toBe('refused');
    await ask(
      page,
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hit = 1' }))`,
    );
    expect(await ask(page, 'window.hit ?? null')).toBe(null);
    expect(watched.complaints.join()).toContain('Content Security Policy');
  });

  test('every control is reached by Tab', async () => {
    const { page } = await open(url);
    const all = await ask<number>(
      page,
      `(window.controls = [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')]
        .filter((e) => e.checkVisibility())).length`,
    );
    expect(all).toBeGreaterThan(40);
    const reached = new Set<number>();
    for (let i = 0; i < all + 5; i++) {
      await page.keyboard.press('Tab');
      reached.add(await ask(page, 'window.controls.indexOf(document.activeElement)'));
    }
    const missed = Array.from({ length: all }, (_, i) => i).filter((i) => !reached.has(i));
    const texts = await ask(
      page,
      `${JSON.stringify(missed)}.map((i) => window.controls[i].outerHTML.slice(0, 80))`,
    );
    expect(texts).toEqual([]);
  });

  test('every control can be operated with the keyboard', async () => {
    const { page } = await open(url, { viewport: DESKTOP, colorScheme: 'light' });
    const back = () => ask<string>(page, 'getComputedStyle(document.body).backgroundColor');
    await page.focus('#theme');
    await page.keyboard.press('Enter');
    expect(await back()).toBe('rgb(20, 23, 27)');
    expect(await page.textContent('#theme')).toBe('Light theme');

    const panel = () => page.locator('.panel:visible h3').first().textContent();
    expect(await panel()).toContain('sha256, mail messages (5,236 B)');
    await page.focus('#operation');
    await page.keyboard.press('ArrowDown');
    expect(await panel()).toContain('sha1, mail messages');
    await page.focus('#size');
    await page.keyboard.press('ArrowUp');
    expect(await panel()).toContain('sha1, messages of 64 B');
    expect(await page.getAttribute('#plot', 'aria-label')).toContain('sha1, messages of 64 B');

    const value = () =>
      page.locator('#plot-lines tbody tr').last().locator('td').first().textContent();
    const [at, before] = [await page.textContent('#plot-at'), await value()];
    expect(at).toBe('4,096');
    const cursor = () =>
      ask<number>(
        page,
        `(() => {
          const over = document.querySelector('#plot .u-over').getBoundingClientRect();
          return (document.querySelector('#plot .u-cursor-x').getBoundingClientRect().left - over.left) / over.width;
        })()`,
      );
    expect(await cursor()).toBeGreaterThan(0.9);
    await page.focus('#plot-batch');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    expect(await page.textContent('#plot-at')).toBe('1');
    expect(await cursor()).toBeLessThan(0.1);
    expect(await value()).not.toBe(before);

    const box = await page.locator('#plot .u-over').boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 3, (box?.y ?? 0) + 50);
    expect(await page.textContent('#plot-at')).toBe('16');

    const ink = () => ask<string>(page, `document.querySelector('#plot canvas').toDataURL()`);
    const drawn = await ink();
    await page.focus('#plot-lines input');
    await page.keyboard.press('Space');
    await page.waitForTimeout(100);
    expect(await ink()).not.toBe(drawn);

    await page.locator('summary:visible').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open] table').first().isVisible()).toBe(true);
  });

  test('the chart keeps simulator speed apart from devices, and marks break-evens', async () => {
    const { page } = await open(url);
    await page.selectOption('#operation', 'literalMatch');
    const rows = await page.locator('#plot-lines tbody tr').allTextContents();
    const kindOf = (name: string) => rows.find((row) => row.startsWith(name));
    expect(kindOf('verilator')).toContain('simulator speed, measured');
    expect(kindOf('byte DFA')).toContain('software, measured');
    expect(kindOf('AWS F2 (f2.6xlarge) via mmio')).toContain('device, modelled');
    const dashes = await ask<string[][]>(
      page,
      `[...document.querySelectorAll('#plot-lines tbody tr')].map((row) =>
        [row.cells[3].textContent.split(',')[0], row.querySelector('path').getAttribute('stroke-dasharray')])`,
    );
    const dashesOf = (kind: string) =>
      new Set(dashes.filter(([of]) => of === kind).map(([, dash]) => dash));
    expect(dashesOf('software')).toEqual(new Set(['']));
    const shared = [...dashesOf('simulator speed')].filter((dash) => dashesOf('device').has(dash));
    expect(shared).toEqual([]);
    await page.selectOption('#size', { label: '64 B' });
    const table = page.locator('.panel:visible').first();
    await table.getByText('from 16').first().waitFor();
  });

  test.each(['light', 'dark'] as const)(
    'is drawn in the %s theme of the system',
    async (colorScheme) => {
      const { page } = await open(url, { viewport: DESKTOP, colorScheme });
      const colours = await ask<Record<string, string>>(
        page,
        `({
        back: getComputedStyle(document.body).backgroundColor,
        axis: getComputedStyle(document.querySelector('.chart .wide text')).fill,
        bar: getComputedStyle(document.querySelector('section[aria-labelledby=time] .chart .wide path[fill]')).fill,
      })`,
      );
      expect(colours).toEqual(COLOURS[colorScheme]);
      const ink = await ask<number>(
        page,
        `(() => {
        const canvas = document.querySelector('#plot canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) seen.add(data.slice(i, i + 3).join());
        return seen.size;
      })()`,
      );
      expect(ink).toBeGreaterThan(5);
    },
  );

  test.each(['', '#provenance-view'])(
    'fits a phone of 360 px, after a click on "%s"',
    async (button) => {
      const { page } = await open(url, { viewport: PHONE });
      if (button !== '') await page.click(button);
      await ask(page, `document.querySelectorAll('details').forEach((e) => { e.open = true; })`);
      const sizes = await ask(page, '[document.documentElement.scrollWidth, innerWidth]');
      expect(sizes).toEqual([360, 360]);
      expect(await page.locator('.chart .wide:visible').count()).toBe(0);
      expect(await page.locator('.chart .narrow:visible').count()).toBeGreaterThan(4);
      const clipped = await ask<string[]>(
        page,
        `[...document.querySelectorAll('.chart .narrow svg')].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter((text) => {
          const own = text.getBoundingClientRect();
          return own.left < box.left - 1 || own.right > box.right + 1;
        }).map((text) => text.textContent);
      })`,
      );
      expect(clipped).toEqual([]);
    },
  );

  test('every control, image and region has a name', async () => {
    const { page } = await open(url);
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const wanted = [
      'button',
      'combobox',
      'slider',
      'checkbox',
      'link',
      'image',
      'region',
      'navigation',
      'heading',
    ];
    const found = nodes.filter(
      ({ ignored, role }) => !ignored && wanted.includes(String(role?.value)),
    );
    expect(new Set(found.map(({ role }) => role?.value)).size).toBe(wanted.length);
    const unnamed = found.filter(({ name }) => String(name?.value ?? '').trim() === '');
    expect(unnamed.map(({ role }) => role?.value)).toEqual([]);
  });

  test('every figure says where it comes from: a letter, words on hover, and words in the provenance view', async () => {
    const { page } = await open(url);
    const words = ['measured', 'simulated', 'synthesised', 'modelled', 'datasheet', 'assumed'];
    const wrong = await ask<string[]>(
      page,
      `[...document.querySelectorAll('.f')].filter((e) => e.textContent !== '-')
        .filter((e) => !${JSON.stringify(words)}.some((word) => e.title.includes(word)) || !/^f [msypda]$/.test(e.className))
        .map((e) => e.outerHTML)`,
    );
    expect(wrong).toEqual([]);
    const mark = () =>
      ask<string>(
        page,
        `getComputedStyle(document.querySelector('.panel td.f.p[data-r]'), '::after').content`,
      );
    expect(await mark()).toBe('"p"');
    await page.click('#provenance-view');
    expect(await page.getAttribute('#provenance-view', 'aria-pressed')).toBe('true');
    expect(await mark()).toMatch(/modelled .* to /);
    const titles = await page
      .locator('section[aria-labelledby=claim] .wide title')
      .allTextContents();
    expect(titles).toHaveLength(23);
    for (const title of titles) expect(title).toMatch(/modelled, \S+ to \S+/);
  });

  test('what the report says stays text', async () => {
    const text = JSON.stringify(suiteFixture());
    const escaped = JSON.stringify(HOSTILE).slice(1, -1);
    const names = [
      'sha256',
      'mmio',
      'AWS F2 (f2.6xlarge)',
      'crypto.hash (hex)',
      'area estimated by yosys',
      '64 B',
      'Author et al.',
      's_axis_tdata',
      'LANES',
    ];
    const hostile = names.reduce((all, name) => all.replaceAll(name, `${name}${escaped}`), text);
    const { page, watched } = await open(await write('hostile.html', JSON.parse(hostile)));
    for (const index of [0, 1, 2]) {
      await page.selectOption('#size', { index });
      await page.locator('.panel:visible h3').nth(2).waitFor();
    }
    expect(watched.complaints).toEqual([]);
    expect(watched.requests).toHaveLength(1);
    expect(await ask(page, 'window.hit ?? null')).toBe(null);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('#operation option').first().textContent()).toBe(`sha256${HOSTILE}`);
    const titles = await page
      .locator('section[aria-labelledby=claim] .wide title')
      .allTextContents();
    expect(titles.some((title) => title.includes(HOSTILE))).toBe(true);
  });

  test('a run that found nothing says so in every section', async () => {
    const { page, watched } = await open(await write('empty.html', emptySuite()));
    const sections = await ask<string[]>(
      page,
      `[...document.querySelectorAll('section')].filter((e) => !e.querySelector('.empty')).map((e) => e.textContent)`,
    );
    expect(sections).toEqual([]);
    await page.click('#theme');
    expect(watched).toMatchObject({ complaints: [] });
  });

  test('without scripts every operation is shown, and no dead control', async () => {
    const { page } = await open(url, { viewport: DESKTOP, javaScriptEnabled: false });
    expect(await page.locator('.panel:visible').count()).toBe(3 * suiteFixture().operations.length);
    expect(await page.locator('button:visible, select:visible').count()).toBe(0);
  });
});

describe('the page of a suite', () => {
  test('is one file under 3 MB that names no host to fetch from', async () => {
    const page = await suitePage(suiteFixture());
    expect(page.length).toBeLessThan(3e6);
    const fetched = /(?:src|href|action|poster|data)\s*=\s*"(?!#)|@import|url\(/gi;
    expect(page.replace(/<script[\s\S]*?<\/script>/g, '').match(fetched)).toBe(null);
  });

  test('of a full matrix stays small enough for a phone', async () => {
    const sizes = [1, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576].map((bytes) => ({
      name: `${bytes} B`,
      bytes,
    }));
    const page = await suitePage(suiteFixture({ sizes, batches: [1, 16, 256, 4096, 65_536] }));
    expect(page.match(/class="panel"/g)).toHaveLength(3 * 73);
    expect(page.length).toBeLessThan(4e6);
  });

  test('has a verdict for every operation, built from the best case', async () => {
    const page = await suitePage(suiteFixture());
    const verdicts = page.split('<li class="verdict').slice(1);
    expect(verdicts).toHaveLength(suiteFixture().operations.length);
    expect(verdicts[4]).toMatch(/literalMatch: worth a closer look[\s\S]*8\.27×[\s\S]*byte DFA/);
    expect(verdicts[0]).toMatch(/sha256: don&#39;t[\s\S]*0\.187×[\s\S]*crypto\.hash/);
  });
});
