`default_nettype none

// Moves the bytes of a beat to its end and counts them: a partial beat is then a full one with zeros in front.
//
// II = 1 beat per cycle, latency = 4 cycles: register, then shifts by 48/32/16, 12/8/4 and 3/2/1 bytes.
// tready path: none, a beat is taken in each cycle. Reset: drops all beats.
module crc_align (
    input  wire         clk,
    input  wire         rst,             // synchronous, active high

    input  wire [511:0] in_data,         // byte i at [8*i +: 8]
    input  wire [63:0]  in_keep,         // contiguous from bit 0
    input  wire         in_last,
    input  wire         in_valid,

    output wire [511:0] beat_data,       // last byte at [511:504]; without meaning if the beat is empty
    output wire [5:0]   beat_index,      // number of bytes less one; 0 if the beat is empty
    output wire         beat_nonempty,
    output wire         beat_last,
    output wire         beat_valid
);

    // Ones of a thermometer code. in_keep is one, so its ones are counted two bits of the count a stage, each from the
    // three bits where a quarter of what is left begins.
    function [1:0] ones(input [2:0] code);
        ones = {code[1], code[1] ? code[2] : code[0]};
    endfunction

    reg  [511:0] data_0_q;
    reg  [511:0] data_1_q;
    reg  [511:0] data_2_q;
    reg  [511:0] data_3_q;
    reg  [1:0]   high_0_q;               // index[5:4], by stage
    reg  [1:0]   high_1_q;
    reg  [1:0]   high_2_q;
    reg  [1:0]   high_3_q;
    reg  [1:0]   mid_1_q;                // index[3:2]
    reg  [1:0]   mid_2_q;
    reg  [1:0]   mid_3_q;
    reg  [1:0]   low_2_q;                // index[1:0]
    reg  [1:0]   low_3_q;
    reg  [14:0]  keep_15_q;              // keep of the quarter that the last byte is in, without its first bit
    reg  [2:0]   keep_3_q;
    reg  [3:0]   nonempty_q;             // bit s belongs to stage s
    reg  [3:0]   last_q;
    reg  [3:0]   valid_q;

    wire [1:0]   high_d = ones({in_keep[48], in_keep[32], in_keep[16]});
    wire [1:0]   mid_d  = ones({keep_15_q[11], keep_15_q[7], keep_15_q[3]});
    wire [1:0]   low_d  = ones(keep_3_q);

    // Two conditional shifts a stage, a 4:1 multiplexer a bit. Bytes past the last one fall off the end.
    wire [511:0] shift_1 = high_0_q[1] ? data_0_q : {data_0_q[255:0], 256'd0};
    wire [511:0] shift_2 = mid_1_q[1] ? data_1_q : {data_1_q[447:0], 64'd0};
    wire [511:0] shift_3 = low_2_q[1] ? data_2_q : {data_2_q[495:0], 16'd0};

    always @(posedge clk) begin
        data_0_q <= in_data;
        data_1_q <= high_0_q[0] ? shift_1 : {shift_1[383:0], 128'd0};
        data_2_q <= mid_1_q[0] ? shift_2 : {shift_2[479:0], 32'd0};
        data_3_q <= low_2_q[0] ? shift_3 : {shift_3[503:0], 8'd0};

        high_0_q <= high_d;
        high_1_q <= high_0_q;
        high_2_q <= high_1_q;
        high_3_q <= high_2_q;
        mid_1_q  <= mid_d;
        mid_2_q  <= mid_1_q;
        mid_3_q  <= mid_2_q;
        low_2_q  <= low_d;
        low_3_q  <= low_2_q;
        case (high_d)
            2'd0:    keep_15_q <= in_keep[15:1];
            2'd1:    keep_15_q <= in_keep[31:17];
            2'd2:    keep_15_q <= in_keep[47:33];
            default: keep_15_q <= in_keep[63:49];
        endcase
        case (mid_d)
            2'd0:    keep_3_q <= keep_15_q[2:0];
            2'd1:    keep_3_q <= keep_15_q[6:4];
            2'd2:    keep_3_q <= keep_15_q[10:8];
            default: keep_3_q <= keep_15_q[14:12];
        endcase

        nonempty_q <= {nonempty_q[2:0], in_keep[0]};
        last_q     <= {last_q[2:0], in_last};
        valid_q    <= {valid_q[2:0], in_valid};
        if (rst)
            valid_q <= 4'd0;
    end

    assign beat_data     = data_3_q;
    assign beat_index    = {high_3_q, mid_3_q, low_3_q};
    assign beat_nonempty = nonempty_q[3];
    assign beat_last     = last_q[3];
    assign beat_valid    = valid_q[3];

endmodule

`default_nettype wire
