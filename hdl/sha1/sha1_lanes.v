`default_nettype none

// SHA-1 of blocks on LANES iterative cores, one round a cycle, messages dealt round robin (FIPS 180-4, section 6.1.2).
//
// Time is a ring of 82 slots. In its slot, once a turn, a lane gives up the block of the turn before and takes the next
// one; so all lanes share one block buffer, one final addition and one hash buffer, without arbitration.
// Hashes are collected round robin too, hence in order.
// II = 1 block per cycle until the buffer of the lane due is full; sustained LANES blocks every 82 cycles.
// Latency = 85 cycles from the last block of a message to its hash, kernel idle; up to 81 more until the slot comes.
// tready path: block_tready comes from registers only.
// Reset: drops all blocks and hashes; the next message goes to lane 0.
module sha1_lanes #(
    parameter LANES       = 16,          // 1..64
    parameter FIFO_BLOCKS = 4            // blocks buffered per lane; a power of two, at least 2
) (
    input  wire         clk,
    input  wire         rst,             // synchronous, active high

    input  wire [511:0] block_tdata,     // W_t at [32*t +: 32]
    input  wire         block_tfirst,
    input  wire         block_tlast,
    input  wire         block_tvalid,
    output wire         block_tready,

    output wire [159:0] hash_tdata,      // H_i at [32*i +: 32]
    output wire         hash_tvalid,
    input  wire         hash_tready
);

    // Initial hash value, H_0 in the low word (FIPS 180-4, section 5.3.1).
    localparam [159:0] IV = {32'hc3d2e1f0, 32'h10325476, 32'h98badcfe, 32'hefcdab89, 32'h67452301};

    // 80 rounds, one cycle to load a lane and one to add its result.
    localparam [6:0] SLOTS = 7'd82;

    localparam        LANE_BITS  = LANES > 1 ? $clog2(LANES) : 1;
    localparam        ADDR_BITS  = $clog2(FIFO_BLOCKS);
    localparam        COUNT_BITS = $clog2(LANES * (FIFO_BLOCKS + 1) + 1);
    localparam [31:0] LANE_COUNT = LANES;
    localparam [31:0] LAST_LANE  = LANES - 1;

    // Quarter of 20 rounds that a lane is in; its round 0 is due in its slot (any answer will do beyond round 79).
    function [1:0] quarter_of(input [6:0] slot, input [6:0] lane);
        reg [6:0] round;
        begin
            round      = slot - lane + (slot < lane ? SLOTS : 7'd0);
            quarter_of = {round >= 7'd40, round >= 7'd60 || (round >= 7'd20 && round < 7'd40)};
        end
    endfunction

    // K_t (section 4.2.1).
    function [31:0] k_of(input [1:0] quarter);
        k_of = quarter[1]
            ? (quarter[0] ? 32'hca62c1d6 : 32'h8f1bbcdc)
            : (quarter[0] ? 32'h6ed9eba1 : 32'h5a827999);
    endfunction

    // f_t: Ch, Parity, Maj, Parity (section 4.1.1).
    function [31:0] f_of(input [1:0] quarter, input [31:0] x, input [31:0] y, input [31:0] z);
        f_of = quarter[0] ? x ^ y ^ z
            : quarter[1] ? (x & y) | (z & (x | y))
            : z ^ (x & (y ^ z));
    endfunction

    // ---- blocks wait in one memory with a ring for each lane ----

    reg [513:0]          block_mem [0:(1 << (LANE_BITS + ADDR_BITS))-1];
    reg [ADDR_BITS:0]    write_q [0:(1 << LANE_BITS)-1];
    reg [ADDR_BITS:0]    read_q [0:(1 << LANE_BITS)-1];
    reg [LANE_BITS-1:0]  deal_q;         // lane that gets the message at the input
    reg [COUNT_BITS-1:0] blocks_q;       // in the rings and in the lanes

    wire [ADDR_BITS:0]   deal_write = write_q[deal_q];

    assign block_tready = (deal_write ^ read_q[deal_q]) != {1'b1, {ADDR_BITS{1'b0}}};

    wire push = block_tvalid && block_tready;
    wire idle = blocks_q == {COUNT_BITS{1'b0}};

    // ---- hashes wait in one memory with two places for each lane ----

    reg [159:0]          hash_mem [0:(2 << LANE_BITS)-1];
    reg [1:0]            hash_write_q [0:(1 << LANE_BITS)-1];
    reg [1:0]            hash_read_q [0:(1 << LANE_BITS)-1];
    reg [LANE_BITS-1:0]  collect_q;      // lane that owes the next hash

    wire [1:0]           collect_read = hash_read_q[collect_q];

    assign hash_tvalid = hash_write_q[collect_q] != collect_read;
    assign hash_tdata  = hash_mem[{collect_q, collect_read[0]}];

    // ---- first cycle of a slot: the block in the lane ends, the next one is read ----

    reg [6:0]            slot_q;
    reg [LANES-1:0]      busy_q;         // lanes with a block
    reg [LANES-1:0]      last_q;         // which is the last of its message

    wire [LANE_BITS-1:0] lane      = slot_q[LANE_BITS-1:0];
    wire [ADDR_BITS:0]   lane_read = read_q[lane];
    wire                 here      = slot_q < LANE_COUNT[6:0];
    wire                 finish    = here && busy_q[lane];
    wire                 deliver   = finish && last_q[lane];

    // A block starts if there will be a place for the hash it may give.
    wire [1:0]           held  = hash_write_q[lane] - hash_read_q[lane];
    wire                 room  = !held[1] && !(held[0] && deliver);
    wire                 start = here && room && write_q[lane] != lane_read;

    // ---- second cycle: the hash is stored, the block goes into the lane ----

    reg [LANE_BITS-1:0]  lane_q;
    reg                  deliver_q;
    reg                  load_q;
    reg [513:0]          load_block_q;
    reg [159:0]          h_q;            // hash of the message in the lane, up to here

    wire [159:0]         load_h     = load_q && load_block_q[512] ? IV : h_q;
    wire [1:0]           hash_write = hash_write_q[lane_q];

    integer r;

    always @(posedge clk) begin
        if (push) begin
            block_mem[{deal_q, deal_write[ADDR_BITS-1:0]}] <= {block_tlast, block_tfirst, block_tdata};
            write_q[deal_q] <= deal_write + 1'b1;
            if (block_tlast)
                deal_q <= deal_q == LAST_LANE[LANE_BITS-1:0] ? {LANE_BITS{1'b0}} : deal_q + 1'b1;
        end
        if (push && !finish)
            blocks_q <= blocks_q + 1'b1;
        if (finish && !push)
            blocks_q <= blocks_q - 1'b1;

        // With nothing to do the ring stands at the lane due, so that the next block need not wait for its slot.
        // Reset empties the lanes, so slot_q comes right by itself.
        if (idle)
            slot_q <= {{(7 - LANE_BITS){1'b0}}, deal_q};
        else
            slot_q <= slot_q == SLOTS - 7'd1 ? 7'd0 : slot_q + 7'd1;

        if (here)
            busy_q[lane] <= start;
        if (start) begin
            load_block_q <= block_mem[{lane, lane_read[ADDR_BITS-1:0]}];
            read_q[lane] <= lane_read + 1'b1;
        end
        lane_q    <= lane;
        load_q    <= start;
        deliver_q <= deliver;

        if (load_q)
            last_q[lane_q] <= load_block_q[513];
        if (deliver_q) begin
            hash_mem[{lane_q, hash_write[0]}] <= h_q;
            hash_write_q[lane_q]              <= hash_write + 2'd1;
        end

        if (hash_tvalid && hash_tready) begin
            hash_read_q[collect_q] <= collect_read + 2'd1;
            collect_q <= collect_q == LAST_LANE[LANE_BITS-1:0] ? {LANE_BITS{1'b0}} : collect_q + 1'b1;
        end

        if (rst) begin
            for (r = 0; r < (1 << LANE_BITS); r = r + 1) begin
                write_q[r]      <= {(ADDR_BITS + 1){1'b0}};
                read_q[r]       <= {(ADDR_BITS + 1){1'b0}};
                hash_write_q[r] <= 2'd0;
                hash_read_q[r]  <= 2'd0;
            end
            blocks_q  <= {COUNT_BITS{1'b0}};
            busy_q    <= {LANES{1'b0}};
            deal_q    <= {LANE_BITS{1'b0}};
            collect_q <= {LANE_BITS{1'b0}};
            deliver_q <= 1'b0;
        end
    end

    // ---- the lanes ----

    // Arrays indexed by lane, updated by loops of one statement with blocking assignments: C++ compilers turn the
    // simulated loops into vector instructions (../sha256/README.md, "Simulation speed"). The assignments are safe
    // because only this block reads the arrays. ekw is e + K_t + W_t, added a cycle early to shorten the round.
    (* mem2reg *) reg [31:0] a_q [0:LANES-1];
    (* mem2reg *) reg [31:0] b_q [0:LANES-1];
    (* mem2reg *) reg [31:0] c_q [0:LANES-1];
    (* mem2reg *) reg [31:0] d_q [0:LANES-1];
    (* mem2reg *) reg [31:0] e_q [0:LANES-1];
    (* mem2reg *) reg [31:0] ekw_q [0:LANES-1];
    (* mem2reg *) reg [31:0] w_q [0:15][0:LANES-1];  // W_{t+j} of a lane at [j][lane]
    (* mem2reg *) reg [1:0]  quarter_q [0:LANES-1];
    (* mem2reg *) reg [1:0]  k_quarter_q [0:LANES-1]; // a round ahead, as ekw is
    (* mem2reg *) reg [31:0] a_d [0:LANES-1];
    (* mem2reg *) reg [31:0] w_d [0:LANES-1];
    reg [159:0]   chain_mem [0:(1 << LANE_BITS)-1];   // hash of the message in the lane, before its block
    wire [159:0]  chain = chain_mem[lane];
    integer       n;
    integer       j;

    /* verilator lint_off BLKSEQ */
    always @(posedge clk) begin
        h_q <= chain;
        if (finish)
            h_q <= {
                chain[159:128] + e_q[lane], chain[127:96] + d_q[lane], chain[95:64] + c_q[lane],
                chain[63:32] + b_q[lane], chain[31:0] + a_q[lane]
            };
        chain_mem[lane_q] <= load_h;

        // All lanes turn while one has work; those without are not read.
        if (!idle) begin
            for (n = 0; n < LANES; n = n + 1)
                a_d[n] = {a_q[n][26:0], a_q[n][31:27]} + f_of(quarter_q[n], b_q[n], c_q[n], d_q[n]) + ekw_q[n];
            for (n = 0; n < LANES; n = n + 1)
                w_d[n] = w_q[0][n] ^ w_q[2][n] ^ w_q[8][n] ^ w_q[13][n];
            for (n = 0; n < LANES; n = n + 1)
                ekw_q[n] = d_q[n] + k_of(k_quarter_q[n]) + w_q[1][n];
            for (n = 0; n < LANES; n = n + 1)
                e_q[n] = d_q[n];
            for (n = 0; n < LANES; n = n + 1)
                d_q[n] = c_q[n];
            for (n = 0; n < LANES; n = n + 1)
                c_q[n] = {b_q[n][1:0], b_q[n][31:2]};
            for (n = 0; n < LANES; n = n + 1)
                b_q[n] = a_q[n];
            for (n = 0; n < LANES; n = n + 1)
                a_q[n] = a_d[n];
            for (j = 0; j < 15; j = j + 1)
                for (n = 0; n < LANES; n = n + 1)
                    w_q[j][n] = w_q[j + 1][n];
            for (n = 0; n < LANES; n = n + 1)
                w_q[15][n] = {w_d[n][30:0], w_d[n][31]};
            for (n = 0; n < LANES; n = n + 1)
                quarter_q[n] = k_quarter_q[n];
            for (n = 0; n < LANES; n = n + 1)
                k_quarter_q[n] = quarter_of(slot_q, n[6:0]);
        end

        // A loop and not an index: synthesis then sees one enable a lane.
        if (load_q) begin
            for (n = 0; n < LANES; n = n + 1) begin
                if (lane_q == n[LANE_BITS-1:0]) begin
                    a_q[n]   = load_h[31:0];
                    b_q[n]   = load_h[63:32];
                    c_q[n]   = load_h[95:64];
                    d_q[n]   = load_h[127:96];
                    ekw_q[n] = load_h[159:128] + k_of(2'd0) + load_block_q[31:0];
                    for (j = 0; j < 16; j = j + 1)
                        w_q[j][n] = load_block_q[32*j +: 32];
                end
            end
        end
    end
    /* verilator lint_on BLKSEQ */

endmodule

`default_nettype wire
