`default_nettype none

// SipHash-2-4 of one message after the other, one SipRound a cycle (paper, section 2; 128 bits: reference code).
//
// II = 2 cycles per word and 4 more per message (8 for 128 bits), none lost between words or messages that wait.
// Latency = 6 cycles from a last word to the cycle that shows its hash (10 for 128 bits), lane idle.
// tready path: word_tready comes from registers only; hash_tready holds the lane in its last round.
// Reset: drops the message begun. The key is read at the first word of a message.
module siphash_lane #(
    parameter OUT_BITS = 64              // 64 or 128
) (
    input  wire                clk,
    input  wire                rst,             // synchronous, active high

    input  wire [127:0]        key,             // k_0 in the low half

    input  wire [63:0]         word_tdata,      // m_i
    input  wire                word_tlast,      // the message ends with this word
    input  wire                word_append,     // it ends with one more, of its length alone
    input  wire [4:0]          word_count,      // that length / 8 mod 32
    input  wire                word_tvalid,
    output wire                word_tready,

    output wire [OUT_BITS-1:0] hash_tdata,
    output wire                hash_tvalid,
    input  wire                hash_tready
);

    // Rounds of a message: 0 and 1 for each word, then 2..5, and 6..9 for the second half of 128 bits.
    localparam       ROUND_BITS = OUT_BITS == 128 ? 4 : 3;
    localparam [3:0] LAST_ROUND = OUT_BITS == 128 ? 4'd9 : 4'd5;

    // What tells the two sizes apart (reference code, siphash.c).
    localparam [7:0] V1_START = OUT_BITS == 128 ? 8'hee : 8'h00;
    localparam [7:0] V2_FINAL = OUT_BITS == 128 ? 8'hee : 8'hff;

    // ---- the word in work; the next one takes its place in round 1 ----

    reg [63:0] word_q;
    reg [4:0]  count_q;
    reg        last_q;
    reg        append_q;
    reg        valid_q;

    reg [ROUND_BITS-1:0] round_q;
    wire first  = round_q == 0;
    wire second = round_q == 1;
    wire finish = round_q == LAST_ROUND[ROUND_BITS-1:0];

    assign word_tready = !valid_q || (second && !append_q);

    always @(posedge clk) begin
        if (word_tready) begin
            word_q   <= word_tdata;
            count_q  <= word_count;
            last_q   <= word_tlast;
            append_q <= word_append;
            valid_q  <= word_tvalid;
        end else if (second) begin
            word_q   <= {count_q, 59'd0};
            last_q   <= 1'b1;
            append_q <= 1'b0;
        end
        if (rst) valid_q <= 1'b0;
    end

    // ---- SipRound (figure 2.1), with v3 ^= m_i in front of the first round of a word ----

    reg  [63:0] v0_q, v1_q, v2_q, v3_q;

    wire [63:0] v3 = v3_q ^ (first ? word_q : 64'd0);

    wire [63:0] a0 = v0_q + v1_q;
    wire [63:0] a2 = v2_q + v3;
    wire [63:0] a1 = {v1_q[50:0], v1_q[63:51]} ^ a0;
    wire [63:0] a3 = {v3[47:0], v3[63:48]} ^ a2;

    wire [63:0] b2 = a2 + a1;
    wire [63:0] b0 = {a0[31:0], a0[63:32]} + a3;
    wire [63:0] b1 = {a1[46:0], a1[63:47]} ^ b2;
    wire [63:0] b3 = {a3[42:0], a3[63:43]} ^ b0;
    wire [63:0] c2 = {b2[31:0], b2[63:32]};

    wire [63:0] hash = b0 ^ b1 ^ c2 ^ b3;

    // ---- state ----

    reg  fresh_q;                        // no word of the message at work is in the state yet

    wire go      = first ? valid_q : !finish || hash_tready;
    // Behind the last round, so that the next message starts at once, and while idle, to follow the key.
    wire restart = go ? finish : fresh_q;

    wire [ROUND_BITS-1:0] round_next = round_q + 1'b1;
    wire [63:0]           v1_next;       // b1, changed between the halves of 128 bits

    always @(posedge clk) begin
        if (go) begin
            round_q <= finish || (second && !last_q) ? {ROUND_BITS{1'b0}} : round_next;
            fresh_q <= finish;
            v0_q    <= b0 ^ (second ? word_q : 64'd0);
            v1_q    <= v1_next;
            v2_q    <= c2 ^ (second && last_q ? {56'd0, V2_FINAL} : 64'd0);
            v3_q    <= b3;
        end
        if (restart) begin
            v0_q <= key[63:0] ^ 64'h736f6d6570736575;
            v1_q <= key[127:64] ^ 64'h646f72616e646f6d ^ {56'd0, V1_START};
            v2_q <= key[63:0] ^ 64'h6c7967656e657261;
            v3_q <= key[127:64] ^ 64'h7465646279746573;
        end
        if (rst) begin
            round_q <= {ROUND_BITS{1'b0}};
            fresh_q <= 1'b1;
        end
    end

    assign hash_tvalid = finish;

    generate
        if (OUT_BITS == 128) begin : gen_two_halves
            reg  [63:0] half_q;
            wire        half = round_q == 5;

            always @(posedge clk)
                if (half) half_q <= hash;

            assign v1_next    = b1 ^ (half ? 64'hdd : 64'd0);
            assign hash_tdata = {hash, half_q};
        end else begin : gen_one
            assign v1_next    = b1;
            assign hash_tdata = hash;
        end
    endgenerate

endmodule

`default_nettype wire
