import type { InputStream, Signal } from '../../toolchain/fit.js';
import { layoutOf } from './beats.js';
import { type BenchPlan, beatsFile } from './bench-plan.js';
import { escaped, range, stringLiteral } from './verilog.js';

/**
 * The source of one input stream: what native/driver/stream_source.h does, as Verilog. All its names begin with
 * `in<i>_`.
 */
export class BenchInput {
  readonly name: string;
  readonly #input: InputStream;
  readonly #index: number;
  readonly #plan: BenchPlan;

  constructor(input: InputStream, index: number, plan: BenchPlan) {
    this.name = `in${index}`;
    this.#input = input;
    this.#index = index;
    this.#plan = plan;
  }

  get clock(): number {
    return this.#input.clock;
  }

  /** Connections of the design's ports. */
  ports(): string[] {
    const { fields, valid, ready, keep, last, next, beatBytes } = this.#input;
    const { name } = this;
    const layout = layoutOf(this.#input);
    const connect = ({ name: port }: Signal, to: string): string => `.${escaped(port)}(${to})`;
    const slice = (low: number, width: number): string => `${name}_word[${low + width - 1}:${low}]`;
    return [
      ...fields.map((field) => connect(field, slice(layout.fieldOf(field), field.width))),
      connect(valid, `${name}_valid`),
      ...(ready ? [connect(ready, `${name}_ready`)] : []),
      ...(keep ? [connect(keep, slice(layout.keep, beatBytes))] : []),
      ...(last ? [connect(last, `${name}_word[${layout.last}]`)] : []),
      ...(next ? [connect(next, `${name}_next`)] : []),
    ];
  }

  declarations(): string {
    const { name } = this;
    const { width, last } = layoutOf(this.#input);
    const { ready, isBusy } = this.#input;
    const isReady = ready === null ? "1'b1" : `(${name}_ready === 1'b${isBusy ? 0 : 1})`;
    return `
    reg [${width - 1}:0] ${name}_beats [0:${(this.#plan.beats[this.#index] ?? 1) - 1}];
    reg [${width - 1}:0] ${name}_word;
    reg ${name}_valid, ${name}_next, ${name}_offering, ${name}_started, ${name}_resting, ${name}_accepts;
    wire ${name}_ready;
    wire ${name}_is_ready = ${isReady};
    wire ${name}_is_last = ${name}_word[${last}] === 1'b1;
    integer ${name}_at, ${name}_message;
    reg ${range(32)}${name}_random;

    // Holds the word; X on it where nobody may look.
    task ${name}_rest;
        begin
            ${name}_valid = 1'b0;
            ${name}_next  = 1'b0;${this.#mayHide() ? `\n            ${name}_word  = {${width}{1'bx}};` : ''}
        end
    endtask

    task ${name}_begin;
        begin
            $readmemh(${stringLiteral(`${this.#plan.folder}/${beatsFile(this.#index)}`)}, ${name}_beats);
            ${name}_word = {${width}{${this.#plan.isUndefined ? "1'bx" : "1'b0"}}};
            ${name}_rest;
            ${name}_offering = 0;
            ${name}_started  = 0;
            ${name}_resting  = 0;
            ${name}_accepts  = 0;
            ${name}_at       = 0;
            ${name}_message  = 0;
            ${name}_random   = ${this.#plan.seeds[this.#index]};
        end
    endtask
${this.#advance()}`;
  }

  /** The data of a core that is started by a pulse stays until the next. */
  #mayHide(): boolean {
    return this.#plan.isUndefined && this.#input.handshake === 'stream';
  }

  /** What the port shows after an edge. */
  #advance(): string {
    const { name } = this;
    const { handshake, next } = this.#input;
    const isStart = handshake === 'start';
    // A core that is started is given a cycle to show that it is busy.
    const may = isStart ? `!${name}_resting && ${name}_is_ready` : "1'b1";
    const valid = next ? `!${name}_started` : "1'b1";
    return `
    task ${name}_advance;
        reg may_offer;
        begin
            if (${name}_accepts) begin
                ${name}_offering = 0;
                ${name}_started  = !${name}_is_last;
                ${name}_resting  = 1;
                ${name}_at       = ${name}_at + 1;
                if (${name}_is_last) ${name}_message = ${name}_message + 1;
            end
            if (!${name}_offering) begin
                ${name}_rest;
                if (${name}_message < MESSAGES && (${name}_started || !IS_SERIAL || ${name}_message <= done)) begin
                    may_offer = ${may};
                    ${name}_resting = 0;
                    if (may_offer) begin
                        ${name}_random = next_random(${name}_random);
                        if (${name}_random[15:0] >= BUBBLE) begin
                            ${name}_word     = ${name}_beats[${name}_at];
                            ${name}_valid    = ${valid};
                            ${name}_next     = ${next ? `${name}_started` : "1'b0"};
                            ${name}_offering = 1;
                        end
                    end
                end
            end
        end
    endtask
`;
  }

  /** Before an edge: whether the beat on the port is taken at it, and what that makes of the batch's counts. */
  look(): string {
    const { name } = this;
    const { handshake, ready } = this.#input;
    const accepts =
      handshake === 'start' || ready === null
        ? `${name}_offering`
        : `${name}_offering && ${name}_is_ready`;
    return `
                ${name}_accepts = rising[${this.clock}] && ${accepts};
                if (${name}_message < sent) sent = ${name}_message;
                at_most = ${name}_message + ((${name}_started || ${name}_accepts) ? 1 : 0);
                if (at_most > started) started = at_most;
                if (${name}_offering) is_offering = 1;
                if (${name}_accepts) begin
                    if (first_in < 0) first_in = cycle;
                    has_beat = 1;
                end`;
  }
}
