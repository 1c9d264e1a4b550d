`default_nettype none

// SHA-256 of blocks on LANES iterative cores, messages dealt round robin (FIPS 180-4, section 6.2.2).
//
// Hashes are collected round robin too, hence in order. At most one lane starts and one ends in a cycle, so the block
// buffer, the final addition and the hash buffer are shared by all lanes.
// II = 1 block per cycle until the buffer of the lane due is full; sustained LANES blocks every 66 cycles.
// Latency = 69 cycles from the last block of a message to its hash, lane idle.
// tready path: block_tready comes from registers only.
// Reset: drops all blocks and hashes; the next message goes to lane 0.
module sha256_lanes #(
    parameter [255:0] IV          = 256'd0,  // H_i at [32*i +: 32]
    parameter         LANES       = 16,      // 1..64
    parameter         FIFO_BLOCKS = 4        // blocks buffered per lane; a power of two, at least 2
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

    localparam        LANE_BITS = LANES > 1 ? $clog2(LANES) : 1;
    localparam        ADDR_BITS = $clog2(FIFO_BLOCKS);
    localparam [31:0] LAST_LANE = LANES - 1;

    // ---- blocks wait in one memory with a ring for each lane ----

    reg [513:0]         block_mem [0:(1 << (LANE_BITS + ADDR_BITS))-1];
    reg [ADDR_BITS:0]   write_q [0:(1 << LANE_BITS)-1];
    reg [ADDR_BITS:0]   read_q [0:(1 << LANE_BITS)-1];
    reg [LANES-1:0]     waiting_q;       // lanes with blocks
    reg [LANE_BITS-1:0] deal_q;          // lane that gets the message at the input

    wire [ADDR_BITS:0]  deal_write = write_q[deal_q];
    wire [ADDR_BITS:0]  deal_read  = read_q[deal_q];

    assign block_tready = (deal_write ^ deal_read) != {1'b1, {ADDR_BITS{1'b0}}};

    wire push = block_tvalid && block_tready;

    // ---- pick a lane to start: one a cycle is enough, as a block keeps a lane for 66 and there are at most 64 ----

    // Three cycles: choose among the lanes, read the block, put it into the lane. Choosing and reading in one cycle was
    // the critical path (14 levels of LUTs).

    reg [LANES-1:0]     busy_q;
    reg [LANES-1:0]     owes_one_q;      // hashes under way or not taken: one or more
    reg [LANES-1:0]     owes_two_q;      // two, which is all a lane may hold
    wire [LANES-1:0]    startable = waiting_q & ~busy_q & ~owes_two_q;
    wire [LANES-1:0]    choice    = startable & (~startable + 1'b1);  // the lowest bit that is set
    reg [LANE_BITS-1:0] choice_lane;
    reg                 pick_q;
    reg [LANE_BITS-1:0] pick_lane_q;
    integer             p;

    always @* begin
        choice_lane = {LANE_BITS{1'b0}};
        for (p = 0; p < LANES; p = p + 1)
            choice_lane = choice_lane | (choice[p] ? p[LANE_BITS-1:0] : {LANE_BITS{1'b0}});
    end

    wire [ADDR_BITS:0] pick_read  = read_q[pick_lane_q];
    wire [ADDR_BITS:0] pick_next  = pick_read + 1'b1;
    wire [ADDR_BITS:0] pick_write = write_q[pick_lane_q];

    reg                 load_q;          // the block read a cycle before goes into its lane
    reg [LANE_BITS-1:0] load_lane_q;
    reg [513:0]         load_block_q;
    wire                load_last  = load_block_q[513];
    wire                load_first = load_block_q[512];

    // ---- the lane that ends is the one that started 64 cycles before ----

    reg [5:0]           time_q;
    reg [63:0]          running_q;       // bit i: a block started i + 1 cycles ago
    reg [LANE_BITS-1:0] started_mem [0:63];
    // A lane may be chosen again a cycle before it ends: the next block is put into it two cycles later.
    reg [LANE_BITS-1:0] free_lane_q;     // started 63 cycles before
    reg [LANE_BITS-1:0] ending_lane_q;   // started 64 cycles before
    reg                 finish_q;
    reg [LANE_BITS-1:0] finish_lane_q;
    reg [LANES-1:0]     first_q;         // of the block in the lane
    reg [LANES-1:0]     last_q;

    // ---- hashes, two places a lane ----

    reg [255:0]         hash_mem [0:(2 << LANE_BITS)-1];
    reg [LANES-1:0]     hash_valid_0_q;
    reg [LANES-1:0]     hash_valid_1_q;
    reg [LANES-1:0]     hash_write_q;    // place that the next hash of the lane goes to
    reg [LANES-1:0]     hash_read_q;
    reg [LANE_BITS-1:0] collect_q;       // lane that owes the next hash

    assign hash_tvalid = hash_read_q[collect_q] ? hash_valid_1_q[collect_q] : hash_valid_0_q[collect_q];
    assign hash_tdata  = hash_mem[{collect_q, hash_read_q[collect_q]}];

    wire promise = load_q && load_last;
    wire collect = hash_tvalid && hash_tready;
    wire settled = promise && collect && load_lane_q == collect_q;

    integer r;

    always @(posedge clk) begin
        time_q    <= time_q + 6'd1;
        running_q <= {running_q[62:0], load_q};

        if (push) begin
            block_mem[{deal_q, deal_write[ADDR_BITS-1:0]}] <= {block_tlast, block_tfirst, block_tdata};
            write_q[deal_q]   <= deal_write + 1'b1;
            waiting_q[deal_q] <= 1'b1;
            if (block_tlast)
                deal_q <= deal_q == LAST_LANE[LANE_BITS-1:0] ? {LANE_BITS{1'b0}} : deal_q + 1'b1;
        end

        pick_q      <= |startable;
        pick_lane_q <= choice_lane;
        busy_q      <= busy_q | choice;

        load_q <= pick_q;
        if (pick_q) begin
            load_lane_q         <= pick_lane_q;
            load_block_q        <= block_mem[{pick_lane_q, pick_read[ADDR_BITS-1:0]}];
            read_q[pick_lane_q] <= pick_next;
            if (pick_next == pick_write && !(push && deal_q == pick_lane_q))
                waiting_q[pick_lane_q] <= 1'b0;
        end

        if (load_q) begin
            started_mem[time_q]  <= load_lane_q;
            first_q[load_lane_q] <= load_first;
            last_q[load_lane_q]  <= load_last;
        end

        free_lane_q   <= started_mem[time_q + 6'd2];
        ending_lane_q <= free_lane_q;
        finish_q      <= running_q[63];
        finish_lane_q <= ending_lane_q;
        if (running_q[62])
            busy_q[free_lane_q] <= 1'b0;

        if (promise && !settled) begin
            owes_one_q[load_lane_q] <= 1'b1;
            owes_two_q[load_lane_q] <= owes_one_q[load_lane_q];
        end
        if (finish_q && last_q[finish_lane_q]) begin
            hash_write_q[finish_lane_q] <= !hash_write_q[finish_lane_q];
            if (hash_write_q[finish_lane_q])
                hash_valid_1_q[finish_lane_q] <= 1'b1;
            else
                hash_valid_0_q[finish_lane_q] <= 1'b1;
        end
        if (collect) begin
            if (!settled) begin
                owes_one_q[collect_q] <= owes_two_q[collect_q];
                owes_two_q[collect_q] <= 1'b0;
            end
            if (hash_read_q[collect_q])
                hash_valid_1_q[collect_q] <= 1'b0;
            else
                hash_valid_0_q[collect_q] <= 1'b0;
            hash_read_q[collect_q] <= !hash_read_q[collect_q];
            collect_q <= collect_q == LAST_LANE[LANE_BITS-1:0] ? {LANE_BITS{1'b0}} : collect_q + 1'b1;
        end

        if (rst) begin
            for (r = 0; r < (1 << LANE_BITS); r = r + 1) begin
                write_q[r] <= {(ADDR_BITS + 1){1'b0}};
                read_q[r]  <= {(ADDR_BITS + 1){1'b0}};
            end
            waiting_q      <= {LANES{1'b0}};
            busy_q         <= {LANES{1'b0}};
            owes_one_q     <= {LANES{1'b0}};
            owes_two_q     <= {LANES{1'b0}};
            hash_valid_0_q <= {LANES{1'b0}};
            hash_valid_1_q <= {LANES{1'b0}};
            hash_write_q   <= {LANES{1'b0}};
            hash_read_q    <= {LANES{1'b0}};
            deal_q         <= {LANE_BITS{1'b0}};
            collect_q      <= {LANE_BITS{1'b0}};
            time_q         <= 6'd0;
            running_q      <= 64'd0;
            pick_q         <= 1'b0;
            load_q         <= 1'b0;
            finish_q       <= 1'b0;
        end
    end

    // ---- the lanes ----

    // Arrays indexed by lane, updated by loops of one statement with blocking assignments: C++ compilers turn the
    // simulated loops into vector instructions (README, "Simulation speed"). The assignments are safe because only this
    // block reads the arrays. hkw is h + K_t + W_t, added a cycle early to shorten the round.
    (* mem2reg *) reg [31:0] a_q [0:LANES-1];
    (* mem2reg *) reg [31:0] b_q [0:LANES-1];
    (* mem2reg *) reg [31:0] c_q [0:LANES-1];
    (* mem2reg *) reg [31:0] d_q [0:LANES-1];
    (* mem2reg *) reg [31:0] e_q [0:LANES-1];
    (* mem2reg *) reg [31:0] f_q [0:LANES-1];
    (* mem2reg *) reg [31:0] g_q [0:LANES-1];
    (* mem2reg *) reg [31:0] h_q [0:LANES-1];
    (* mem2reg *) reg [31:0] hkw_q [0:LANES-1];
    (* mem2reg *) reg [31:0] w_q [0:15][0:LANES-1];  // W_{t+j} of a lane at [j][lane]
    (* mem2reg *) reg [31:0] t1 [0:LANES-1];
    (* mem2reg *) reg [31:0] a_d [0:LANES-1];
    (* mem2reg *) reg [31:0] w_d [0:LANES-1];
    reg [5:0]     start_q [0:LANES-1];   // time at which the lane started
    reg [255:0]   chain_mem [0:(1 << LANE_BITS)-1];
    reg [255:0]   start;
    reg [255:0]   onto;
    reg [255:0]   sum;
    integer       n;
    integer       j;

    // Round constant that each lane needs in this cycle, for the round after the one it computes.
    wire [31:0] k [0:LANES-1];
    genvar g;
    generate
        for (g = 0; g < LANES; g = g + 1) begin : gen_k
            sha256_k u_k (.round(time_q - start_q[g]), .k(k[g]));
        end
    endgenerate

    wire [31:0] k_0;
    sha256_k u_k_0 (.round(6'd0), .k(k_0));

    always @(posedge clk)
        if (load_q)
            start_q[load_lane_q] <= time_q;

    /* verilator lint_off BLKSEQ */
    always @(posedge clk) begin
        start = 256'd0;
        onto  = 256'd0;
        sum   = 256'd0;
        if (finish_q) begin
            onto = first_q[finish_lane_q] ? IV : chain_mem[finish_lane_q];
            sum  = {
                onto[255:224] + h_q[finish_lane_q], onto[223:192] + g_q[finish_lane_q],
                onto[191:160] + f_q[finish_lane_q], onto[159:128] + e_q[finish_lane_q],
                onto[127:96] + d_q[finish_lane_q], onto[95:64] + c_q[finish_lane_q],
                onto[63:32] + b_q[finish_lane_q], onto[31:0] + a_q[finish_lane_q]
            };
            chain_mem[finish_lane_q]                              <= sum;
            hash_mem[{finish_lane_q, hash_write_q[finish_lane_q]}] <= sum;
        end

        // All lanes turn while one has work; those without are not read.
        if (|running_q) begin
            for (n = 0; n < LANES; n = n + 1)
                t1[n] = hkw_q[n] + big_sigma_1(e_q[n]) + (g_q[n] ^ (e_q[n] & (f_q[n] ^ g_q[n])));
            for (n = 0; n < LANES; n = n + 1)
                a_d[n] = t1[n] + big_sigma_0(a_q[n]) + ((a_q[n] & b_q[n]) | (c_q[n] & (a_q[n] | b_q[n])));
            for (n = 0; n < LANES; n = n + 1)
                w_d[n] = w_q[0][n] + sigma_0(w_q[1][n]) + w_q[9][n] + sigma_1(w_q[14][n]);
            for (n = 0; n < LANES; n = n + 1)
                hkw_q[n] = g_q[n] + k[n] + w_q[1][n];
            for (n = 0; n < LANES; n = n + 1)
                h_q[n] = g_q[n];
            for (n = 0; n < LANES; n = n + 1)
                g_q[n] = f_q[n];
            for (n = 0; n < LANES; n = n + 1)
                f_q[n] = e_q[n];
            for (n = 0; n < LANES; n = n + 1)
                e_q[n] = d_q[n] + t1[n];
            for (n = 0; n < LANES; n = n + 1)
                d_q[n] = c_q[n];
            for (n = 0; n < LANES; n = n + 1)
                c_q[n] = b_q[n];
            for (n = 0; n < LANES; n = n + 1)
                b_q[n] = a_q[n];
            for (n = 0; n < LANES; n = n + 1)
                a_q[n] = a_d[n];
            for (j = 0; j < 15; j = j + 1)
                for (n = 0; n < LANES; n = n + 1)
                    w_q[j][n] = w_q[j + 1][n];
            for (n = 0; n < LANES; n = n + 1)
                w_q[15][n] = w_d[n];
        end

        if (load_q) begin
            start = load_first ? IV : chain_mem[load_lane_q];
            // A loop and not an index: synthesis then sees one enable a lane.
            for (n = 0; n < LANES; n = n + 1) begin
                if (load_lane_q == n[LANE_BITS-1:0]) begin
                    a_q[n]   = start[31:0];
                    b_q[n]   = start[63:32];
                    c_q[n]   = start[95:64];
                    d_q[n]   = start[127:96];
                    e_q[n]   = start[159:128];
                    f_q[n]   = start[191:160];
                    g_q[n]   = start[223:192];
                    hkw_q[n] = start[255:224] + k_0 + load_block_q[31:0];
                    for (j = 0; j < 16; j = j + 1)
                        w_q[j][n] = load_block_q[32*j +: 32];
                end
            end
        end
    end
    /* verilator lint_on BLKSEQ */

endmodule

`default_nettype wire
