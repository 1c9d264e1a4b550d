import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import type { CoverageData } from '../../../src/verify/coverage/data.js';
import { readFloor } from '../../../src/verify/coverage/floor.js';
import { coveragePage, type PageOptions } from '../../../src/verify/coverage/page.js';
import { parseCoverage } from '../../../src/verify/coverage/parse.js';
import { summarise } from '../../../src/verify/coverage/summary.js';
import { fixture, odd, point, toggle } from './fixture.js';

const SOURCES = new Map(['odd_points.v', 'odd_child.v'].map((name) => [name, fixture(name)]));
const page = (data: CoverageData, options: Partial<PageOptions> = {}, sources = SOURCES) =>
  coveragePage(data, sources, { title: 'odd', ...options });

/** The row of a line of the second file. */
const row = (html: string, line: number): string =>
  html.match(new RegExp(`<tr id="f2-l${line}".*?</tr>`, 's'))?.[0] ?? '';

/** Text of an element, without its marks. */
const text = (html: string): string =>
  html
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();

describe('the page', () => {
  const html = page(odd('b'));

  test('shows the totals of the summary, rounded down', () => {
    expect(text(html)).toContain('Lines 50.0 % 10 of 20');
    expect(text(html)).toContain('Toggled bits 36.7 % 18 of 49');
  });

  test('shows how often a line was run, and what was not', () => {
    expect(text(row(html, 38))).toBe('38 1 always @(posedge clk) begin');
    expect(text(row(html, 51))).toBe('51 1 if (rst) begin ✗ never run: else');
    expect(text(row(html, 40))).toBe(
      "40 0 2'd0: y <= a; ✗ lines 40-41 never run: case next: line 46",
    );
    expect(text(row(html, 41))).toBe("41 0 2'd1: y <= twice(a);");
  });

  test('shows how many bits of a signal changed, and which did not', () => {
    expect(text(row(html, 9))).toContain('9 1/4 input wire [WIDTH-1:0] a,');
    expect(text(row(html, 9))).toContain('never changed: a[1:0], a[3]');
  });

  test('shows no mark where there is no point', () => {
    expect(text(row(html, 36))).toBe('36 endgenerate');
    expect(row(html, 36)).toContain('class=""');
  });

  test.each([
    [38, 'all'],
    [51, 'some'],
    [40, 'none'],
    [13, 'none'],
  ])('marks line %i as covered: %s', (line, state) => {
    expect(row(html, line)).toContain(`class="${state}"`);
  });

  test('leads from one uncovered place to the next', () => {
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(targets.length).toBeGreaterThan(10);
    for (const target of targets) expect(html).toContain(` id="${target}"`);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('lists what is not covered, with the reasons of a floor', () => {
    const reasons = [
      { file: 'odd_points.v', what: 'toggle mem[*][*]', reason: 'only <i> & "j"' },
      { file: 'odd_points.v', line: 51, what: 'else', reason: 'never out of reset' },
    ];
    const floor = readFloor(JSON.stringify({ line: 0, toggle: 0, uncovered: reasons }), 'c.json');
    const html = page(odd('b'), { floor });
    expect(text(html)).toContain('odd_points.v:15 never changed: mem[3:0][3:0] only <i> & "j"');
    expect(text(html)).toContain('odd_points.v:51 never run: else never out of reset');
    expect(text(row(html, 51))).toContain('✗ never run: else (never out of reset)');
    expect(text(html)).toContain('odd_points.v:13 never changed: odd__03cb__03e__026name -');
  });

  test('says when nothing is uncovered', () => {
    const data = { points: [point({ count: 1 }), toggle('q', 1)] };
    expect(text(page(data))).toContain('Nothing: every line and every bit is covered.');
    expect(text(page(data))).toContain('Lines 100.0 % 1 of 1');
  });

  test('never rounds up to 100 %', () => {
    const points = Array.from({ length: 20_000 }, (_, i) => toggle(`k[${i}]`, i));
    expect(text(page({ points }))).toContain('99.9 % 19,999 of 20,000');
  });
});

describe('the page is safe and stands alone', () => {
  test('escapes the RTL, names, the title and reasons', () => {
    const points = [point({ file: '<b>.v', name: '<u>', count: 0 }), toggle('<s>[0]', 0)];
    const html =
      page(odd('a'), { title: '<script>1</script>' }) +
      page({ points }, {}, new Map([['<b>.v', '<script>2</script> & "x"']]));
    expect(html).not.toMatch(/<script/i);
    expect(html).not.toMatch(/<[busi]>/);
    expect(html).toContain('&lt;script&gt;alert(&quot;comment&quot;)&lt;/script&gt; &amp; more');
    expect(html).toContain('&lt;script&gt;2&lt;/script&gt; &amp; &quot;x&quot;');
  });

  test('asks for nothing from outside', () => {
    expect(page(odd('a'))).not.toMatch(/https?:|\bsrc=|<link|@import|url\(/i);
  });

  test('is well formed', () => {
    const body = page(odd('b'))
      .replace(/<!doctype html>\n/, '')
      .replace(/<meta[^>]*>/g, '');
    const elements = new Set<string>();
    const parser = new SaxesParser();
    parser.on('opentag', ({ name }) => elements.add(name));
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(body).close();
    expect([...elements]).toEqual(expect.arrayContaining(['html', 'title', 'h1', 'main', 'table']));
  });

  test('can be reached by keyboard', () => {
    const html = page(odd('b'));
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('class="skip" href="#uncovered"');
    const regions = html.match(/<div class="scroll"[^>]*>/g) ?? [];
    expect(regions).toHaveLength(2);
    for (const region of regions) expect(region).toMatch(/role="region" tabindex="0" aria-label="/);
  });
});

describe('sources', () => {
  test('of an odd name are found by it', () => {
    const data = parseCoverage(fixture('odd-name.dat'));
    const name = summarise(data).files[0]?.file ?? '';
    const html = page(data, {}, new Map([[name, 'module odd_child;\r\nwire d;\r\n']]));
    expect(text(html)).toContain("it's-100%größe.v");
    expect(html).toContain('>module odd_child;<');
  });

  test('that are missing are said to be, and their points are shown', () => {
    const html = page(odd('b'), {}, new Map());
    expect(text(html)).toContain('The source was not given.');
    expect(text(row(html, 51))).toBe('51 1 ✗ never run: else');
    expect(row(html, 36)).toBe('');
  });

  test('that are shorter than the points say keep the points behind their end', () => {
    const data = { points: [point({ line: 9, count: 3 })] };
    expect(text(page(data, {}, new Map([['x.v', 'one\ntwo\n']])))).toMatch(/1 one 2 two 9 3$/);
  });

  test('are named from a base', () => {
    const html = page({ points: [point({ file: '/a/rtl/x.v' })] }, { base: '/a' });
    expect(text(html)).toContain('rtl/x.v:1 never run: block');
    expect(html).not.toContain('/a/rtl');
  });
});
