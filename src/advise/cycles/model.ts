import { fitRelative } from './least-squares.js';
import {
  type LaneCosts,
  type LanesShape,
  laneCycles,
  type Shape,
  type StreamShape,
  streamCycles,
} from './shape.js';

/** A batch that was simulated: sizes in order, and cycles. */
export interface CountedBatch {
  readonly sizes: readonly number[];
  readonly cycles: number;
}

/** Cycles of batches that were not simulated. */
export interface CyclesModel {
  /** Cycles of one batch of messages of these sizes, in this order. */
  predict(sizes: readonly number[]): number;
  /** Largest relative error on batches that were kept out of the fit; that of an undocumented share otherwise. */
  readonly error: number;
  /** `simulated`: fitted to counted batches; `assumed`: by the kernel's documentation alone. */
  readonly provenance: 'simulated' | 'assumed';
  readonly note: string;
  /** The same kernel with another number of lanes, or `null` where it has none. */
  withLanes(lanes: number): CyclesModel | null;
  /** Bytes a beat that the same kernel can have, least first, with its model for each; empty where it has but one width. */
  widths(): readonly { readonly bytes: number; readonly model: CyclesModel }[];
}

/** An error that documentation alone is taken to have: contents, pauses between batches. */
const DOCUMENTED_ERROR = 0.05;
/** No fit is trusted further than this. */
const LEAST_ERROR = 0.002;

/** The model of a built-in kernel where nothing can be simulated. */
export function documentedModel(shape: Shape): CyclesModel {
  const note = "cycles by the kernel's documented rates: nothing was simulated here";
  const rest = { error: DOCUMENTED_ERROR, provenance: 'assumed' as const, note };
  if (shape.kind === 'lanes') return lanesModel(shape, shape.documented, rest);
  const costs = shape.terms.map(({ documented }) => documented);
  return streamModel(shape, costs, shape.documentedFixed, rest);
}

/**
 * Fits a model to counted batches.
 * @param kept - batches that take no part in the fit and say how good it is.
 */
export function fitModel(
  shape: Shape,
  fitted: readonly CountedBatch[],
  kept: readonly CountedBatch[],
): CyclesModel {
  const costs = shape.kind === 'lanes' ? fitLanes(shape, fitted) : fitStream(shape, fitted);
  const make = (error: number): CyclesModel => {
    const rest = {
      error,
      provenance: 'simulated' as const,
      note: `cycles fitted to ${fitted.length} simulated batches, within ${(error * 100).toFixed(2)} % on ${kept.length} others`,
    };
    return costs.kind === 'lanes'
      ? lanesModel(shape as LanesShape, costs.costs, rest)
      : streamModel(shape as StreamShape, costs.costs, costs.fixed, rest);
  };
  const plain = make(0);
  const errors = kept.map(({ sizes, cycles }) => Math.abs(plain.predict(sizes) / cycles - 1));
  return make(Math.max(LEAST_ERROR, ...errors));
}

type Rest = Pick<CyclesModel, 'error' | 'provenance' | 'note'>;

function lanesModel(shape: LanesShape, costs: LaneCosts, rest: Rest): CyclesModel {
  return {
    ...rest,
    predict: (sizes) => laneCycles(shape, costs, sizes),
    withLanes: (lanes) => lanesModel({ ...shape, lanes }, costs, rest),
    widths: () => [],
  };
}

type Widths = NonNullable<StreamShape['widths']>;

function streamModel(
  shape: StreamShape,
  costs: readonly number[],
  fixed: number,
  rest: Rest,
): CyclesModel {
  return {
    ...rest,
    predict: (sizes) => streamCycles(shape, costs, fixed, sizes),
    withLanes: () => null,
    // What a beat costs is counted at one width, and holds at another: the structure is the same.
    widths: () =>
      (shape.widths?.of ?? []).map((bytes) => ({
        bytes,
        model: streamModel((shape.widths as Widths).at(bytes), costs, fixed, rest),
      })),
  };
}

type Fitted =
  | { readonly kind: 'lanes'; readonly costs: LaneCosts }
  | { readonly kind: 'stream'; readonly costs: readonly number[]; readonly fixed: number };

function fitStream(
  { terms, documentedFixed }: StreamShape,
  batches: readonly CountedBatch[],
): Fitted {
  const rows = batches.map(({ sizes }) => [
    1,
    ...terms.map(({ of }) => sizes.reduce((sum, bytes) => sum + of(bytes), 0)),
  ]);
  const prior = [documentedFixed, ...terms.map(({ documented }) => documented)];
  const [fixed = 0, ...costs] = fitRelative(
    rows,
    batches.map(({ cycles }) => cycles),
    prior,
  );
  return { kind: 'stream', costs, fixed };
}

/** A lane takes whole cycles: the unit from two single messages, the rest by trying each. */
function fitLanes(shape: LanesShape, batches: readonly CountedBatch[]): Fitted {
  const unitsOf = ({ sizes: [bytes = 0] }: CountedBatch): number =>
    shape.units(bytes) + shape.appended(bytes);
  const single = batches
    .filter(({ sizes }) => sizes.length === 1)
    .sort((a, b) => unitsOf(a) - unitsOf(b));
  const [short, long] = [single[0], single.at(-1)];
  const perUnit =
    short && long && unitsOf(long) > unitsOf(short)
      ? Math.max(1, Math.round((long.cycles - short.cycles) / (unitsOf(long) - unitsOf(short))))
      : shape.documented.perUnit;
  const costsOf = (perMessage: number): LaneCosts => {
    const costs = { perUnit, perMessage, fixed: 0 };
    return { ...costs, fixed: short ? short.cycles - laneCycles(shape, costs, short.sizes) : 0 };
  };
  let best = { costs: costsOf(shape.documented.perMessage), error: Number.POSITIVE_INFINITY };
  // The documented one first, which stays where another is no better: a batch bound by its input says nothing of the lanes.
  const { perMessage: documented } = shape.documented;
  for (const perMessage of [documented, ...Array.from({ length: 17 }, (_, i) => i)]) {
    const costs = costsOf(perMessage);
    const error = batches.reduce(
      (sum, { sizes, cycles }) => sum + (laneCycles(shape, costs, sizes) / cycles - 1) ** 2,
      0,
    );
    if (error < best.error * 0.999) best = { costs, error };
  }
  return { kind: 'lanes', costs: best.costs };
}
