`default_nettype none

// Registers of siphash on AXI4-Lite, write channels only: takes the key.
//
// II = one write every two cycles. Latency = 1 cycle from a write to its answer.
// tready path: awready and wready wait for both channels, never for bready.
// Reset: drops an answer, and the key is not valid until all of it has been written again.
//
// Map: README.md.
module siphash_registers (
    input  wire         clk,
    input  wire         rst,             // synchronous, active high

    input  wire [7:0]   s_axil_awaddr,
    input  wire         s_axil_awvalid,
    output wire         s_axil_awready,
    input  wire [31:0]  s_axil_wdata,
    input  wire [3:0]   s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output wire         s_axil_wready,
    output wire [1:0]   s_axil_bresp,
    output wire         s_axil_bvalid,
    input  wire         s_axil_bready,

    output wire [127:0] key,             // byte i at [8*i +: 8]; k_0 is the low half
    output wire         key_valid
);

    reg         bvalid_q;
    reg         berror_q;
    reg [95:0]  staged_q;                // KEY0..KEY2, until KEY3 puts all four in use at once
    reg [2:0]   written_q;               // which of them were written since reset
    reg [127:0] key_q;
    reg         key_valid_q;

    wire write = s_axil_awvalid && s_axil_wvalid && !bvalid_q;

    // A whole word at 0x10, 0x14, 0x18 or 0x1c.
    wire       is_key  = {s_axil_awaddr[7:4], s_axil_awaddr[1:0], s_axil_wstrb} == {4'h1, 2'd0, 4'hf};
    wire [1:0] index   = s_axil_awaddr[3:2];
    wire       is_last = index == 2'd3;
    wire       good    = is_key && (!is_last || (&written_q));

    assign s_axil_awready = write;
    assign s_axil_wready  = write;
    assign s_axil_bvalid  = bvalid_q;
    assign s_axil_bresp   = {berror_q, 1'b0};            // SLVERR or OKAY
    assign key            = key_q;
    assign key_valid      = key_valid_q;

    always @(posedge clk) begin
        if (write) begin
            bvalid_q <= 1'b1;
            berror_q <= !good;
        end else if (s_axil_bready) begin
            bvalid_q <= 1'b0;
        end
        if (write && good) begin
            if (is_last) begin
                key_q       <= {s_axil_wdata, staged_q};
                key_valid_q <= 1'b1;
            end else begin
                staged_q[32*index +: 32] <= s_axil_wdata;
                written_q[index]         <= 1'b1;
            end
        end
        if (rst) begin
            bvalid_q    <= 1'b0;
            written_q   <= 3'd0;
            key_valid_q <= 1'b0;
        end
    end

endmodule

`default_nettype wire
