import type { RegisterPorts } from '../../toolchain/fit.js';
import { type BenchPlan, WRITES_FILE } from './bench-plan.js';
import { escaped, range, stringLiteral } from './verilog.js';

/** The writer of registers: what native/driver/register_driver.h does, as Verilog. */
export class BenchRegisters {
  readonly #registers: RegisterPorts;
  readonly #plan: BenchPlan;

  constructor(registers: RegisterPorts, plan: BenchPlan) {
    this.#registers = registers;
    this.#plan = plan;
  }

  ports(): string[] {
    return Object.entries(this.#registers.signals).map(
      ([signal, { name }]) => `.${escaped(name)}(reg_${signal})`,
    );
  }

  declarations(): string {
    const { addressBits } = this.#registers;
    const { writes, isUndefined, folder, limit } = this.#plan;
    const idle = isUndefined ? "1'bx" : "1'b0";
    return `
    reg [63:0] reg_writes [0:${Math.max(writes, 1) - 1}];
    reg ${range(addressBits)}reg_awaddr;
    reg [31:0] reg_wdata;
    reg reg_awvalid, reg_wvalid, reg_bready;
    wire [3:0] reg_wstrb = 4'hf;
    wire reg_awready, reg_wready, reg_bvalid;
    wire [1:0] reg_bresp;
    integer reg_addresses, reg_datas, reg_responses, reg_idle;
    reg reg_address_beat, reg_data_beat, reg_response_beat;

    task reg_rest;
        begin
            reg_awvalid = 1'b0;
            reg_wvalid  = 1'b0;
            reg_bready  = 1'b0;
            reg_awaddr  = {${addressBits}{${idle}}};
            reg_wdata   = {32{${idle}}};
        end
    endtask

    task reg_run;
        begin
            if (${writes} > 0) $readmemh(${stringLiteral(`${folder}/${WRITES_FILE}`)}, reg_writes);
            reg_addresses = 0;
            reg_datas     = 0;
            reg_responses = 0;
            reg_idle      = 0;
            while (reg_responses < ${writes}) begin
                reg_rest;
                reg_bready = 1'b1;
                if (reg_addresses < ${writes}) begin
                    reg_awvalid = 1'b1;
                    reg_awaddr  = reg_writes[reg_addresses][63:32];
                end
                if (reg_datas < ${writes}) begin
                    reg_wvalid = 1'b1;
                    reg_wdata  = reg_writes[reg_datas][31:0];
                end
                sample;
                if (rising[0]) begin
                    reg_address_beat  = reg_awvalid && reg_awready;
                    reg_data_beat     = reg_wvalid && reg_wready;
                    reg_response_beat = reg_bvalid;
                    if (reg_response_beat && (reg_responses >= reg_addresses || reg_responses >= reg_datas)) begin
                        $fdisplay(events, "early %0d %0d", cycle, reg_responses);
                        $finish(0);
                    end
                    if (reg_response_beat && reg_bresp !== 2'b00) begin
                        $fdisplay(events, "response %0d %0d %b", cycle, reg_responses, reg_bresp);
                        $finish(0);
                    end
                    if (reg_address_beat) reg_addresses = reg_addresses + 1;
                    if (reg_data_beat) reg_datas = reg_datas + 1;
                    if (reg_response_beat) reg_responses = reg_responses + 1;
                    reg_idle = (reg_address_beat || reg_data_beat || reg_response_beat) ? 0 : reg_idle + 1;
                    if (reg_idle >= ${limit}) begin
                        $fdisplay(events, "stuck-register %0d %0d %0d", cycle, reg_idle, reg_responses);
                        $finish(0);
                    end
                end
                edges;
            end
            reg_rest;
        end
    endtask
`;
  }
}
