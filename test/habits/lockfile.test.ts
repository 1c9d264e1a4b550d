import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly hasInstallScript?: boolean;
}

const readText = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(readText('package.json'));
const lock: Record<string, LockEntry> = JSON.parse(readText('package-lock.json')).packages;
const entries = Object.entries(lock).filter(([path]) => path !== '');

describe('package.json', () => {
  test('pins every dependency to one version', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies };
    const loose = Object.entries(all).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(String(version)),
    );
    expect(loose).toEqual([]);
  });
});

describe('package-lock.json', () => {
  test('belongs to package.json', () => {
    const { dependencies, devDependencies } = lock[''] as Record<string, unknown>;
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  test('names no host that a package comes from, so any registry serves it', () => {
    expect(entries.filter(([, entry]) => entry.resolved?.includes('://'))).toEqual([]);
  });

  test('has an integrity hash for every package', () => {
    // Binaries of other platforms are listed so that npm ci takes the file; a registry that does not
    // serve them gives no hash.
    const other = (entry: LockEntry) => entry.optional === true && entry.os !== undefined;
    const without = entries.filter(([, entry]) => !entry.integrity && !entry.link && !other(entry));
    expect(without).toEqual([]);
  });

  test('has no package with an install script but esbuild, which only checks its binary', () => {
    const scripted = entries.filter(([, entry]) => entry.hasInstallScript);
    const unexpected = scripted.filter(([path]) => !/node_modules\/esbuild$/.test(path));
    expect(unexpected.map(([path]) => path)).toEqual([]);
  });
});

describe('committed files', () => {
  test('name no registry host', ({ skip }) => {
    skip(!existsSync(join(ROOT, '.git')), 'git lists the files, and this is no checkout');
    const listed = execFileSync(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
      { cwd: ROOT, encoding: 'utf8' },
    );
    const files = listed.split('\0').filter((file) => {
      const info = statSync(join(ROOT, file), { throwIfNoEntry: false });
      return file !== '' && info?.isFile() === true && info.size < 5_000_000;
    });
    expect(files.length).toBeGreaterThan(10);
    const host = /\b(?:registry|npm|artifactory|nexus)[\w-]*\.[\w-]+\.(?:org|com|net|io|dev)\b/i;
    expect(files.filter((file) => host.test(readText(file)))).toEqual([]);
  });
});
