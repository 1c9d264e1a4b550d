`default_nettype none

// One copy of the weights: two are read a cycle, four are written.
//
// II = 1, nothing stalls. Latency = 2 cycles: memory, byte of its word. A write takes the place of read a.
// Reset: none; the weights must be written before they mean anything.
module classify_weights #(
    parameter INDEX_BITS = 13
) (
    input  wire                  clk,

    input  wire [INDEX_BITS-1:0] index_a,
    input  wire [INDEX_BITS-1:0] index_b,
    output wire [7:0]            weight_a,
    output wire [7:0]            weight_b,

    input  wire                  write,
    input  wire [INDEX_BITS-3:0] write_at,
    input  wire [31:0]           data        // weights 4a..4a+3, the first in 7:0
);

    // Nothing is written while a packet is under way, so no read needs a defined result beside a write.
    (* no_rw_check, rw_addr_collision = "no", ram_style = "block" *)
    reg [31:0] words [0:(1 << (INDEX_BITS-2))-1];

    wire [INDEX_BITS-3:0] address_a = write ? write_at : index_a[INDEX_BITS-1:2];

    reg [31:0] word_a_q, word_b_q;
    reg [1:0]  byte_a_q, byte_b_q;
    reg [7:0]  weight_a_q, weight_b_q;

    assign weight_a = weight_a_q;
    assign weight_b = weight_b_q;

    always @(posedge clk) begin
        if (write)
            words[address_a] <= data;
        word_a_q   <= words[address_a];
        word_b_q   <= words[index_b[INDEX_BITS-1:2]];
        byte_a_q   <= index_a[1:0];
        byte_b_q   <= index_b[1:0];
        weight_a_q <= word_a_q[8*byte_a_q +: 8];
        weight_b_q <= word_b_q[8*byte_b_q +: 8];
    end

endmodule

`default_nettype wire
