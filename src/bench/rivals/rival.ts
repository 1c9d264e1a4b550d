/** A software way to do what a kernel does, to be measured beside it. */
export interface Rival<O, I = Uint8Array> {
  readonly name: string;
  /** What is timed, where it is not plain: conversions, reuse of state. */
  readonly note: string;
  /** One message, as the rival's users would call it. */
  run(message: I): O;
  /** The result in the kernel's own encoding, for the comparison; not timed. */
  encode(result: O): Uint8Array;
}

/** A rival that cannot run here, and why. */
export interface MissingRival {
  readonly name: string;
  readonly missing: string;
}

// biome-ignore lint/suspicious/noExplicitAny: rivals of unlike types stand in one list; encode() levels them.
export type AnyRival = Rival<any, any>;

export function isMissing(rival: AnyRival | MissingRival): rival is MissingRival {
  return 'missing' in rival;
}
