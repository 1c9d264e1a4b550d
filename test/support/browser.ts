import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findTool } from '../../src/toolchain/find-tools.js';

/** Starts Chromium; close it after the tests. */
export async function launchBrowser(): Promise<Browser> {
  const { path } = await findTool('chromium');
  return chromium.launch({
    executablePath: path ?? 'chromium',
    // Containers give Chromium neither a sandbox nor a GPU, and its updater must not look like a request of the page.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** What a page complained of and asked for, from the moment it was watched. */
export interface Watched {
  readonly complaints: string[];
  readonly requests: string[];
}

export function watch(page: Page): Watched {
  const watched: Watched = { complaints: [], requests: [] };
  page.on('console', (message) => {
    watched.complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    watched.complaints.push(error.message);
  });
  page.on('request', (request) => {
    watched.requests.push(request.url());
  });
  return watched;
}

/** Opens an address in a context of its own, watched from the start and closed after the test. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = { viewport: { width: 1200, height: 900 } },
): Promise<{ page: Page; watched: Watched }> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const watched = watch(page);
  await page.goto(address);
  return { page, watched };
}
