/**
 * Names of variables in Verilator's XML of a flattened design. Inside of generate blocks of an instance they leave out
 * the top module in places: `u.gen_x.v` is declared, and named elsewhere, as `top.u.gen_x.v`.
 */
export class FlatNames {
  readonly #declared = new Set<string>();
  #top: string | null = null;

  /** Takes the name of a variable as declared; declarations come before the logic. */
  declare(name: string): void {
    this.#declared.add(name);
    // What is no port of the top module lies below it.
    if (this.#top === null && name.includes('.')) this.#top = name.slice(0, name.indexOf('.'));
  }

  /** The name as declared. */
  full(name: string): string {
    const full = `${this.#top}.${name}`;
    return !this.#declared.has(name) && this.#declared.has(full) ? full : name;
  }
}
