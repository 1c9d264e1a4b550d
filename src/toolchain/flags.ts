/** Compile-time choices of a kernel library; part of its cache key. */
export interface BuildFlags {
  /** Arguments to Verilator beside the design and the output. */
  readonly verilator: readonly string[];
  /** Arguments to the C++ compiler for the model and the driver, where compilers differ by compiler. */
  readonly cxx: readonly string[] | Readonly<Record<'clang' | 'gcc', readonly string[]>>;
  /** Whether the driver may evaluate once a cycle where the netlist proves that it gives the same run. */
  readonly evaluateOnce: boolean;
  /** Whether models count which lines ran and which bits toggled. */
  readonly hasCoverage?: boolean;
  /** Whether models can write a waveform. */
  readonly hasTrace?: boolean;
  /** Whether a variable starts at a value of its name and the seed, whichever other variables the build keeps. */
  readonly startsByName?: boolean;
}

/**
 * The fastest flags found; the measurements are kept in docs/simulation-speed.md.
 *
 * `--assert` stays on: a failed assertion must be an error, not a silence.
 */
export const FAST_FLAGS: BuildFlags = {
  verilator: ['-O3', '--x-assign', 'fast', '--assert', '--threads', '1'],
  cxx: { clang: ['-O3', '-march=native'], gcc: ['-O2', '-march=native'] },
  evaluateOnce: true,
};

/** The compiler's share of the flags. */
export function cxxFlags({ cxx }: BuildFlags, isClang: boolean): readonly string[] {
  if ('clang' in cxx) return isClang ? cxx.clang : cxx.gcc;
  return cxx;
}

/** What Verilator's own makefile would do, for comparison. */
export const PLAIN_FLAGS: BuildFlags = {
  verilator: ['--assert', '--threads', '1'],
  cxx: ['-Os'],
  evaluateOnce: false,
};

/**
 * For verification: what the RTL leaves open (X) takes values from the seed, and the netlist is evaluated at both edges as
 * written. Compiles faster than {@link FAST_FLAGS}, runs slower.
 */
export const VERIFY_FLAGS: BuildFlags = {
  verilator: ['-O3', '--x-assign', 'unique', '--x-initial', 'unique', '--assert', '--threads', '1'],
  cxx: ['-O1'],
  evaluateOnce: false,
  startsByName: true,
};

/**
 * {@link VERIFY_FLAGS} with coverage. What the RTL leaves open starts at 0 here: a random start would count as toggles that
 * never were.
 */
export const COVERAGE_FLAGS: BuildFlags = {
  verilator: ['-O3', '--x-assign', 'unique', '--x-initial', '0', '--assert', '--threads', '1'],
  cxx: ['-O1'],
  evaluateOnce: false,
  hasCoverage: true,
};

/** {@link VERIFY_FLAGS} with waveforms: the same values in every cycle, although more variables are kept. */
export const TRACE_FLAGS: BuildFlags = { ...VERIFY_FLAGS, hasTrace: true };
