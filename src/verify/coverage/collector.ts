import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoverageData } from './data.js';
import { parseCoverage } from './parse.js';

/** Takes what a model counted. */
export class CoverageCollector {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<CoverageCollector> {
    return new CoverageCollector(await mkdtemp(join(tmpdir(), 'rtlift-coverage-')));
  }

  /** Where the model writes its counts when it is closed. */
  get path(): string {
    return join(this.#folder, 'model.dat');
  }

  /** What the model counted, once it is closed. */
  async take(): Promise<CoverageData> {
    return parseCoverage(await readFile(this.path, 'utf8'));
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
