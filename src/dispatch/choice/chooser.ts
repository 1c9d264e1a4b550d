import type { PathName } from '../../paths/path.js';
import { Cell, type CellState } from './cell.js';
import { CostModel, type CostModelState } from './cost-model.js';
import { classKey } from './size-class.js';

/** Why a path was taken. */
export type ChoiceKind =
  /** Expected to take the least host time. */
  | 'fastest'
  /** Another one is expected to be faster, but not by enough to leave this one. */
  | 'kept'
  /** A trial of a path that is not expected to be the fastest, within the budget for trials. */
  | 'trial'
  /** The others cannot run now, or there are none. */
  | 'only';

/** The path that a batch goes to, and the batch. */
export interface PathChoice {
  readonly path: PathName;
  readonly kind: ChoiceKind;
  readonly key: number;
  readonly messages: number;
  readonly bytes: number;
}

/** How `auto` learns. */
export interface ChooserOptions {
  /** How much faster another path must be before a size class changes to it, 1 or more; default 1.1. */
  readonly hysteresis?: number;
  /** Share of all host time that trials of the slower path may cost, 0 to 1; default 0.01. */
  readonly trialShare?: number;
  /** Use what is known and learn nothing; default false. */
  readonly isFrozen?: boolean;
}

/** What a chooser has learnt, as data: a cost model a path, and the size classes. */
export interface ChooserState {
  readonly models: Readonly<Partial<Record<PathName, CostModelState>>>;
  readonly cells: Readonly<Record<string, CellState>>;
}

/** Says why a path cannot run now, or `null`. */
export type Barred = (path: PathName) => string | null;

/** Batches of a size class after which the other path is tried again; doubles while trials change nothing. */
const FIRST_INTERVAL = 32;
const LAST_INTERVAL = 4096;

/**
 * Learns from live timings which path takes the least host time, by size class.
 *
 * A cost model a path says what to expect where nothing was timed yet; each size class keeps its own timings beside it. The
 * other path is tried now and then, as far as the share of host time for trials allows.
 */
export class Chooser {
  readonly isFrozen: boolean;
  readonly #paths: readonly PathName[];
  readonly #models = new Map<PathName, CostModel>();
  readonly #cells = new Map<number, Cell>();
  readonly #hysteresis: number;
  readonly #trialShare: number;
  #totalNs = 0;
  #trialNs = 0;

  constructor(
    paths: readonly PathName[],
    { hysteresis = 1.1, trialShare = 0.01, isFrozen = false }: ChooserOptions = {},
    state?: ChooserState,
  ) {
    this.#paths = paths;
    this.#hysteresis = hysteresis;
    this.#trialShare = trialShare;
    this.isFrozen = isFrozen;
    for (const path of paths) this.#models.set(path, new CostModel(state?.models[path]));
    for (const [key, cell] of Object.entries(state?.cells ?? {})) {
      this.#cells.set(Number(key), new Cell(FIRST_INTERVAL, cell));
    }
  }

  /** Takes a path for a batch; with every path barred, the first. */
  choose(messages: number, bytes: number, barred: Barred = nothing): PathChoice {
    const key = classKey(messages, bytes);
    const cell = this.#cellOf(key);
    cell.calls++;
    const [path, kind] = this.#pathFor(cell, messages, bytes, barred);
    return { path, kind, key, messages, bytes };
  }

  /** What {@link choose} would take, without counting it. */
  peek(messages: number, bytes: number, barred: Barred = nothing): PathChoice {
    let [open, path, least] = [0, this.#paths[0] as PathName, Number.POSITIVE_INFINITY];
    for (const name of this.#paths) {
      if (barred(name) !== null) continue;
      open++;
      const ns = this.expect(name, messages, bytes);
      if (ns < least) [path, least] = [name, ns];
    }
    const kind = open < 2 ? 'only' : 'fastest';
    return { path, kind, key: classKey(messages, bytes), messages, bytes };
  }

  #pathFor(cell: Cell, messages: number, bytes: number, barred: Barred): [PathName, ChoiceKind] {
    // On the way of every call: no closures, and each cost computed once, and none where there is nothing to choose.
    if (this.#paths.length === 1) return [this.#paths[0] as PathName, 'only'];
    let [open, fastest, least] = [0, this.#paths[0] as PathName, Number.POSITIVE_INFINITY];
    let other: PathName | null = null;
    let [otherNs, currentNs] = [0, 0];
    const { current } = cell;
    let currentIsOpen = false;
    for (const path of this.#paths) {
      if (barred(path) !== null) continue;
      open++;
      const ns = this.#cost(cell, path, messages, bytes);
      if (path === current) [currentNs, currentIsOpen] = [ns, true];
      else if (other === null) [other, otherNs] = [path, ns];
      if (ns < least) [fastest, least] = [path, ns];
    }
    if (open < 2) return [fastest, 'only'];
    if (this.isFrozen) return [fastest, 'fastest'];
    if (!currentIsOpen || current === null) {
      cell.moveTo(fastest);
      return [fastest, 'fastest'];
    }
    if (other !== null && this.#mayTry(cell, otherNs - currentNs)) return [other, 'trial'];
    if (fastest === current) return [current, 'fastest'];
    if (currentNs < least * this.#hysteresis) return [current, 'kept'];
    cell.moveTo(fastest);
    cell.interval = FIRST_INTERVAL;
    return [fastest, 'fastest'];
  }

  /** Learns what a batch took on the path chosen for it. @param ns - host time of the batch alone, not of those before it. */
  observe({ path, kind, key, messages, bytes }: PathChoice, ns: number): void {
    if (this.isFrozen || !(ns > 0)) return;
    const cell = this.#cellOf(key);
    this.#totalNs += ns;
    if (kind === 'trial' && cell.current !== null) {
      this.#trialNs += Math.max(0, ns - this.#cost(cell, cell.current, messages, bytes));
    }
    this.#models.get(path)?.observe(messages, bytes, ns);
    cell.observe(path, messages, bytes, ns);
  }

  /** Host time that a batch is expected to take on a path, ns. */
  expect(path: PathName, messages: number, bytes: number): number {
    const cell = this.#cells.get(classKey(messages, bytes));
    return cell
      ? this.#cost(cell, path, messages, bytes)
      : (this.#models.get(path)?.predict(messages, bytes) ?? Number.POSITIVE_INFINITY);
  }

  /** How many batches of the size class were timed on a path. */
  timed(path: PathName, messages: number, bytes: number): number {
    return this.#cells.get(classKey(messages, bytes))?.timed(path) ?? 0;
  }

  /** Share of all host time so far that trials of a slower path have cost. */
  get trialShare(): number {
    return this.#totalNs === 0 ? 0 : this.#trialNs / this.#totalNs;
  }

  state(): ChooserState {
    const models = [...this.#models].map(([path, model]) => [path, model.state()]);
    const cells = [...this.#cells].sort(([a], [b]) => a - b);
    return {
      models: Object.fromEntries(models),
      cells: Object.fromEntries(cells.map(([key, cell]) => [key, cell.state()])),
    };
  }

  #cost(cell: Cell, path: PathName, messages: number, bytes: number): number {
    const model = this.#models.get(path);
    return model ? cell.expect(path, model, messages, bytes) : Number.POSITIVE_INFINITY;
  }

  #cellOf(key: number): Cell {
    let cell = this.#cells.get(key);
    if (!cell) {
      cell = new Cell(FIRST_INTERVAL);
      this.#cells.set(key, cell);
    }
    return cell;
  }

  /** Whether it is time to try the other path, and the budget allows what that is expected to lose. */
  #mayTry(cell: Cell, lossNs: number): boolean {
    if (!cell.hasChanged && cell.calls - cell.triedAt < cell.interval) return false;
    if (this.#trialNs + Math.max(0, lossNs) > this.#trialShare * this.#totalNs) return false;
    cell.interval = cell.hasChanged ? FIRST_INTERVAL : Math.min(LAST_INTERVAL, 2 * cell.interval);
    cell.hasChanged = false;
    cell.triedAt = cell.calls;
    return true;
  }
}

const nothing = (): null => null;
