import type { ResolvedRtl } from '../../kernel/define-kernel.js';
import { clockSteps } from '../../toolchain/clock-steps.js';
import type { Fit, HeldPort, RegisterSignal } from '../../toolchain/fit.js';
import { BenchInput } from './bench-input.js';
import { BenchOutput } from './bench-output.js';
import { AFTER_RESET, type BenchPlan, EVENTS_FILE, STEPS_FILE } from './bench-plan.js';
import { BenchRegisters } from './bench-registers.js';
import { escaped, parameterLiteral, stringLiteral, wordsLiteral } from './verilog.js';

/** Module name of the bench. */
export const BENCH_TOP = 'rtlift_four_state_bench';

/** Of the slowest clock: native/driver/reset.h resets for as long. */
const RESET_CYCLES = 8;
/** Longest time after a batch in which a result that answers nothing is waited for. */
const LONGEST_DRAIN = 1024;

/** A signal of the design that must be 0 or 1. */
interface Control {
  readonly name: string;
  readonly wire: string;
  /** Where it counts at all. */
  readonly when: string;
  readonly clock: number;
}

/** A bench and what its numbers of control signals mean. */
export interface Bench {
  readonly text: string;
  readonly controls: readonly string[];
  /** Clock edges for {@link STEPS_FILE}. */
  readonly steps: readonly string[];
}

function controlsOf({ inputs, output, registers }: Fit): Control[] {
  const always = "1'b1";
  const controls: Control[] = inputs.flatMap(({ ready, clock }, i) =>
    ready ? [{ name: ready.name, wire: `in${i}_ready`, when: always, clock }] : [],
  );
  const { valid, keep, last, clock } = output;
  controls.push({ name: valid.name, wire: 'out_valid', when: always, clock });
  const when = "out_valid === 1'b1";
  if (last) controls.push({ name: last.name, wire: 'out_last', when, clock });
  if (keep) controls.push({ name: keep.name, wire: 'out_keep', when, clock });
  if (registers) {
    const own = (signal: RegisterSignal, at = always): Control => ({
      name: registers.signals[signal].name,
      wire: `reg_${signal}`,
      when: at,
      clock: 0,
    });
    controls.push(own('awready'), own('wready'), own('bvalid'));
    controls.push(own('bresp', "reg_bvalid === 1'b1"));
  }
  return controls;
}

function heldLiteral({ from, width }: HeldPort, words: readonly number[]): string {
  const bits = width ?? 1;
  if ('level' in from) return `{${bits}{1'b${from.level}}}`;
  return wordsLiteral(words.slice(from.word, from.word + Math.ceil(bits / 32)), bits);
}

/**
 * Writes the test bench of a kernel: one process that does, edge by edge, what the driver of the Verilated model does, so
 * that nothing races. Outputs are sampled before an edge, inputs change after it.
 */
export function writeBench(fit: Fit, rtl: ResolvedRtl, plan: BenchPlan): Bench {
  const inputs = fit.inputs.map((input, i) => new BenchInput(input, i, plan));
  const output = new BenchOutput(fit.output, plan);
  const registers = fit.registers && new BenchRegisters(fit.registers, plan);
  const controls = controlsOf(fit);
  const steps = clockSteps(fit.clocks.map(({ ratio }) => ratio));
  const n = fit.clocks.length;
  const slowest = Math.max(...fit.clocks.map(({ ratio: [above, below] }) => below / above));
  const resetCycles = RESET_CYCLES * Math.ceil(slowest);
  const parameters = Object.entries(rtl.parameters).map(
    ([key, value]) => `.${escaped(key)}(${parameterLiteral(value)})`,
  );
  const ports = [
    ...fit.clocks.map(({ name }, i) => `.${escaped(name)}(clocks[${i}])`),
    ...fit.resets.map(
      ({ name, isActiveLow }) => `.${escaped(name)}(${isActiveLow ? '~' : ''}in_reset)`,
    ),
    ...inputs.flatMap((input) => input.ports()),
    ...output.ports(),
    ...(registers?.ports() ?? []),
    ...fit.held.map((port) => `.${escaped(port.name)}(${heldLiteral(port, plan.heldWords)})`),
  ];
  const each = (join: string, part: (input: BenchInput) => string): string =>
    inputs.map(part).join(join);
  const checks = controls.map(
    ({ wire, when, clock }, i) => `
            if (rising[${clock}] && ${when} && ^${wire} === 1'bx) begin
                $fdisplay(events, "x %0d %0d ${i} %b", cycle, done, ${wire});
                has_x = 1;
            end`,
  );
  const { quietCycles, handshake, afterMessage } = fit.output;
  const drop = `
                    if (has_beat || sent_after <= done || out_inside) begin
                        quiet = 0;
                    end else begin
                        quiet = quiet + 1;
                        if (quiet >= ${quietCycles}) begin
                            quiet = 0;
                            $fdisplay(events, "drop %0d", cycle);
                            done = done + 1;
                            has_beat = 1;
                        end
                    end`;
  const drain = `
            // Results that answer nothing.
            out_is_ready = 1'b1;
            drain_cycles = 64 + 2 * (first_out > first_in ? first_out - first_in : 0);
            if (drain_cycles > ${LONGEST_DRAIN}) drain_cycles = ${LONGEST_DRAIN};
            last_cycle = cycle + drain_cycles;
            while (cycle < last_cycle) begin
                sample;
                if (rising[${output.clock}] && out_valid) begin
                    $fdisplay(events, "extra %0d", cycle);
                    $finish(0);
                end
                edges;
            end`;
  const text = `// Generated; do not edit.
\`timescale 1ns / 1ps
module ${BENCH_TOP};
    localparam MESSAGES  = ${plan.messages};
    localparam BUBBLE    = ${plan.bubble};
    localparam STALL     = ${plan.stall};
    localparam IS_SERIAL = ${fit.isSerial ? 1 : 0};

    reg [${n - 1}:0] clocks;
    reg [${n - 1}:0] rising;
    reg [${2 * n - 1}:0] steps [0:${steps.length - 1}];
    reg in_reset, has_x, has_beat, is_offering;
    integer events, step, cycle, done, sent, sent_after, started, at_most;
    integer idle, quiet, first_in, first_out, drain_cycles, last_cycle;
${each('', (input) => input.declarations())}${output.declarations()}${registers?.declarations() ?? ''}
    ${escaped(rtl.top)}${parameters.length > 0 ? `#(${parameters.join(', ')}) ` : ''}dut (
        ${ports.join(',\n        ')}
    );

    // xorshift32 (Marsaglia, "Xorshift RNGs", 2003).
    function [31:0] next_random;
        input [31:0] state;
        reg [31:0] s;
        begin
            s = state;
            s = s ^ (s << 13);
            s = s ^ (s >> 17);
            s = s ^ (s << 5);
            next_random = s;
        end
    endfunction

    // The edges of this step, and time for what follows from them.
    task edges;
        reg [${n - 1}:0] up, down;
        begin
            {up, down} = steps[step];
            clocks = (clocks | up) & ~down;
            if (up[0]) cycle = cycle + 1;
            step = step + 1 < ${steps.length} ? step + 1 : 0;
            #500;
        end
    endtask

    // Goes to where a clock is about to rise, outputs settled, and checks what must be 0 or 1.
    task sample;
        begin
            while (steps[step][${2 * n - 1}:${n}] == 0) edges;
            rising = steps[step][${2 * n - 1}:${n}];
            #500;
            has_x = 0;${checks.join('')}
            if (has_x) $finish(0);
        end
    endtask

    task run_batch;
        begin
            idle      = 0;
            quiet     = 0;
            has_beat  = 0;
            first_in  = -1;
            first_out = -1;
            out_begin;
            ${each('\n            ', ({ name }) => `${name}_advance;`)}
            out_advance;
            while (done < MESSAGES${each('', ({ name }) => ` || ${name}_message < MESSAGES`)}) begin
                sample;
                sent        = MESSAGES;
                started     = 0;
                is_offering = 0;${each('', (input) => input.look())}
                if (rising[${output.clock}]) out_take;
                edges;
                ${each('\n                ', ({ name, clock }) => `if (rising[${clock}]) ${name}_advance;`)}
                if (rising[${output.clock}]) out_advance;
                sent_after = MESSAGES;
                ${each('\n                ', ({ name }) => `if (${name}_message < sent_after) sent_after = ${name}_message;`)}
                if (rising[0]) begin${quietCycles === null ? '' : drop}
                    idle = has_beat ? 0 : idle + 1;
                    has_beat = 0;
                    if (idle >= ${plan.limit}) begin
                        $fdisplay(events, "stuck %0d %0d %0d %0d %0d", cycle, idle, done, is_offering, out_inside);
                        $finish(0);
                    end
                end
            end
            ${each('\n            ', ({ name }) => `${name}_rest;`)}
            out_rest;${handshake === 'level' || afterMessage ? '' : drain}
        end
    endtask

    initial begin
        $readmemh(${stringLiteral(`${plan.folder}/${STEPS_FILE}`)}, steps);
        events   = $fopen(${stringLiteral(`${plan.folder}/${EVENTS_FILE}`)}, "w");
        clocks   = 0;
        in_reset = 0;
        step     = 0;
        cycle    = 0;
        done     = -1;
        ${each('\n        ', ({ name }) => `${name}_begin;`)}
        out_rest;${registers ? '\n        reg_rest;' : ''}
        // Reset begins with an edge, for those that are asynchronous.
        #500;
        in_reset = 1;
        while (cycle < ${resetCycles}) begin
            while (!steps[step][${n}]) edges;
            #500;
            edges;
        end
        in_reset = 0;
        $display("\\n${AFTER_RESET}");${registers ? '\n        reg_run;' : ''}
        done = 0;
        run_batch;
        $fdisplay(events, "end %0d", cycle);
        $finish(0);
    end
endmodule
`;
  return {
    text,
    controls: controls.map(({ name }) => name),
    steps: steps.map(({ rising, falling }) =>
      ((BigInt(rising >>> 0) << BigInt(n)) | BigInt(falling >>> 0)).toString(16),
    ),
  };
}
