import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { RtliftError } from '../errors.js';

/** What the addon exports: a thin mirror of native/host. */
export interface NativeAddon {
  readonly abiVersion: number;
  openLibrary(path: string): NativeLibrary;
  /** A file descriptor of memory that a child process can inherit; the caller's to close. */
  createSharedMemory(): number;
  /** Maps part of it, in whole 64 KiB; the memory grows to hold it. Unmapped when the buffer is collected. */
  mapSharedMemory(fd: number, offset: number, bytes: number): ArrayBuffer;
  /** Detaches the buffer and unmaps its memory, in this turn of the event loop or the next. */
  unmapSharedMemory(memory: ArrayBuffer): void;
  /** Gives the pages of a part back to the system, whoever has it mapped; it reads as zeros then. */
  freeSharedMemory(fd: number, offset: number, bytes: number): void;
}

export interface NativeLibrary {
  readonly info: {
    readonly name: string;
    readonly buildId: string;
    readonly inBeatBytes: number;
    readonly outBeatBytes: number;
    readonly hasRegisters: boolean;
  };
  createModel(options: NativeModelOptions): NativeModel;
}

/** How a model is created; paths and windows only of a library that was built for them. */
export interface NativeModelOptions {
  readonly seed: bigint;
  /** Whether the protocol of every stream is checked in every cycle. */
  readonly monitors?: boolean;
  /** Cycles to a sample of the bits that change; 0, or left out, for none. */
  readonly activityEvery?: number;
  /** Where the coverage goes when the model is closed. */
  readonly coveragePath?: string;
  /** Where the waveform of cycles `traceFrom` up to `traceTo` goes. */
  readonly tracePath?: string;
  readonly traceFrom?: number;
  readonly traceTo?: number;
}

export interface NativeModel {
  /** `writes`: (address, data) pairs; address 4 n + 1 is word n of the static ports. */
  configure(writes: Uint32Array): NativeJob;
  run(batch: {
    readonly data: Uint8Array;
    readonly offsets: Int32Array;
    /** 0: results of any length, in `resultOffsets` and `resultData` of the report. */
    readonly resultBytes: number;
    readonly results?: Uint8Array;
    /** Of results of any length: one that goes on after so many bytes never ends; default no limit. */
    readonly maxResultBytes?: number;
    readonly noProgressCycles: number;
    /** Chances of 65,536. */
    readonly bubble: number;
    readonly stall: number;
    readonly stimulusSeed: bigint;
    /** Send a message only when the one before has its result, and some cycles later. */
    readonly isolate?: boolean;
    /** Cycles into the run at which the model is reset; 0 never. */
    readonly resetAt?: number;
    /** A byte a cycle in place of the chances: bit 0 a stall, bit 1 + i a bubble of input i. */
    readonly pattern?: Uint8Array;
    /** Takes the cycle of each result's last beat. */
    readonly resultCycles?: BigUint64Array;
  }): NativeJob;
  /** Clock cycles of the model since its creation; 0 before and after. */
  heartbeat(): number;
  close(discard: boolean): Promise<void>;
}

export interface NativeJob {
  readonly promise: Promise<NativeReport>;
  cancel(): void;
}

export interface NativeReport {
  readonly cycles: number;
  readonly inBeats: number;
  readonly inStalls: number;
  readonly inBubbles: number;
  readonly outBeats: number;
  readonly outStalls: number;
  readonly outBubbles: number;
  readonly latencyCycles: number;
  readonly hostNs: number;
  readonly modelCycles: number;
  readonly log: string;
  /** Of a model that counts changes: samples and toggles, a pair each group. */
  readonly activity?: readonly number[];
  readonly resultOffsets?: Int32Array;
  readonly resultData?: Uint8Array;
}

/** Where set-up builds the addon. */
export const ADDON_PATH = fileURLToPath(
  new URL('../../build/Release/rtlift.node', import.meta.url),
);

let loaded: NativeAddon | null = null;

/**
 * Loads the addon, once an environment.
 * @throws {@link RtliftError} `ERR_RTLIFT_ADDON_UNAVAILABLE` when it was not built or does not load here.
 */
export function loadAddon(): NativeAddon {
  if (loaded) return loaded;
  if (!existsSync(ADDON_PATH)) {
    throw new RtliftError(
      'ERR_RTLIFT_ADDON_UNAVAILABLE',
      `the native addon is not built: expected ${ADDON_PATH}. \`npx rtlift setup\` builds it; it needs CMake and a C++ compiler`,
      { path: ADDON_PATH },
    );
  }
  try {
    loaded = createRequire(import.meta.url)(ADDON_PATH) as NativeAddon;
    return loaded;
  } catch (cause) {
    throw new RtliftError(
      'ERR_RTLIFT_ADDON_UNAVAILABLE',
      `the native addon does not load: ${(cause as Error).message}. \`npx rtlift setup\` builds it for this machine`,
      { path: ADDON_PATH },
      { cause },
    );
  }
}
