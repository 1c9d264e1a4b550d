`default_nettype none

// Turns packets of bytes into padded 512-bit SHA-256 blocks (FIPS 180-4, section 5.1.1).
//
// II = 1 beat per cycle; one cycle more for a packet whose last block has no room for the length (length mod 64 in
// 56..63) or is full (length mod 64 = 0, length > 0). Latency = 1 cycle from beat to block.
// tready path: s_axis_tready is combinational from block_tready and registers, never from s_axis_tvalid.
// Reset: drops the block held and the packet begun; the next beat starts a packet.
module sha256_pad (
    input  wire         clk,
    input  wire         rst,             // synchronous, active high

    input  wire [511:0] s_axis_tdata,    // byte i of the beat at [8*i +: 8]
    input  wire [63:0]  s_axis_tkeep,    // contiguous from bit 0; all ones before the last beat
    input  wire         s_axis_tvalid,
    output wire         s_axis_tready,
    input  wire         s_axis_tlast,

    output wire [511:0] block_tdata,     // message schedule word W_t at [32*t +: 32]
    output wire         block_tfirst,    // first block of its message
    output wire         block_tlast,     // last block of its message
    output wire         block_tvalid,
    input  wire         block_tready
);

    reg [511:0] block_q;
    reg         block_first_q;
    reg         block_last_q;
    reg         block_valid_q;

    reg [54:0]  beats_q;                 // full beats of this packet so far: its bits fit the 64-bit length field
    reg         packet_begun_q;
    reg         extra_q;                 // a block of padding alone comes next
    reg         extra_one_q;             // and it starts with the 1 bit
    reg [63:0]  length_q;                // in bits

    wire advance = !block_valid_q || block_tready;

    assign s_axis_tready = advance && !extra_q;

    // tkeep is a thermometer code, so halving it finds the number of bytes with muxes and no adder.
    wire [30:0] keep_31 = s_axis_tkeep[31] ? s_axis_tkeep[62:32] : s_axis_tkeep[30:0];
    wire [14:0] keep_15 = keep_31[15] ? keep_31[30:16] : keep_31[14:0];
    wire [6:0]  keep_7  = keep_15[7] ? keep_15[14:8] : keep_15[6:0];
    wire [2:0]  keep_3  = keep_7[3] ? keep_7[6:4] : keep_7[2:0];
    wire        keep_1  = keep_3[1] ? keep_3[2] : keep_3[0];
    wire        full    = s_axis_tkeep[63];
    wire [5:0]  partial = {s_axis_tkeep[31], keep_31[15], keep_15[7], keep_7[3], keep_3[1], keep_1};
    wire [6:0]  bytes   = full ? 7'd64 : {1'b0, partial};

    wire [63:0] length      = {beats_q, 9'd0} + {54'd0, bytes, 3'd0};
    wire        length_fits = !s_axis_tkeep[55];

    // 1 at the byte after the last one kept; none in a full beat.
    wire [63:0] one_at = ~s_axis_tkeep & {s_axis_tkeep[62:0], 1'b1};

    // A word of the block: bytes reversed, as the standard is big-endian and the stream little-endian.
    function [31:0] padded(input [31:0] data, input [3:0] keep, input [3:0] one);
        padded =
            ({data[7:0], data[15:8], data[23:16], data[31:24]}
                & {{8{keep[0]}}, {8{keep[1]}}, {8{keep[2]}}, {8{keep[3]}}})
            | {one[0], 7'd0, one[1], 7'd0, one[2], 7'd0, one[3], 7'd0};
    endfunction

    integer t;

    always @(posedge clk) begin
        if (advance) begin
            // Computed here and not in front of the register: a simulator then does it once a cycle, not at each
            // change of an input.
            for (t = 0; t < 16; t = t + 1)
                block_q[32*t +: 32] <= padded(s_axis_tdata[32*t +: 32], s_axis_tkeep[4*t +: 4], one_at[4*t +: 4]);
            if (s_axis_tlast && length_fits)
                block_q[511:448] <= {length[31:0], length[63:32]};
            if (extra_q)
                block_q <= {length_q[31:0], length_q[63:32], 416'd0, extra_one_q, 31'd0};
            block_first_q <= !packet_begun_q;
            block_last_q  <= extra_q || (s_axis_tlast && length_fits);
            block_valid_q <= extra_q || s_axis_tvalid;
            if (extra_q) begin
                extra_q        <= 1'b0;
                packet_begun_q <= 1'b0;
            end else if (s_axis_tvalid) begin
                extra_q        <= s_axis_tlast && !length_fits;
                extra_one_q    <= full;
                length_q       <= length;
                packet_begun_q <= !(s_axis_tlast && length_fits);
                beats_q        <= s_axis_tlast ? 55'd0 : beats_q + 55'd1;
            end
        end
        if (rst) begin
            block_valid_q  <= 1'b0;
            packet_begun_q <= 1'b0;
            extra_q        <= 1'b0;
            beats_q        <= 55'd0;
        end
    end

    assign block_tdata  = block_q;
    assign block_tfirst = block_first_q;
    assign block_tlast  = block_last_q;
    assign block_tvalid = block_valid_q;

endmodule

`default_nettype wire
