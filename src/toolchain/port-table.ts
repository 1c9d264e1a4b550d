import { type ErrorDetails, RtliftError } from '../errors.js';
import type { Netlist, Port } from './netlist.js';

/** Hands out the ports of a design as they are asked for, so that what is left over can be named. */
export class PortTable {
  readonly #byName: ReadonlyMap<string, Port>;
  readonly #used = new Set<string>();
  readonly #kernel: string;
  readonly #netlist: Netlist;

  constructor(kernel: string, netlist: Netlist) {
    this.#kernel = kernel;
    this.#netlist = netlist;
    this.#byName = new Map(netlist.ports.map((port) => [port.name, port]));
  }

  mismatch(expected: string, got: string, details: ErrorDetails = {}): RtliftError {
    return new RtliftError(
      'ERR_RTLIFT_DESCRIPTOR_MISMATCH',
      `kernel ${this.#kernel}: the descriptor expects ${expected}; module ${this.#netlist.top} has ${got}`,
      { kernel: this.#kernel, top: this.#netlist.top, expected, got, ...details },
    );
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The first of these names that is a port. */
  firstOf(names: readonly string[]): string | undefined {
    return names.find((name) => this.has(name));
  }

  optional(name: string, direction: Port['direction']): Port | null {
    const port = this.#byName.get(name);
    if (port === undefined) return null;
    if (port.direction !== direction) {
      throw this.mismatch(`${direction} ${name}`, `${port.direction} ${name}`, { port: name });
    }
    // Two that drive one input would each undo what the other does.
    if (direction === 'input' && this.#used.has(name)) {
      throw this.mismatch(`two inputs ${name}`, `one input ${name}`, { port: name });
    }
    this.#used.add(name);
    return port;
  }

  require(name: string, direction: Port['direction'], width?: number): Port {
    const port = this.optional(name, direction);
    if (port === null) {
      throw this.mismatch(`${direction} ${name}`, `ports ${this.list()}`, { port: name });
    }
    if (width !== undefined && port.width !== width) {
      throw this.mismatch(
        `${name} of ${width} ${width === 1 ? 'bit' : 'bits'}`,
        `${name} of ${port.width ?? 'unknown'} bits`,
        { port: name },
      );
    }
    return port;
  }

  /** A port that has a width in bits. */
  vector(name: string, direction: Port['direction']): Port & { readonly width: number } {
    const port = this.require(name, direction);
    if (port.width === null) {
      throw this.mismatch(
        `${name} as a vector of bits`,
        `${name} of another type, unpacked or real; wrap it in a module with plain vectors`,
        { port: name },
      );
    }
    return { ...port, width: port.width };
  }

  list(): string {
    return this.#netlist.ports.map((port) => port.name).join(', ') || 'none';
  }

  unused(): Port[] {
    return this.#netlist.ports.filter((port) => !this.#used.has(port.name));
  }
}
