import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyse } from '../../src/profile/cpu/analyse.js';
import { flamePage } from '../../src/report/page/flame-page.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { describeUnless, missingTool } from '../support/needs.js';
import { frameOf, syntheticThread } from './cpu-synthetic.js';

const HOSTILE = `<img src=x onerror="window.hit=1"></script><script>window.hit=2</script>`;
const SCRIPT = {
  url: 'file:///app/service.js',
  source: `function digestOf(message) {
  return createHash('sha256').update(message).digest();
}
function handle(message) {
  return digestOf(message) + JSON.stringify(message);
}
`,
};
const handle = frameOf(SCRIPT, 'handle');
const digestOf = frameOf(SCRIPT, 'digestOf');
const update = { name: 'update', url: 'node:internal/crypto/hash', line: 5, column: 1 };
const hostile = { name: HOSTILE, url: 'file:///app/node_modules/x/y.js', line: 1, column: 1 };

let browser: Browser;
let folder: string;
let url: string;

const open = (colorScheme: 'light' | 'dark' = 'light'): ReturnType<typeof openPage> =>
  openPage(browser, url, { viewport: { width: 1200, height: 900 }, colorScheme });

describeUnless(await missingTool('chromium'), 'the page of a profile in Chromium', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rtlift-flame-'));
    const analysis = analyse(
      [
        syntheticThread(
          [
            { stack: [handle, digestOf, update], samples: 300 },
            { stack: [handle], samples: 500 },
            { stack: [hostile], samples: 150 },
            { stack: [{ name: '(garbage collector)' }], samples: 50 },
          ],
          [SCRIPT],
        ),
      ],
      { command: `node ${HOSTILE}` },
    );
    const file = join(folder, 'flame.html');
    writeFileSync(file, await flamePage(analysis));
    url = pathToFileURL(file).href;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['light', 'dark'] as const)(
    'asks for nothing and complains of nothing, %s',
    async (theme) => {
      const { page, watched } = await open(theme);
      await page.click('#theme');
      await page.click('[data-find="1"]');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await page.locator('.bar').last().click();
      await page.click('#flame-reset');
      expect(await page.evaluate('window.hit ?? null')).toBe(null);
      expect(watched).toEqual({ complaints: [], requests: [url] });
    },
  );

  test('marks the candidate, and finds it from its card', async () => {
    const { page } = await open();
    expect(await page.locator('.bar.cand title').allTextContents()).toEqual([
      'digestOf, /app/service.js:1, 30.0 %, candidate 1',
    ]);
    expect(await page.locator('.verdict').textContent()).toContain('offload(sha256())');
    await page.click('[data-find="1"]');
    expect(await page.textContent('#flame-at')).toContain('digestOf');
  });

  test('bars are as wide as their share, and zoom with the keyboard', async () => {
    const { page } = await open();
    const widthOf = (name: string) =>
      page.evaluate<number>(
        `Number([...document.querySelectorAll('.bar')].find((bar) => bar.querySelector('title').textContent.startsWith(${JSON.stringify(name)})).querySelector('rect').getAttribute('width'))`,
      );
    expect(await widthOf('handle')).toBe(800);
    expect(await widthOf('digestOf')).toBe(300);
    await page.focus('.bar');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.textContent('#flame-at')).toContain('digestOf');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    expect(await page.textContent('#flame-at')).toContain('onerror');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    expect(await widthOf('handle')).toBe(1000);
    expect(await widthOf('digestOf')).toBeCloseTo(375, 6);
    expect(await page.locator('.bar.package').isVisible()).toBe(false);
    await page.keyboard.press('Escape');
    expect(await widthOf('handle')).toBe(800);
    expect(await page.locator('.bar.package').isVisible()).toBe(true);
  });
});
