import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SYNTHESIS_DESIGNS } from '../../src/bench/synthesis-designs.js';
import {
  betweenMarkers,
  SYNTHESIS_FOLDERS,
  synthesisDocuments,
  synthesisPath,
} from '../../src/bench/synthesis-readme.js';
import { findStale, rowsOf, synthesisText } from '../../src/synthesis/results.js';
import { targetOf } from '../../src/synthesis/targets.js';
import { thrown } from '../support/errors.js';
import { ROOT } from '../support/root.js';

const wantedOf = (folder: string) =>
  SYNTHESIS_DESIGNS.filter((design) => design.folder === folder).flatMap(({ kernel, devices }) =>
    devices.map((device) => ({ kernel: kernel.name, rtl: kernel.rtl, device })),
  );

describe('hdl/*/synthesis.json', () => {
  test('every kernel has one', () => {
    const folders = new Set(
      SYNTHESIS_DESIGNS.map(({ kernel }) => basename(dirname(kernel.rtl.sources[0] ?? ''))),
    );
    expect([...folders].toSorted()).toEqual([...SYNTHESIS_FOLDERS].toSorted());
    expect(SYNTHESIS_FOLDERS.filter((it) => !existsSync(synthesisPath(ROOT, it)))).toEqual([]);
  });

  test.each(SYNTHESIS_FOLDERS)(
    '%s is of the sources as they are: else `npm run synth:all`',
    async (folder) => {
      expect(await findStale(await rowsOf(synthesisPath(ROOT, folder)), wantedOf(folder))).toEqual(
        [],
      );
    },
  );

  test.each(SYNTHESIS_FOLDERS)('%s keeps its order', async (folder) => {
    const rows = await rowsOf(synthesisPath(ROOT, folder));
    expect(JSON.parse(synthesisText(rows)).rows).toEqual(rows);
  });

  test.each(SYNTHESIS_FOLDERS)('%s claims no more than there is', async (folder) => {
    for (const row of await rowsOf(synthesisPath(ROOT, folder))) {
      const { device, fits, fmax, reason, utilisation } = row;
      const { shellClockMHz, nextpnrArgs } = targetOf(device);
      const over = Object.values(utilisation).filter(({ used, available }) => used > available);
      if (!fits) {
        expect(fmax).toBeNull();
        expect(reason).toMatch(/\d/);
        continue;
      }
      expect(over).toEqual([]);
      expect(fmax?.provenance).toBe(nextpnrArgs ? 'synthesised' : 'modelled');
      const [low, value, high] = [fmax?.low ?? 0, fmax?.value ?? 0, fmax?.high ?? 0];
      expect(low).toBeGreaterThan(0);
      expect(low).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(high);
      expect(high).toBeLessThanOrEqual(shellClockMHz ?? 1_000);
    }
  });
});

describe('tables of synthesis', () => {
  test('are what `npm run synth:all` writes', async () => {
    const documents = await synthesisDocuments(ROOT);
    expect(documents).toHaveLength(SYNTHESIS_FOLDERS.length + 1);
    for (const { file, current, expected } of documents) expect(current, file).toBe(expected);
  });

  test('need their markers', () => {
    const wrong = ['no markers', '<!-- synthesis:end -->\n<!-- synthesis:begin -->'];
    for (const text of wrong) {
      const error = thrown('ERR_RTLIFT_INVALID_ARG', () => betweenMarkers(text, 'x', 'README.md'));
      expect(error.message).toContain('README.md');
    }
    const document = 'a\n<!-- synthesis:begin -->\nold\n<!-- synthesis:end -->\nb\n';
    const made = betweenMarkers(document, 'new', 'README.md');
    expect(made).toBe('a\n<!-- synthesis:begin -->\nnew\n<!-- synthesis:end -->\nb\n');
  });
});
