/** Names of the signals of a stream, where they are not those of AXI4-Stream behind a prefix. */
export interface StreamMap {
  /**
   * Name before the signal: `s_axis`, or with its own separator, `s_axis_` or `din.`. Then `tdata`, `data`, `TDATA` and
   * `DATA` are looked for, in this order, and so are the others.
   */
  readonly prefix?: string;
  /** Name after the signal, such as `_i` of `s_tdata_i`; `s_tready_o` is found too, as it goes the other way. */
  readonly suffix?: string;
  /**
   * Data port, or several: then each takes whole bytes of the beat, the first lowest, as the fields of a
   * `record()` lie.
   */
  readonly data?: string | readonly string[];
  readonly valid?: string;
  /** `null`: the core has none and takes, or gives, a beat in every cycle that is valid. */
  readonly ready?: string | null;
  readonly keep?: string | null;
  readonly last?: string | null;
  /** Clock of this stream; default the kernel's. */
  readonly clock?: string;
  /** Where the first byte of a beat lies: `little` (default, AXI4-Stream) in the low bits, `big` in the high ones. */
  readonly byteOrder?: 'little' | 'big';
}

/** An input stream, or an input that is started by a pulse. */
export interface InputMap extends StreamMap {
  /**
   * `stream` (default): valid stays until ready. `start`: valid is a pulse of one cycle for each beat (a block), given
   * only while the core is ready and not in two cycles running; the data stays until the next.
   */
  readonly handshake?: 'stream' | 'start';
  /** Ready by its opposite: high while the core cannot take a beat. */
  readonly busy?: string;
  /** `start` only: the pulse of every beat of a message but its first, which has `valid`. */
  readonly next?: string;
}

/** An output stream, or a result that is shown otherwise. */
export interface OutputMap extends StreamMap {
  /**
   * `stream` (default); `pulse`: a result beat in every cycle with valid, there is no ready; `level`: one beat when
   * valid rises, it stays up until the next message, so messages go one at a time.
   */
  readonly handshake?: 'stream' | 'pulse' | 'level';
  /**
   * `beats` (default): the result is the packet. `last`: a side-band value, sampled with the last beat of a packet
   * whose other beats, and whose own data, are not looked at.
   */
  readonly takes?: 'beats' | 'last';
  /**
   * True where the core shows something after each beat of a message and only what comes after its last beat
   * counts; default true with an input of handshake `start`, else false. Messages then go one at a time.
   */
  readonly afterMessage?: boolean;
  /**
   * The core may drop a message, and has when no result came for this many cycles after its last beat. The
   * output codec is `optional()`. Messages go one at a time.
   */
  readonly quietCycles?: number;
}

/** Frequency of a further clock over that of the kernel's: 2, 0.5, or a fraction as [3, 2]. */
export type ClockRatio = number | readonly [number, number];

/** Where the ports deviate from `clk`, `rst`, `s_axis_*`, `m_axis_*`, `s_axil_*`. */
export interface PortMap {
  /** Clock input; default `clk`, else `aclk` and the like, or in upper case. Cycles are counted on it. */
  readonly clock?: string;
  /** Further clock inputs and their ratio to the clock. */
  readonly clocks?: Readonly<Record<string, ClockRatio>>;
  /**
   * Reset input, or several, synchronous or not; `null`: the core has none. Default `rst`, else `aresetn` and the like, or
   * in upper case.
   */
  readonly reset?: string | readonly string[] | null;
  /** True where resets are active low; default: the name says so (`rst_n`, `aresetn`, `nreset`, `resetb`, `por_n`). */
  readonly isResetActiveLow?: boolean;
  /** Prefix of the input stream, default `s_axis` or `S_AXIS`; or its signals. */
  readonly input?: string | InputMap;
  /**
   * Several input streams, each stalled on its own: the input codec is `streams()` with a field for each, in this
   * order.
   */
  readonly inputs?: Readonly<Record<string, string | InputMap>>;
  /** Prefix of the output stream, default `m_axis` or `M_AXIS`; or its signals. */
  readonly output?: string | OutputMap;
  /** Prefix of the AXI4-Lite port, default `s_axil` or `S_AXIL`; it is on the kernel's clock. */
  readonly registers?: string;
}

/** Value of a port that is held while batches run: an integer, or its bytes, lowest first. */
export type StaticValue = number | bigint | Uint8Array;
