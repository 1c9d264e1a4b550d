import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { ErrorDetails } from '../../errors.js';
import type { NativeReport } from '../native-addon.js';

/** What a child process is told first: which library, and how the model is created and set. */
export interface StartFrame {
  readonly type: 'start';
  readonly kernel: string;
  readonly library: string;
  /** That the library must be of. */
  readonly buildId: string;
  readonly seed: string;
  readonly monitors: boolean;
  readonly activityEvery: number;
  readonly cycleTimeoutMs: number;
  /** Settings as (address, data) pairs, or `null`. */
  readonly writes: readonly number[] | null;
}

/** A batch in a region of the shared memory: offsets first, then the payload, then room for results. */
export interface RunFrame {
  readonly type: 'run';
  readonly id: number;
  readonly region: Place;
  readonly messages: number;
  readonly dataAt: number;
  readonly dataBytes: number;
  readonly resultsAt: number;
  /** Of one message; 0: results of any length. */
  readonly resultBytes: number;
  readonly maxResultBytes: number | null;
  readonly noProgressCycles: number;
  readonly bubble: number;
  readonly stall: number;
  readonly stimulusSeed: string;
  readonly isolate: boolean;
  readonly resetAt: number;
}

/** Part of the shared memory, in bytes. */
export interface Place {
  readonly offset: number;
  readonly bytes: number;
}

export type ToChild =
  | StartFrame
  | RunFrame
  | { readonly type: 'cancel'; readonly id: number }
  /** Asks for results of any length that did not fit, in a region that holds them: offsets, then bytes. */
  | { readonly type: 'fetch'; readonly id: number; readonly region: Place }
  /** No batch will lie in the region that begins there. */
  | { readonly type: 'release'; readonly offset: number }
  /** Asks for a sign of life. */
  | { readonly type: 'ping' }
  | { readonly type: 'close' };

export type Report = Omit<NativeReport, 'resultOffsets' | 'resultData'>;

export interface ErrorFrame {
  readonly code: string;
  readonly message: string;
  readonly details: ErrorDetails;
}

export type FromChild =
  /** The model was created and set, or why not. */
  | { readonly type: 'ready'; readonly error: ErrorFrame | null }
  | {
      readonly type: 'done';
      readonly id: number;
      readonly report: Report;
      /** Of results of any length; `null` of others. */
      readonly resultBytes: number | null;
    }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorFrame }
  | { readonly type: 'fetched'; readonly id: number }
  | { readonly type: 'pong' };

/** One frame a line of JSON: two microseconds, where waking the other process takes fifty. */
export function send(socket: Socket, frame: ToChild | FromChild): void {
  socket.write(`${JSON.stringify(frame)}\n`);
}

/**
 * Calls back for each frame that comes.
 * @param onBroken - hears of a line that is no frame, or what `onFrame` throws: the other side cannot be believed any more.
 */
export function receive<T>(
  socket: Socket,
  onFrame: (frame: T) => void,
  onBroken: (error: unknown) => void,
): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    try {
      for (const line of lines) onFrame(JSON.parse(line) as T);
    } catch (error) {
      onBroken(error);
    }
  });
}
