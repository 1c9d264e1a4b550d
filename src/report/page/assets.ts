import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Html } from '../../verify/coverage/html.js';

const require = createRequire(import.meta.url);

/** The same from src/ and from dist/. */
const FOLDER = new URL('../../../templates/report/', import.meta.url);

/** Text of an element that the page's policy lets run, by its hash. */
export interface Inline {
  readonly text: Html;
  /** As a Content-Security-Policy names it. */
  readonly hash: string;
}

/** The style sheet of the page and that of uPlot. */
export async function styleSheet(palette: string): Promise<Inline> {
  const plot = await readFile(require.resolve('uplot/dist/uPlot.min.css'), 'utf8');
  const own = await readFile(new URL('page.css', FOLDER), 'utf8');
  return inline(`${plot}\n${palette}\n${own}`);
}

/** uPlot and the script of the page. */
export async function script(): Promise<Inline> {
  const plot = await readFile(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8');
  const own = await readFile(new URL('page.js', FOLDER), 'utf8');
  return inline(`${plot}\n${own}`);
}

/** Some files of templates/report, after a palette, as a page takes them. */
export async function ownStyle(palette: string, files: readonly string[]): Promise<Inline> {
  const texts = await Promise.all(files.map(own));
  return inline([palette, ...texts].join('\n'));
}

export async function ownScript(file: string): Promise<Inline> {
  return inline(await own(file));
}

function own(file: string): Promise<string> {
  return readFile(new URL(file, FOLDER), 'utf8');
}

function inline(source: string): Inline {
  // What would end the element early can only stand in a string or a comment of it.
  const text = source.replace(/<\/(?=script|style)/gi, '<\\/');
  const hash = createHash('sha256').update(text).digest('base64');
  return { text: new Html(text), hash: `'sha256-${hash}'` };
}
