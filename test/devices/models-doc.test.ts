import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEVICES } from '../../src/devices/catalogue.js';
import {
  ECP5_POWER,
  ICE40_POWER,
  SPARTAN6_POWER,
  ULTRASCALE_PLUS_POWER,
} from '../../src/devices/coefficients.js';
import { LINKS } from '../../src/devices/links.js';
import {
  isIndependent,
  modelError,
  modelPoints,
} from '../../src/devices/validation/model-points.js';
import { ROOT } from '../support/root.js';

const read = (file: string) => readFileSync(join(ROOT, 'docs', file), 'utf8');
const models = read('models.md');
const devices = read('devices.md');

/** Cells of the row of a table that starts with a name. */
function row(text: string, name: string): string[] {
  const line = text.split('\n').find((each) => each.startsWith(`| ${name}`));
  if (!line) throw new Error(`no row ${name}`);
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

describe('docs of the models', () => {
  test.each(['netPj', 'ffPj', 'srlPj', 'bramPj', 'dspPj', 'rootPj'] as const)(
    '%s is what the code has',
    (name) => {
      const cells = row(models, name).map((cell) => Number.parseFloat(cell));
      const families = [ICE40_POWER, SPARTAN6_POWER, ECP5_POWER, ULTRASCALE_PLUS_POWER];
      for (const [i, family] of families.entries()) {
        // The root of UltraScale+ is in the shell.
        if (Number.isNaN(cells[i] ?? Number.NaN)) expect(family[name].value).toBe(0);
        else expect(family[name].value / (cells[i] ?? 0)).toBeCloseTo(1, 1);
      }
    },
  );

  test('the errors are those that bench:models prints', () => {
    const points = modelPoints();
    const rows: [string, typeof points][] = [
      ['power |', points.filter(({ part }) => part === 'power')],
      ['link |', points.filter(({ part }) => part === 'link')],
      ['CPU energy', points.filter(({ part }) => part === 'cpu energy')],
      ['clock', points.filter(({ part }) => part === 'clock')],
      ['all |', points],
      ['all without', points.filter(({ isBoardKnown }) => !isBoardKnown)],
      ['measured, independent', points.filter(isIndependent)],
      ['power, measured', points.filter((point) => point.part === 'power' && isIndependent(point))],
    ];
    const table = models.slice(models.indexOf('As of this version'));
    for (const [name, chosen] of rows) {
      const { points: count, medianFactor, worstFactor } = modelError(chosen);
      const expected = [`${count}`, medianFactor.toFixed(2), worstFactor.toFixed(2)];
      const line = table.split('\n').find((each) => each.startsWith(`| ${name}`));
      expect(line, name).toContain(expected.join(' | '));
    }
  });

  test('so many published figures lie between low and high', () => {
    const judges = modelPoints().filter(({ isJudge }) => isJudge);
    const within = judges.filter(
      ({ published: { value }, predicted: { low = 0, high = 0 } }) => low <= value && value <= high,
    );
    expect(models).toContain(`${within.length} of the ${judges.length} published figures`);
  });

  test('every link and every device has its row', () => {
    for (const { id } of LINKS) expect(models).toContain(`| \`${id}\``);
    for (const { id, links } of DEVICES) {
      const [, listed] = row(devices, `\`${id}\``);
      expect(listed).toBe(links.map((link) => `\`${link.id}\``).join(', '));
    }
    for (const { id } of LINKS) expect(devices).toContain(`\`${id}\``);
  });
});
