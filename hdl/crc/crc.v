`default_nettype none

// Cyclic redundancy check of packets, any polynomial of width 1 to 32 (Rocksoft model), one result a packet, in order.
//
// II = 1 cycle per beat of 64 bytes; packets follow each other without a gap. Latency = 14 cycles from the last beat.
// tready path: s_axis_tready comes from registers only, not from m_axis_tready and not from s_axis_tvalid.
// Reset: drops the packet begun and all results not taken; the next beat starts a packet.
//
// The stages never stall. The last beat of a packet enters only with a credit for a place in the result FIFO.
module crc #(
    parameter WIDTH  = 32,            // of the CRC in bits, 1..32
    parameter POLY   = 32'h04c1_1db7, // polynomial without its term x^WIDTH, most significant bit first
    parameter INIT   = 32'hffff_ffff, // register before the first bit, as of an unreflected algorithm
    parameter REFIN  = 1,             // 1: each byte enters least significant bit first
    parameter REFOUT = 1,             // 1: the register is reversed before XOROUT
    parameter XOROUT = 32'hffff_ffff  // added to the result
) (
    input  wire             clk,
    input  wire             rst,             // synchronous, active high

    input  wire [511:0]     s_axis_tdata,    // byte i of the beat at [8*i +: 8]
    input  wire [63:0]      s_axis_tkeep,    // contiguous from bit 0; all ones before the last beat; 0 in the empty message
    input  wire             s_axis_tvalid,
    output wire             s_axis_tready,
    input  wire             s_axis_tlast,

    output wire [WIDTH-1:0] m_axis_tdata,
    output wire             m_axis_tvalid,
    input  wire             m_axis_tready,
    output wire             m_axis_tlast     // always 1: a result is one beat
);

    // In range, so that an illegal WIDTH fails below, by name, and not somewhere inside.
    localparam BITS = WIDTH < 1 || WIDTH > 32 ? 1 : WIDTH;

    generate
        if (WIDTH < 1 || WIDTH > 32) begin : gen_illegal_width
            WIDTH_must_be_in_1_to_32 u_illegal_parameter ();
        end
        if (POLY >> WIDTH != 0) begin : gen_illegal_poly
            POLY_must_be_below_2_to_the_WIDTH u_illegal_parameter ();
        end
        if (INIT >> WIDTH != 0) begin : gen_illegal_init
            INIT_must_be_below_2_to_the_WIDTH u_illegal_parameter ();
        end
        if (REFIN != 0 && REFIN != 1) begin : gen_illegal_refin
            REFIN_must_be_0_or_1 u_illegal_parameter ();
        end
        if (REFOUT != 0 && REFOUT != 1) begin : gen_illegal_refout
            REFOUT_must_be_0_or_1 u_illegal_parameter ();
        end
        if (XOROUT >> WIDTH != 0) begin : gen_illegal_xorout
            XOROUT_must_be_below_2_to_the_WIDTH u_illegal_parameter ();
        end
    endgenerate

    // ---- admission ----

    // More than the 15 results that are promised when the sink takes one in each cycle.
    localparam       FIFO_DEPTH  = 16;
    localparam       CREDIT_BITS = 5;

    reg [CREDIT_BITS-1:0] credits_q;         // places of the FIFO promised or filled

    assign s_axis_tready = credits_q != FIFO_DEPTH[CREDIT_BITS-1:0];

    wire accept  = s_axis_tvalid && s_axis_tready;
    wire promise = accept && s_axis_tlast;
    wire redeem  = m_axis_tvalid && m_axis_tready;

    always @(posedge clk) begin
        if (promise && !redeem)
            credits_q <= credits_q + 1'b1;
        if (!promise && redeem)
            credits_q <= credits_q - 1'b1;
        if (rst)
            credits_q <= {CREDIT_BITS{1'b0}};
    end

    // ---- pipeline ----

    wire [511:0]     beat_data;
    wire [5:0]       beat_index;
    wire             beat_nonempty;
    wire             beat_last;
    wire             beat_valid;
    wire [BITS-1:0]  remainder;
    wire             remainder_valid;

    crc_align u_align (
        .clk          (clk),
        .rst          (rst),
        .in_data      (s_axis_tdata),
        .in_keep      (s_axis_tkeep),
        .in_last      (s_axis_tlast),
        .in_valid     (accept),
        .beat_data    (beat_data),
        .beat_index   (beat_index),
        .beat_nonempty(beat_nonempty),
        .beat_last    (beat_last),
        .beat_valid   (beat_valid)
    );

    crc_fold #(
        .WIDTH(BITS),
        .POLY (POLY[BITS-1:0]),
        .INIT (INIT[BITS-1:0]),
        .REFIN(REFIN)
    ) u_fold (
        .clk            (clk),
        .rst            (rst),
        .beat_data      (beat_data),
        .beat_index     (beat_index),
        .beat_nonempty  (beat_nonempty),
        .beat_last      (beat_last),
        .beat_valid     (beat_valid),
        .remainder      (remainder),
        .remainder_valid(remainder_valid)
    );

    // ---- result ----

    wire [BITS-1:0] reflected;
    genvar i;
    generate
        for (i = 0; i < BITS; i = i + 1) begin : gen_reflect
            assign reflected[i] = remainder[REFOUT != 0 ? BITS - 1 - i : i];
        end
    endgenerate

    wire fifo_ready_unused;                  // a credit stands for a free place

    axis_fifo #(
        .DATA_WIDTH(BITS),
        .DEPTH     (FIFO_DEPTH)
    ) u_result_fifo (
        .clk          (clk),
        .rst          (rst),
        .s_axis_tdata (reflected ^ XOROUT[BITS-1:0]),
        .s_axis_tvalid(remainder_valid),
        .s_axis_tready(fifo_ready_unused),
        .m_axis_tdata (m_axis_tdata),
        .m_axis_tvalid(m_axis_tvalid),
        .m_axis_tready(m_axis_tready)
    );

    assign m_axis_tlast = 1'b1;

endmodule

`default_nettype wire
