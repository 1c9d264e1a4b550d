import { expect, test } from 'vitest';
import { PALETTE } from '../../src/report/page/palette.js';

/** Relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const themes = [...PALETTE.matchAll(/\{[^{}]*--text[^{}]*\}/g)].map(([block]) =>
  Object.fromEntries(
    [...block.matchAll(/(--[\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
  ),
);

test('both themes of the page can be read: text 4.5, graphics 3 (WCAG 2.2, 1.4.3 and 1.4.11)', () => {
  expect(themes).toHaveLength(3);
  const weak = themes.flatMap((colours) => {
    const of = (name: string): string => colours[name] as string;
    const series = Array.from({ length: 8 }, (_, i) => `--s${i}`);
    const texts = ['--text', '--soft', '--link', '--good', '--some', '--none'];
    const checks: [string, string, number][] = [
      ...texts.flatMap((text): [string, string, number][] => [
        [text, '--back', 4.5],
        [text, '--card', 4.5],
      ]),
      ...series.map((name): [string, string, number] => [name, '--back', 3]),
      ...['--s0', '--s1', '--s2', '--s3', '--s4'].map((name): [string, string, number] => [
        '--on-series',
        name,
        4.5,
      ]),
      ['--soft', '--claim', 4.5],
      ['--text', '--some-back', 4.5],
    ];
    return checks
      .filter(([a, b, least]) => contrast(of(a), of(b)) < least)
      .map(([a, b]) => `${a} on ${b}: ${contrast(of(a), of(b)).toFixed(2)}`);
  });
  expect(weak).toEqual([]);
});
