/** How {@link runFourState} drives the kernel. */
export interface FourStateOptions {
  /** Repeats the bubbles and stalls of a run; any integer. */
  readonly seed: number;
  /** Chance that a source withholds a beat in a cycle, 0 to 1 exclusive; default 0.2. */
  readonly bubbleProbability?: number;
  /** Chance that the sink lowers ready in a cycle, 0 to 1 exclusive; default 0.2. */
  readonly stallProbability?: number;
  /** Watchdog: cycles without a beat on any stream or register channel; default 100,000. */
  readonly maxCycles?: number;
  /** Longest time that the simulator may take, default 120,000 ms. */
  readonly timeoutMs?: number;
  /**
   * Whether lanes without tkeep, and the payload of a stream without valid, are X (default) or hold a value: a kernel must
   * not look at them.
   */
  readonly hasUndefinedLanes?: boolean;
}

/** Something that a run in four states found. */
export interface FourStateFinding {
  /**
   * `x-in-result`: a bit of a result is x or z. `x-in-control`: a handshake signal is, which ends the run. `mismatch`: a
   * result without x differs from the golden model's. `no-progress`: no beat for `maxCycles`. `protocol`: packets or
   * register responses that break the contract. `simulator`: $finish, $error, $fatal, or no end within `timeoutMs`.
   */
  readonly kind:
    | 'x-in-result'
    | 'x-in-control'
    | 'mismatch'
    | 'no-progress'
    | 'protocol'
    | 'simulator';
  /** The message whose result this is, or was awaited. */
  readonly messageIndex: number | null;
  /** Byte of the encoded result. */
  readonly byte: number | null;
  /** Cycle of the kernel's clock since the start, reset included. */
  readonly cycle: number | null;
  /** What was expected, what was got, and on which signal. */
  readonly text: string;
}

/** What a run in four states saw. */
export interface FourStateReport {
  readonly messages: number;
  /** Cycles simulated, reset and register writes included. */
  readonly cycles: number;
  readonly findings: readonly FourStateFinding[];
  readonly icarusVersion: string;
}
