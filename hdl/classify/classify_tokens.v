`default_nettype none

// Finds the tokens that end in a beat: hash and kind of each.
//
// II = 1 beat per cycle, nothing stalls. Latency = 2 cycles from a beat to its tokens.
// Reset: forgets the token begun; what comes out until the next beat has gone through is meaningless.
//
// Two tokens have a separator between them, so of bytes 2k-1 and 2k at most one is the last of a token: slot k gives
// that one. Byte -1 is the last of the beat before; the last byte of this beat is left to the next one.
module classify_tokens #(
    parameter DATA_BYTES = 8,
    parameter INDEX_BITS = 13                                // 8..16
) (
    input  wire                               clk,
    input  wire                               rst,           // synchronous, active high

    input  wire                               beat,          // tdata and tkeep are taken
    input  wire                               flush,         // a beat without bytes is taken; not with beat
    input  wire [8*DATA_BYTES-1:0]            tdata,
    input  wire [DATA_BYTES-1:0]              tkeep,
    output wire                               open_tail,     // the last byte of tdata is part of a token

    output wire [DATA_BYTES/2-1:0]            token_valid,
    output wire [INDEX_BITS*DATA_BYTES/2-1:0] token_index,
    output wire [4*DATA_BYTES/2-1:0]          token_kind     // each: 16 bytes or more, digit, upper, lower case in it
);

    localparam SLOTS = DATA_BYTES / 2;

    genvar i;

    // ---- stage 1: kind and symbol of each byte ----

    reg                  valid_q;
    wire [DATA_BYTES-1:0] token;                             // byte i is part of a token

    always @(posedge clk) begin
        valid_q <= beat || flush;
        if (rst)
            valid_q <= 1'b0;
    end

    generate
        for (i = 0; i < DATA_BYTES; i = i + 1) begin : gen_kind
            wire [7:0] char  = tdata[8*i +: 8];
            wire       lower = char >= "a" && char <= "z";
            wire       upper = char >= "A" && char <= "Z";
            wire       digit = char >= "0" && char <= "9";
            reg  [2:0] kind_q;                               // 0: a separator, or no byte
            reg  [5:0] symbol_q;

            assign token[i] = kind_q != 3'd0;

            always @(posedge clk) begin
                kind_q   <= beat && tkeep[i] ? {digit, upper, lower} : 3'd0;
                symbol_q <= {char[6], char[4:0]};            // the cases of a letter differ in bit 5
            end

            if (i == DATA_BYTES - 1) begin : gen_tail
                assign open_tail = tkeep[i] && (lower || upper || digit);
            end
        end
    endgenerate

    // ---- stage 2: hash and kinds of the token so far, behind each byte ----
    // A rotation is wiring, so a byte costs an AND and an XOR on the way from one beat to the next.

    reg  [15:0]            hash_q;                           // behind the beat before
    reg  [2:0]             seen_q;
    reg  [15:0]            recent_q;                         // its last 16 bytes, the newest in bit 15: token or not
    wire [DATA_BYTES+15:0] recent = {token, recent_q};
    wire [DATA_BYTES:0]    live   = {token, valid_q && recent_q[15]};  // bit i: byte i - 1

    generate
        for (i = 0; i < DATA_BYTES; i = i + 1) begin : gen_byte
            wire [15:0] hash_before, hash;
            wire [2:0]  seen_before, seen;
            if (i == 0) begin : gen_first
                assign hash_before = hash_q;
                assign seen_before = seen_q;
            end else begin : gen_next
                assign hash_before = gen_byte[i-1].hash;
                assign seen_before = gen_byte[i-1].seen;
            end
            assign hash = token[i] ? {hash_before[10:0], hash_before[15:11]} ^ {10'd0, gen_kind[i].symbol_q} : 16'd0;
            assign seen = token[i] ? seen_before | gen_kind[i].kind_q : 3'd0;
        end
    endgenerate

    // The last beat of a packet ends in a separator, so nothing of one packet gets into the next.
    always @(posedge clk) begin
        if (valid_q) begin
            hash_q   <= gen_byte[DATA_BYTES-1].hash;
            seen_q   <= gen_byte[DATA_BYTES-1].seen;
            recent_q <= recent[DATA_BYTES +: 16];
        end
        if (rst) begin
            hash_q       <= 16'd0;
            seen_q       <= 3'd0;
            recent_q[15] <= 1'b0;
        end
    end

    generate
        for (i = 0; i < SLOTS; i = i + 1) begin : gen_slot
            // Byte 2i is part of a token, which ends there or not; else the token that ended behind byte 2i - 1 is meant.
            wire        even = live[2*i+1];
            wire [15:0] hash = even ? gen_byte[2*i].hash : gen_byte[2*i].hash_before;

            reg                  ends_q;
            reg [INDEX_BITS-1:0] index_q;
            reg [3:0]            kinds_q;

            assign token_valid[i]                          = ends_q;
            assign token_index[INDEX_BITS*i +: INDEX_BITS] = index_q;
            assign token_kind[4*i +: 4]                    = kinds_q;

            always @(posedge clk) begin
                ends_q  <= even ? !live[2*i+2] : live[2*i];
                kinds_q <= even ? {&recent[2*i+1 +: 16], gen_byte[2*i].seen}
                                : {&recent[2*i +: 16], gen_byte[2*i].seen_before};
            end

            if (INDEX_BITS == 16) begin : gen_whole
                always @(posedge clk)
                    index_q <= hash;
            end else begin : gen_fold
                always @(posedge clk)
                    index_q <= hash[INDEX_BITS-1:0] ^ {{(2*INDEX_BITS-16){1'b0}}, hash[15:INDEX_BITS]};
            end
        end
    endgenerate

endmodule

`default_nettype wire
