import type { AnyNode } from 'acorn';
import type { Candidate, KernelName } from '../report.js';
import type { FunctionSyntax } from '../syntax.js';

/** An operation that a kernel does as well, and by what it was recognised. */
export interface Operation {
  readonly kernel: KernelName;
  readonly operation: string;
  readonly call: string;
  readonly confidence: Candidate['confidence'];
  /** Sentences without a full stop. */
  readonly evidence: readonly string[];
}

/** An operation found in the text of a function, and the nodes that do it. */
export interface OwnOperation extends Operation {
  readonly nodes: readonly AnyNode[];
}

export type Recogniser = (fn: FunctionSyntax) => OwnOperation | null;

/** An operation that other code does for the program. */
export interface CalledOperation {
  readonly operation: Operation;
  /** What the caller's text calls, to find the place of the call. */
  readonly callees: readonly string[];
}
