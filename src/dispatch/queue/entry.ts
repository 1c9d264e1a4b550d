import type { Deadline } from './deadlines.js';
import type { Waiting } from './waiting-room.js';

type Settle<O> = (result: O) => void;
type Refuse = (reason: unknown) => void;

let lastSettle: Settle<never> = () => undefined;
let lastRefuse: Refuse = () => undefined;

/** One executor for all promises, so that a call allocates none of its own; a promise runs it before it is returned. */
function keep(settle: Settle<never>, refuse: Refuse): void {
  lastSettle = settle;
  lastRefuse = refuse;
}

/** What only a call with a signal or a deadline needs. */
export interface Guard<I, O> extends Deadline {
  readonly entry: Entry<I, O>;
  readonly signal: AbortSignal | null;
  /** As the caller gave it; `null` for none. */
  readonly deadlineMs: number | null;
}

/** One call: its message while it waits, and the promise that its caller holds. */
export class Entry<I, O> implements Waiting {
  readonly message: I;
  readonly sizeBytes: number;
  readonly caller: unknown;
  readonly promise: Promise<O>;
  readonly resolve: Settle<O>;
  readonly reject: Refuse;
  lane: Waiting['lane'] = null;
  previous: Waiting['previous'] = null;
  next: Waiting['next'] = null;
  guard: Guard<I, O> | null = null;
  isHeldBack = false;
  isSettled = false;

  constructor(message: I, sizeBytes: number, caller: unknown) {
    this.message = message;
    this.sizeBytes = sizeBytes;
    this.caller = caller;
    this.promise = new Promise<O>(keep as (settle: Settle<O>, refuse: Refuse) => void);
    this.resolve = lastSettle as Settle<O>;
    this.reject = lastRefuse;
  }
}
