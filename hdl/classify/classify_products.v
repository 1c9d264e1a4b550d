`default_nettype none

// Weight times value of up to SLOTS tokens, and their sum.
//
// II = 1, nothing stalls. Latency = 4 cycles: memory, byte of its word, product, sum.
// Reset: none.
module classify_products #(
    parameter SLOTS      = 4,                            // even
    parameter INDEX_BITS = 13,
    parameter SUM_BITS   = 18
) (
    input  wire                        clk,

    input  wire [SLOTS-1:0]            token_valid,
    input  wire [INDEX_BITS*SLOTS-1:0] token_index,
    input  wire [4*SLOTS-1:0]          token_kind,
    output wire [SUM_BITS-1:0]         sum,              // signed

    input  wire                        write_values,     // values of kinds 4a..4a+3
    input  wire [1:0]                  write_values_at,
    input  wire                        write_weights,    // weights 4a..4a+3
    input  wire [INDEX_BITS-3:0]       write_weights_at,
    input  wire [31:0]                 write_data
);

    reg [31:0] values [0:3];

    always @(posedge clk)
        if (write_values)
            values[write_values_at] <= write_data;

    wire [8*SLOTS-1:0]  weights;
    wire [16*SLOTS-1:0] products;

    genvar i;
    generate
        for (i = 0; i < SLOTS; i = i + 2) begin : gen_pair
            classify_weights #(
                .INDEX_BITS(INDEX_BITS)
            ) u_weights (
                .clk     (clk),
                .index_a (token_index[INDEX_BITS*i +: INDEX_BITS]),
                .index_b (token_index[INDEX_BITS*(i+1) +: INDEX_BITS]),
                .weight_a(weights[8*i +: 8]),
                .weight_b(weights[8*(i+1) +: 8]),
                .write   (write_weights),
                .write_at(write_weights_at),
                .data    (write_data)
            );
        end

        for (i = 0; i < SLOTS; i = i + 1) begin : gen_slot
            wire signed [7:0] weight = weights[8*i +: 8];
            reg               valid_q;
            reg  [1:0]        byte_q;
            reg  [31:0]       word_q;
            reg  signed [7:0] value_q;                   // 0 where there is no token
            (* use_dsp = "yes" *)
            reg  signed [15:0] product_q;

            assign products[16*i +: 16] = product_q;

            always @(posedge clk) begin
                valid_q   <= token_valid[i];
                byte_q    <= token_kind[4*i +: 2];
                word_q    <= values[token_kind[4*i+2 +: 2]];
                value_q   <= valid_q ? word_q[8*byte_q +: 8] : 8'd0;
                product_q <= weight * value_q;
            end
        end
    endgenerate

    reg [SUM_BITS-1:0] total;
    reg [SUM_BITS-1:0] sum_q;
    integer            n;

    assign sum = sum_q;

    always @* begin
        total = {SUM_BITS{1'b0}};
        for (n = 0; n < SLOTS; n = n + 1)
            total = total + {{(SUM_BITS-16){products[16*n+15]}}, products[16*n +: 16]};
    end

    always @(posedge clk)
        sum_q <= total;

endmodule

`default_nettype wire
