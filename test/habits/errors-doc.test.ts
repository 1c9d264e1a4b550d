import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/errors.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const document = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8');
const sections = document.split(/^## /m).slice(1);

function readSources(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|cc|h)$/.test(file) && file !== 'errors.ts')
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))
    .join('\n');
}

describe('docs/errors.md', () => {
  const documented = sections.map((section) => section.split('\n', 1)[0]?.trim() ?? '');

  test('describes every code, once, in the order of errors.ts', () => {
    expect(documented).toEqual([...ERROR_CODES]);
  });

  test.each(sections.map((section, i) => [documented[i], section] as const))(
    '%s has a cause and a remedy',
    (_code, section) => {
      expect(section).toMatch(/^Cause: \S/m);
      expect(section).toMatch(/^Remedy: \S/m);
    },
  );
});

describe('error codes', () => {
  const sources = `${readSources('src')}\n${readSources('native')}`;

  test('every code is used in src/ or native/', () => {
    const unused = ERROR_CODES.filter((code) => !new RegExp(`['"\`]${code}['"\`]`).test(sources));
    expect(unused).toEqual([]);
  });

  test('no code is used that errors.ts does not have', () => {
    const used = [...sources.matchAll(/['"`](ERR_RTLIFT_[A-Z_]*[A-Z])['"`]/g)];
    const known: readonly string[] = ERROR_CODES;
    const unknown = used.map(([, code]) => code ?? '').filter((code) => !known.includes(code));
    expect([...new Set(unknown)]).toEqual([]);
  });
});
