/** A port, or one of the ports, that carry the bytes of a beat. */
export interface PortField {
  readonly name: string;
  readonly escapedName: string;
  /** Bits. */
  readonly width: number;
  /** First byte of the beat that it carries. */
  readonly offset: number;
}

/** A one-bit or keep signal by its two names. */
export interface Signal {
  readonly name: string;
  readonly escapedName: string;
}

/** The signals of one stream, by the names they have in the RTL. */
export interface StreamPorts {
  /** What messages call it. */
  readonly label: string;
  readonly fields: readonly PortField[];
  readonly valid: Signal;
  readonly ready: Signal | null;
  /** True where `ready` is high while the core is not. */
  readonly isBusy: boolean;
  readonly keep: Signal | null;
  readonly last: Signal | null;
  /** Bytes of a beat. */
  readonly beatBytes: number;
  readonly byteOrder: 'little' | 'big';
  /** Index of its clock. */
  readonly clock: number;
}

export interface InputStream extends StreamPorts {
  readonly role: 'input';
  readonly handshake: 'stream' | 'start';
  readonly next: Signal | null;
  /** Bytes that each message brings here, or `null`. */
  readonly messageBytes: number | null;
  /** Names of tuser and the like, which are held at a level. */
  readonly sideBand: readonly string[];
}

export interface OutputStream extends StreamPorts {
  readonly role: 'output';
  readonly handshake: 'stream' | 'pulse' | 'level';
  readonly takes: 'beats' | 'last';
  readonly afterMessage: boolean;
  readonly quietCycles: number | null;
  /** Bytes of each result that is given, or `null`. */
  readonly resultBytes: number | null;
}
