import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advicePage } from '../../src/advise/page/page.js';
import { type Advice, advise } from '../../src/index.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { describeUnless, missingTool } from '../support/needs.js';
import { onF2 } from './host.js';

const HOSTILE = `<img src=x onerror="window.hit=1"><script>window.hit=2</script>"'&]]>-->`;

let browser: Browser;
let folder: string;
let advice: Advice;
let url: string;

async function write(name: string, advices: readonly Advice[]): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, await advicePage(advices));
  return pathToFileURL(file).href;
}

const open = (address: string, options?: BrowserContextOptions): ReturnType<typeof openPage> =>
  openPage(browser, address, options);

describeUnless(await missingTool('chromium'), 'the page of advice in Chromium', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rtlift-advice-'));
    browser = await launchBrowser();
    const load = { messagesPerSecond: 2000, sizes: 200, name: HOSTILE, cpuShare: 0.4 };
    advice = await advise(load, {
      ...onF2('siphash', { [HOSTILE]: 600, siphash: 900 }),
      devices: ['xcvu47p', 'ecp5-85k', 'ice40-hx8k'],
    });
    url = await write('advice.html', [advice]);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('asks for nothing but itself, complains of nothing, and runs nothing that was put in', async () => {
    const { page, watched } = await open(url);
    await page.click('#theme');
    await page.click('#provenance-view');
    await page.setViewportSize({ width: 360, height: 780 });
    await page.waitForTimeout(100);
    expect(watched).toEqual({ complaints: [], requests: [url] });
    expect(await page.evaluate('window.hit ?? null')).toBe(null);
    expect(await page.textContent('.verdict h3')).toContain(HOSTILE);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
  });

  test('says the verdict, and draws the load as a point on every line that reaches it', async () => {
    const { page } = await open(url);
    expect(await page.textContent('.verdict p')).toBe(advice.verdict.sentence);
    const chart = page.locator('.chart .wide svg').first();
    expect(await chart.getAttribute('aria-label')).toContain('energy a message');
    const titles = await chart.locator('title').allTextContents();
    expect(titles).toContainEqual(expect.stringMatching(/^xcvu47p\/sde at 2\.00 k\/s: [\d.]+ mJ$/));
    expect(titles).toContainEqual(expect.stringContaining(`${HOSTILE} at 2.00 k/s`));
    expect(await chart.textContent()).toContain('your load');
    expect(await page.locator('.chart').count()).toBe(3);
  });

  test('lists what fits with its figures, and what does not with the reason', async () => {
    const { page } = await open(url);
    const text = (await page.textContent('main')) ?? '';
    expect(text).toContain('ecp5-85k/usb');
    expect(text).toContain('ice40-hx8k/usb: needs more than iCE40 HX8K has: BRAM 72 of 32');
  });

  test.each([
    ['light', 'rgb(255, 255, 255)', 'rgb(0, 105, 168)'],
    ['dark', 'rgb(20, 23, 27)', 'rgb(90, 180, 240)'],
  ] as const)('is drawn in the %s theme of the system', async (colorScheme, back, line) => {
    const { page } = await open(url, { viewport: { width: 1200, height: 900 }, colorScheme });
    const colours = await page.evaluate(`[
      getComputedStyle(document.body).backgroundColor,
      [...document.querySelectorAll('.chart .wide svg path')].map((path) => getComputedStyle(path).stroke),
    ]`);
    expect(colours).toEqual([back, expect.arrayContaining([line])]);
  });

  test('several pieces of advice stand one below the other', async () => {
    const { page } = await open(
      await write('two.html', [advice, { ...advice, load: { ...advice.load, name: 'second' } }]),
    );
    expect(await page.locator('.verdict').count()).toBe(2);
    expect(await page.locator('#break-even-2').textContent()).toBe('Break-even: second');
    const ids = await page.evaluate(`[...document.querySelectorAll('[id]')].map((e) => e.id)`);
    expect(new Set(ids as string[]).size).toBe((ids as string[]).length);
  });
});
