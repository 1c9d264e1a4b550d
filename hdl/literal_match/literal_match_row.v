// Holds the bytes of 32 patterns at one offset and tells which of them equal a symbol.
//
// II       1 comparison a cycle.
// Latency  1 cycle from compare to row.
// tready   none.
// Reset    none; a slot is meaningless until it is staged.
//
// The bytes are kept as bit planes, a word a bit, so that 32 comparisons are eight word operations.

`default_nettype none

module literal_match_row (
    input  wire        clk,
    input  wire        stage,
    input  wire [31:0] slot,                             // one-hot: which pattern takes value
    input  wire [7:0]  value,
    input  wire        fold,                             // value is a letter and either case will do
    input  wire        compare,
    input  wire [7:0]  symbol,
    input  wire [31:0] beyond,                           // patterns that do not reach this offset
    output wire [31:0] row
);

    reg [31:0] plane0_q, plane1_q, plane2_q, plane3_q, plane4_q, plane5_q, plane6_q, plane7_q;
    reg [31:0] fold_q;
    reg [31:0] row_q;

    assign row = row_q;

    always @(posedge clk) begin
        if (compare)
            row_q <= beyond |
                (plane0_q ^ {32{!symbol[0]}}) & (plane1_q ^ {32{!symbol[1]}}) &
                (plane2_q ^ {32{!symbol[2]}}) & (plane3_q ^ {32{!symbol[3]}}) &
                (plane4_q ^ {32{!symbol[4]}}) & (plane6_q ^ {32{!symbol[6]}}) &
                (plane7_q ^ {32{!symbol[7]}}) &
                // The two cases of an ASCII letter differ in bit 5.
                (plane5_q ^ {32{!symbol[5]}} | fold_q);
        if (stage) begin
            plane0_q <= value[0] ? plane0_q | slot : plane0_q & ~slot;
            plane1_q <= value[1] ? plane1_q | slot : plane1_q & ~slot;
            plane2_q <= value[2] ? plane2_q | slot : plane2_q & ~slot;
            plane3_q <= value[3] ? plane3_q | slot : plane3_q & ~slot;
            plane4_q <= value[4] ? plane4_q | slot : plane4_q & ~slot;
            plane5_q <= value[5] ? plane5_q | slot : plane5_q & ~slot;
            plane6_q <= value[6] ? plane6_q | slot : plane6_q & ~slot;
            plane7_q <= value[7] ? plane7_q | slot : plane7_q & ~slot;
            fold_q   <= fold ? fold_q | slot : fold_q & ~slot;
        end
    end

endmodule

`default_nettype wire
