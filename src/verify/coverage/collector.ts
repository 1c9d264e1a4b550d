import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoverageData } from './data.js';
import { mergeCoverage } from './merge.js';
import { parseCoverage } from './parse.js';

/** Adds up what models counted, each in a file of its own. */
export class CoverageCollector {
  #data: CoverageData | null = null;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<CoverageCollector> {
    return new CoverageCollector(await mkdtemp(join(tmpdir(), 'rtlift-coverage-')));
  }

  get data(): CoverageData | null {
    return this.#data;
  }

  /** Lets a model that is created and closed inside `work` write its counts, and takes them. */
  async around<T>(work: (coveragePath: string) => Promise<T>): Promise<T> {
    const path = join(this.#folder, 'model.dat');
    const result = await work(path);
    const part = parseCoverage(await readFile(path, 'utf8'));
    this.#data = this.#data ? mergeCoverage([this.#data, part]) : part;
    await rm(path);
    return result;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
