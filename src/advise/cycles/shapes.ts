import type { ResolvedRtl } from '../../kernel/define-kernel.js';
import type { LanesShape, Shape, StreamShape, Term } from './shape.js';

/** Beats of a message on a stream of so many bytes a beat; the empty message is one. */
const beatsOf =
  (width: number) =>
  (bytes: number): number =>
    Math.max(1, Math.ceil(bytes / width));
const one: Term['of'] = () => 1;
const none = (): number => 0;

/** Blocks of 64 bytes with the padding of SHA-1 and SHA-256: a bit, zeros, and 8 bytes of length. */
const paddedBlocks = (bytes: number): number => Math.floor((bytes + 8) / 64) + 1;

type Parameters = ResolvedRtl['parameters'];

function hashLanes(
  parameters: Parameters,
  documented: LanesShape['documented'],
  isRing: boolean,
): LanesShape {
  return {
    kind: 'lanes',
    lanes: Number(parameters.LANES ?? 16),
    depth: Number(parameters.FIFO_BLOCKS ?? 4),
    owes: 2,
    isRing,
    units: paddedBlocks,
    appended: none,
    documented,
  };
}

function beats(width: number, documentedFixed: number, fullTail = 0): StreamShape {
  return {
    kind: 'stream',
    documentedFixed,
    terms: [
      { name: 'beats', of: beatsOf(width), documented: 1 },
      ...(fullTail === 0
        ? []
        : [
            {
              name: 'messages that end with a full beat',
              of: (bytes: number): number => (bytes > 0 && bytes % width === 0 ? 1 : 0),
              documented: fullTail,
            },
          ]),
    ],
  };
}

/** Of kernels whose DATA_BYTES is 8 or 16. */
function ofWidths(width: number, at: (bytes: number) => StreamShape): StreamShape {
  const widths = { of: [8, 16], at: (bytes: number) => ofWidths(bytes, at) };
  return { ...at(width), widths };
}

/** Where a kernel's cycles go, by its top module: structure and documented costs of hdl/<kernel>/README.md. */
const SHAPES: Readonly<Record<string, (parameters: Parameters) => Shape>> = {
  sha256: (parameters) =>
    Number(parameters.PIPELINED ?? 0) === 1
      ? {
          kind: 'stream',
          documentedFixed: 67,
          terms: [
            { name: 'messages', of: one, documented: 1 },
            { name: 'further blocks', of: (bytes) => paddedBlocks(bytes) - 1, documented: 66 },
          ],
        }
      : hashLanes(parameters, { perUnit: 66, perMessage: 0, fixed: 5 }, false),
  sha1: (parameters) => hashLanes(parameters, { perUnit: 82, perMessage: 0, fixed: 5 }, true),
  siphash: (parameters) => ({
    kind: 'lanes',
    lanes: Number(parameters.LANES ?? 8),
    // The word in work beside those of the buffer.
    depth: Number(parameters.FIFO_DEPTH ?? 32) + 1,
    owes: Number(parameters.FIFO_DEPTH ?? 32) + 1,
    isRing: false,
    units: beatsOf(8),
    // A full last beat leaves no room for the length.
    appended: (bytes) => (bytes > 0 && bytes % 8 === 0 ? 1 : 0),
    documented: {
      perUnit: 2,
      perMessage: Number(parameters.OUT_BITS ?? 64) === 128 ? 8 : 4,
      fixed: 4,
    },
  }),
  crc: () => beats(64, 14),
  record_filter: () => ({
    kind: 'stream',
    documentedFixed: 7,
    terms: [{ name: 'records', of: one, documented: 1 }],
  }),
  literal_match: ({ DATA_BYTES = 8 }) => ofWidths(Number(DATA_BYTES), (width) => beats(width, 3)),
  // The extra cycle comes where the token goes on: in text about as often as not.
  classify: ({ DATA_BYTES = 8 }) => ofWidths(Number(DATA_BYTES), (width) => beats(width, 8, 0.8)),
};

/** How a built-in kernel spends its cycles; `null` for any other. */
export function knownShape({
  top,
  parameters,
}: Pick<ResolvedRtl, 'top' | 'parameters'>): Shape | null {
  return Object.hasOwn(SHAPES, top) ? (SHAPES[top]?.(parameters) ?? null) : null;
}

/** What can be said of a kernel of which only the width of its stream is known: messages, beats, and full last beats. */
export function streamOfWidth(width: number): StreamShape {
  return {
    kind: 'stream',
    documentedFixed: 0,
    terms: [
      { name: 'beats', of: beatsOf(width), documented: 1 },
      { name: 'messages', of: one, documented: 0 },
      {
        name: 'messages that end with a full beat',
        of: (bytes) => (bytes > 0 && bytes % width === 0 ? 1 : 0),
        documented: 0,
      },
    ],
  };
}
