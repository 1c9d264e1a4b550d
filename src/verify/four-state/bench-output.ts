import { RtliftError } from '../../errors.js';
import type { OutputStream, Signal } from '../../toolchain/fit.js';
import type { BenchPlan } from './bench-plan.js';
import { escaped, range } from './verilog.js';

/** The sink of the output stream: what native/driver/stream_sink.h does, as Verilog. */
export class BenchOutput {
  readonly #output: OutputStream;
  readonly #plan: BenchPlan;

  constructor(output: OutputStream, plan: BenchPlan) {
    this.#output = output;
    this.#plan = plan;
  }

  get clock(): number {
    return this.#output.clock;
  }

  ports(): string[] {
    const { fields, valid, ready, keep, last } = this.#output;
    const connect = ({ name }: Signal, to: string): string => `.${escaped(name)}(${to})`;
    return [
      ...fields.map((field, i) => connect(field, `out_data_${i}`)),
      connect(valid, 'out_valid'),
      ...(ready ? [connect(ready, 'out_ready')] : []),
      ...(keep ? [connect(keep, 'out_keep')] : []),
      ...(last ? [connect(last, 'out_last')] : []),
    ];
  }

  declarations(): string {
    const { fields, ready, isBusy, keep, last, beatBytes } = this.#output;
    const data = fields.map(({ width }, i) => `    wire ${range(width)}out_data_${i};`);
    const stalls = ready
      ? `
            out_random   = next_random(out_random);
            out_is_ready = out_random[15:0] >= STALL;`
      : '';
    return `
${data.join('\n')}
    wire out_valid;
    wire [${beatBytes - 1}:0] out_keep${keep ? '' : ` = {${beatBytes}{1'b1}}`};
    wire out_last${last ? '' : " = 1'b1"};
    reg out_is_ready, out_was_valid;
    wire out_ready = ${isBusy ? '!' : ''}out_is_ready;
    reg ${range(32)}out_random;
    integer out_filled, out_count, out_lane;
    reg out_inside, out_is_last, out_has_beat;

    task out_rest;
        begin
            out_is_ready  = ${ready ? "1'b0" : "1'b1"};
            out_was_valid = out_valid === 1'b1;
        end
    endtask

    task out_begin;
        begin
            out_rest;
            out_random = ${this.#plan.seeds.at(-1)};
            out_filled = 0;
            out_inside = 0;
        end
    endtask

    task out_advance;
        begin${stalls}
        end
    endtask
${this.#take()}`;
  }

  /** Takes the beat of this cycle, where there is one. */
  #take(): string {
    const { fields, handshake, afterMessage, takes, keep, last, beatBytes, resultBytes } =
      this.#output;
    if (last === null && resultBytes === null) {
      throw new RtliftError(
        'ERR_RTLIFT_DESCRIPTOR_MISMATCH',
        `${this.#output.label}: results of any length without a last signal have no end`,
      );
    }
    const shown =
      handshake === 'level'
        ? "out_valid === 1'b1 && !out_was_valid"
        : "out_valid === 1'b1 && out_is_ready";
    const counts = takes === 'last' ? "out_last === 1'b1" : "1'b1";
    const count = keep
      ? `out_count = 0;
                for (out_lane = 0; out_lane < ${beatBytes}; out_lane = out_lane + 1)
                    if (out_keep[out_lane] === 1'b1) out_count = out_count + 1;`
      : `out_count = ${beatBytes};`;
    const isLast = last ? "out_last === 1'b1" : `out_filled + out_count >= ${resultBytes}`;
    const format = fields.map(() => ' %b').join('');
    const values = fields.map((_, i) => `, out_data_${i}`).join('');
    return `
    task out_take;
        begin
            out_has_beat = ${shown}${afterMessage ? ' && sent > done' : ''};
            out_was_valid = out_valid === 1'b1;
            if (out_has_beat) has_beat = 1;
            if (out_has_beat && first_out < 0) first_out = cycle;
            if (out_has_beat && ${counts}) begin
                $fdisplay(events, "beat %0d %0d %b %b${format}", cycle, started, out_last, out_keep${values});
                ${count}
                out_is_last = ${isLast};
                out_filled  = out_is_last ? 0 : out_filled + out_count;
                out_inside  = !out_is_last;
                if (out_is_last) done = done + 1;
            end
        end
    endtask
`;
  }
}
