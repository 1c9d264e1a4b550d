`default_nettype none

// SHA-256 of blocks in a pipeline with a stage for each round (FIPS 180-4, section 6.2.2), hashes in order.
//
// II = 1 cycle for messages of one block. A block that follows another of its message enters when that one has left:
// II = 66 cycles; messages behind the last block of a long one are not held up by it.
// Latency = 66 cycles from the last block of a message to its hash.
// The stages never stall. The last block of a message enters only with a credit for a place in the hash FIFO.
// tready path: block_tready comes from registers (and block_tfirst) only, not from hash_tready.
// Reset: drops all blocks and hashes; the next block has to be the first of its message.
module sha256_pipeline #(
    parameter [255:0] IV = 256'd0        // H_i at [32*i +: 32]
) (
    input  wire         clk,
    input  wire         rst,             // synchronous, active high

    input  wire [511:0] block_tdata,     // W_t at [32*t +: 32]
    input  wire         block_tfirst,
    input  wire         block_tlast,
    input  wire         block_tvalid,
    output wire         block_tready,

    output wire [255:0] hash_tdata,      // H_i at [32*i +: 32]
    output wire         hash_tvalid,
    input  wire         hash_tready
);

    function [31:0] big_sigma_0(input [31:0] x);
        big_sigma_0 = {x[1:0], x[31:2]} ^ {x[12:0], x[31:13]} ^ {x[21:0], x[31:22]};
    endfunction

    function [31:0] big_sigma_1(input [31:0] x);
        big_sigma_1 = {x[5:0], x[31:6]} ^ {x[10:0], x[31:11]} ^ {x[24:0], x[31:25]};
    endfunction

    function [31:0] sigma_0(input [31:0] x);
        sigma_0 = {x[6:0], x[31:7]} ^ {x[17:0], x[31:18]} ^ {3'd0, x[31:3]};
    endfunction

    function [31:0] sigma_1(input [31:0] x);
        sigma_1 = {x[16:0], x[31:17]} ^ {x[18:0], x[31:19]} ^ {10'd0, x[31:10]};
    endfunction

    // Above the latency, so that credits come back before they run out and II stays 1; a power of two for the FIFO.
    localparam       FIFO_DEPTH  = 128;
    localparam       CREDIT_BITS = 8;

    // Round constants, one a stage.
    wire [31:0] k [0:63];
    genvar g;
    generate
        for (g = 0; g < 64; g = g + 1) begin : gen_k
            localparam [5:0] ROUND = g;
            sha256_k u_k (.round(ROUND), .k(k[g]));
        end
    endgenerate

    // ---- flow control, chaining, final addition ----

    reg [63:0] valid_q;                  // bit s belongs to stage s
    reg [63:0] first_q;
    reg [63:0] last_q;
    reg        out_valid_q;
    reg        out_first_q;
    reg        out_last_q;
    reg        chain_pending_q;          // a block that others wait for is in the pipeline
    reg [CREDIT_BITS-1:0] credits_q;     // places of the FIFO promised or filled

    reg [255:0] chain_q;                 // H of the message that goes on, H_i at [32*i +: 32]
    reg [255:0] out_q;

    assign block_tready = (block_tfirst || !chain_pending_q) && credits_q != FIFO_DEPTH[CREDIT_BITS-1:0];

    wire accept  = block_tvalid && block_tready;
    wire promise = accept && block_tlast;
    wire redeem  = hash_tvalid && hash_tready;

    wire [255:0] start  = block_tfirst ? IV : chain_q;
    wire [255:0] onto = out_first_q ? IV : chain_q;
    wire [255:0] sum = {
        onto[255:224] + out_q[255:224], onto[223:192] + out_q[223:192],
        onto[191:160] + out_q[191:160], onto[159:128] + out_q[159:128],
        onto[127:96] + out_q[127:96], onto[95:64] + out_q[95:64],
        onto[63:32] + out_q[63:32], onto[31:0] + out_q[31:0]
    };

    always @(posedge clk) begin
        valid_q     <= {valid_q[62:0], accept};
        first_q     <= {first_q[62:0], block_tfirst};
        last_q      <= {last_q[62:0], block_tlast};
        out_valid_q <= valid_q[63];
        out_first_q <= first_q[63];
        out_last_q  <= last_q[63];
        if (out_valid_q && !out_last_q) begin
            chain_q         <= sum;
            chain_pending_q <= 1'b0;
        end
        if (accept && !block_tlast)
            chain_pending_q <= 1'b1;
        if (promise && !redeem)
            credits_q <= credits_q + 1'b1;
        if (!promise && redeem)
            credits_q <= credits_q - 1'b1;
        if (rst) begin
            valid_q         <= 64'd0;
            out_valid_q     <= 1'b0;
            chain_pending_q <= 1'b0;
            credits_q       <= {CREDIT_BITS{1'b0}};
        end
    end

    // ---- the stages ----

    // Arrays indexed by stage: element s is the input of round s. They are updated by loops of one statement with
    // blocking assignments, as C++ compilers turn the simulated loops into vector instructions (README, "Simulation
    // speed"). The assignments are safe because this block alone reads the arrays; what leaves it is non-blocking.
    // hkw is h + K_t + W_t, added a stage early to shorten the round.
    // All 64 elements get the same treatment, also schedule words after W_63: synthesis removes what nothing reads.
    (* mem2reg *) reg [31:0] a_q [0:63];
    (* mem2reg *) reg [31:0] b_q [0:63];
    (* mem2reg *) reg [31:0] c_q [0:63];
    (* mem2reg *) reg [31:0] d_q [0:63];
    (* mem2reg *) reg [31:0] e_q [0:63];
    (* mem2reg *) reg [31:0] f_q [0:63];
    (* mem2reg *) reg [31:0] g_q [0:63];
    (* mem2reg *) reg [31:0] hkw_q [0:63];
    (* mem2reg *) reg [31:0] w_q [0:15][0:63]; // W_{s+j} of stage s at [j][s]

    (* mem2reg *) reg [31:0] a_d [0:63];
    (* mem2reg *) reg [31:0] e_d [0:63];
    (* mem2reg *) reg [31:0] w_d [0:63];
    reg [31:0] t1;
    integer s;
    integer j;

    /* verilator lint_off BLKSEQ */
    always @(posedge clk) begin
        for (s = 0; s < 64; s = s + 1) begin
            t1 = hkw_q[s] + big_sigma_1(e_q[s]) + (g_q[s] ^ (e_q[s] & (f_q[s] ^ g_q[s])));
            e_d[s] = d_q[s] + t1;
            a_d[s] = t1 + big_sigma_0(a_q[s]) + ((a_q[s] & b_q[s]) | (c_q[s] & (a_q[s] | b_q[s])));
        end
        for (s = 0; s < 64; s = s + 1)
            w_d[s] = w_q[0][s] + sigma_0(w_q[1][s]) + w_q[9][s] + sigma_1(w_q[14][s]);

        // After round 63 a and e are new, the other words move on: h = g and so forth.
        out_q <= {g_q[63], f_q[63], e_q[63], e_d[63], c_q[63], b_q[63], a_q[63], a_d[63]};

        for (s = 63; s > 0; s = s - 1)
            hkw_q[s] = g_q[s - 1] + k[s] + w_q[1][s - 1];
        for (s = 63; s > 0; s = s - 1) begin
            g_q[s] = f_q[s - 1];
            f_q[s] = e_q[s - 1];
            e_q[s] = e_d[s - 1];
            d_q[s] = c_q[s - 1];
            c_q[s] = b_q[s - 1];
            b_q[s] = a_q[s - 1];
            a_q[s] = a_d[s - 1];
        end
        for (j = 0; j < 15; j = j + 1)
            for (s = 1; s < 64; s = s + 1)
                w_q[j][s] = w_q[j + 1][s - 1];
        for (s = 1; s < 64; s = s + 1)
            w_q[15][s] = w_d[s - 1];

        a_q[0]   = start[31:0];
        b_q[0]   = start[63:32];
        c_q[0]   = start[95:64];
        d_q[0]   = start[127:96];
        e_q[0]   = start[159:128];
        f_q[0]   = start[191:160];
        g_q[0]   = start[223:192];
        hkw_q[0] = start[255:224] + k[0] + block_tdata[31:0];
        for (j = 0; j < 16; j = j + 1)
            w_q[j][0] = block_tdata[32*j +: 32];
    end
    /* verilator lint_on BLKSEQ */

    wire fifo_ready_unused;              // a credit stands for a free place

    axis_fifo #(
        .DATA_WIDTH(256),
        .DEPTH     (FIFO_DEPTH)
    ) u_hash_fifo (
        .clk          (clk),
        .rst          (rst),
        .s_axis_tdata (sum),
        .s_axis_tvalid(out_valid_q && out_last_q),
        .s_axis_tready(fifo_ready_unused),
        .m_axis_tdata (hash_tdata),
        .m_axis_tvalid(hash_tvalid),
        .m_axis_tready(hash_tready)
    );

endmodule

`default_nettype wire
