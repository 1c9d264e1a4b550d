// Matches all patterns against DATA_BYTES bytes of a message a cycle.
//
// II       1 beat a cycle; nothing in here stalls.
// Latency  a beat taken in cycle n shows in `found` in cycle n + 2 (combinational from registers).
// tready   none; the parent admits only packets whose result has a place.
// Reset    synchronous, active high; makes every pattern unused and leaves the tables as they are.
//
// For each offset j back from the last byte of a pattern there is a table with a row for each symbol
// (byte value): bit p of row c is set if pattern p has c at offset j or is not longer than j. Pattern
// p ends at byte t of the message if its bit is set in row byte[t-j] of table j for all j. Patterns
// still alive step from table j+1 to table j with each byte: Shift-And, with the shift in the wiring.

`default_nettype none

module literal_match_lanes #(
    parameter DATA_BYTES    = 8,
    parameter PATTERNS      = 256,
    parameter PATTERN_BYTES = 16
) (
    input  wire                        clk,
    input  wire                        rst,

    input  wire [8*DATA_BYTES-1:0]     symbols,           // stage 0
    input  wire                        read_valid,        // stage 1: their rows are there
    input  wire [DATA_BYTES-1:0]       read_keep,
    input  wire                        read_restart,      // the next beat begins a packet
    input  wire                        hit_restart,       // stage 2: the next hits are of another packet
    output wire [PATTERNS-1:0]         found,             // in the packet so far, this beat included

    input  wire                        load_clear,        // make every pattern unused
    input  wire [PATTERNS/32-1:0]      load_row_enable,   // write load_row at load_symbol
    input  wire [PATTERNS/32-1:0]      load_group_enable, // take load_beyond
    input  wire [7:0]                  load_symbol,
    input  wire [32*PATTERN_BYTES-1:0] load_row,          // word j: row of table j, 32 patterns
    input  wire [32*PATTERN_BYTES-1:0] load_beyond        // word j: patterns not longer than j
);

    localparam GROUPS = PATTERNS / 32;

    reg  [8*DATA_BYTES-1:0] symbols_q;
    wire [PATTERNS-1:0]     group_mask;
    wire                    load_any_row   = |load_row_enable;
    wire                    load_any_group = |load_group_enable;

    always @(posedge clk) symbols_q <= symbols;

    genvar g, i, j;
    generate
        for (g = 0; g < GROUPS; g = g + 1) begin : gen_group
            assign group_mask[32*g +: 32] = {32{load_group_enable[g]}};
        end

        // Stage 1: one AND over the rows of this beat and what the beats before left alive.
        for (j = 0; j < PATTERN_BYTES; j = j + 1) begin : gen_offset
            // A read port a lane: block RAM, replicated by the tools. The address is registered, not
            // the row: the same block RAM, but a simulator does not copy 4 KiB a cycle (92 instead
            // of 120 ns at the default). Rows are written only while no packet is under way, so a
            // read of a row being written needs no defined result, and blocking writes race with
            // nothing that matters; each nonblocking one would be polled every cycle (132 ns).
            /* verilator lint_off BLKSEQ */
            (* no_rw_check, rw_addr_collision = "no", ram_style = "block" *)
            reg [PATTERNS-1:0] rows [0:255];
            /* verilator lint_on BLKSEQ */

            integer group;
            always @(posedge clk)
                if (load_any_row)
                    for (group = 0; group < GROUPS; group = group + 1)
                        if (load_row_enable[group])
                            rows[load_symbol][32*group +: 32] = load_row[32*j +: 32];

            // Patterns whose bytes at the offsets above j fit the bytes before this beat.
            wire [PATTERNS-1:0] alive;

            for (i = 0; i < DATA_BYTES; i = i + 1) begin : gen_lane
                wire [PATTERNS-1:0] fits;
                if (i == 0 || j == PATTERN_BYTES - 1) begin : gen_first
                    assign fits = alive & rows[symbols_q[8*i +: 8]];
                end else begin : gen_next
                    assign fits = gen_offset[j+1].gen_lane[i-1].fits & rows[symbols_q[8*i +: 8]];
                end
            end

            if (j == PATTERN_BYTES - 1) begin : gen_free
                assign alive = {PATTERNS{1'b1}};         // no pattern has a byte above this offset
                wire unused_if_single = read_restart;    // patterns of one byte carry nothing on
            end else begin : gen_carry
                reg [PATTERNS-1:0] start_q;              // alive in front of the first byte
                reg [PATTERNS-1:0] alive_q;
                assign alive = alive_q;
                always @(posedge clk) begin
                    if (read_restart) alive_q <= start_q;
                    else if (read_valid) alive_q <= gen_offset[j+1].gen_lane[DATA_BYTES-1].fits;
                    if (load_any_group)
                        start_q <= start_q & ~group_mask |
                            {GROUPS{load_beyond[32*(j+1) +: 32]}} & group_mask;
                end
            end
        end

        // Stage 2: one OR over the hits of this beat; found_q adds those before it.
        for (i = 0; i < DATA_BYTES; i = i + 1) begin : gen_hit
            reg  [PATTERNS-1:0] hit_q;                   // patterns that end at byte i of the beat
            wire [PATTERNS-1:0] any;                     // or at one before it
            always @(posedge clk)
                if (read_valid) hit_q <= gen_offset[0].gen_lane[i].fits & {PATTERNS{read_keep[i]}};
            if (i == 0) begin : gen_first
                assign any = hit_q;
            end else begin : gen_next
                assign any = gen_hit[i-1].any | hit_q;
            end
        end
    endgenerate

    reg  [PATTERNS-1:0] used_q;
    reg  [PATTERNS-1:0] found_q;
    wire [PATTERNS-1:0] found_d = found_q | gen_hit[DATA_BYTES-1].any;

    assign found = found_d & used_q;

    always @(posedge clk) begin
        // Between beats the hits stay those of the last one, which are in found_q already.
        found_q <= hit_restart ? {PATTERNS{1'b0}} : found_d;
        if (rst || load_clear) used_q <= {PATTERNS{1'b0}};
        else
            used_q <= used_q & ~group_mask | {GROUPS{~load_beyond[31:0]}} & group_mask;
    end

endmodule

`default_nettype wire
