import { estimate, type Figure } from '../../figure.js';
import { type Range, toFigure } from '../range.js';

/** Which model a point looks at. */
export type ModelPart = 'power' | 'link' | 'cpu energy' | 'clock';

/**
 * What a point may say of the models: `judge`, no coefficient was taken from it; `fitted`, one was, or was chosen with it
 * known; `interpolated`, it lies between fitted ones of the same board and clock, so that it could not miss.
 */
export type PointRole = 'judge' | 'fitted' | 'interpolated';

/** A published measurement and what the models say of it. */
export interface ModelPoint {
  readonly what: string;
  readonly part: ModelPart;
  readonly published: Figure;
  readonly predicted: Figure;
  /** The larger of predicted / published and published / predicted. */
  readonly factor: number;
  readonly role: PointRole;
  /** Whether the point judges the models: no coefficient was taken from it. */
  readonly isJudge: boolean;
  /** Whether a coefficient was taken from another measurement of the same board. */
  readonly isBoardKnown: boolean;
  /** Variants of one design that differ by little: they count as one point together. `null`: it stands for itself. */
  readonly family: string | null;
  /** Repository and file, commit or issue, or a document's title; `assumed: ...` where none can be named. */
  readonly source: string;
}

/** What is published: a measurement, unless a vendor's tool computed it. */
export interface Published {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** `modelled`: an estimate of the vendor's tool, no measurement. Default `measured`. */
  readonly provenance?: 'measured' | 'modelled';
  readonly role: PointRole;
  readonly isBoardKnown?: boolean;
  readonly family?: string;
  readonly source: string;
}

export function modelPoint(part: ModelPart, point: Published, predicted: Range): ModelPoint {
  const { what, value, unit, provenance = 'measured', role, isBoardKnown = false } = point;
  const { family = null, source } = point;
  const ratio = predicted.value / value;
  return {
    what,
    part,
    published: estimate(value, value, value, unit, provenance),
    predicted: toFigure(predicted, unit),
    factor: Math.max(ratio, 1 / ratio),
    role,
    isJudge: role === 'judge',
    isBoardKnown,
    family,
    source,
  };
}
