`default_nettype none

// Extracts fields of a record, compares them with constants, and forms sums of products of the outcomes.
//
// II = 1 record a cycle; nothing in here stalls. Latency = 6 cycles from `record` to `met`.
// tready path: none; the parent admits only records whose result has a place.
// Reset: none; the parent knows which results are of records.
//
// stage 1  the record is registered
// stage 2  each field: 8 bytes picked from the record, the top bit inverted if the field is signed
// stage 3  each comparator: one of the fields, masked
// stage 4  each comparator: whether that is less than, or equal to, its value: 64 bits, unsigned
// stage 5  each term (an AND): met unless the outcome of a comparator excludes it
// stage 6  each rule (an OR): the terms that feed it, inverted if it says so, 0 unless it is enabled
module record_filter_pipeline #(
    parameter RECORD_BYTES = 36,
    parameter FIELDS       = 4,
    parameter COMPARATORS  = 16,
    parameter TERMS        = 16,
    parameter RULES        = 8,
    parameter INDEX_BITS   = 4,
    parameter FIELD_BITS   = 2
) (
    input  wire                      clk,

    input  wire [8*RECORD_BYTES-1:0] record,
    output wire [RULES-1:0]          met,

    input  wire                      load_field,        // one cycle: store an entry
    input  wire                      load_compare,
    input  wire                      load_exclude,
    input  wire                      load_feed,
    input  wire [INDEX_BITS-1:0]     load_index,
    input  wire [FIELD_BITS-1:0]     load_source,
    input  wire                      load_flag,
    input  wire [127:0]              load_data,
    input  wire [RULES-1:0]          enable,
    input  wire [RULES-1:0]          invert
);

    localparam PICK_BITS = RECORD_BYTES > 1 ? $clog2(RECORD_BYTES) : 1;

    // Everything that a loop goes over is an array updated by blocking assignments, last stage first, as C++ compilers turn the
    // simulated loops into vector instructions (README, "Simulation speed"). This is safe because this block alone reads the
    // arrays; what leaves it is non-blocking. The tables are written last: a record sees them as they were before the edge.
    (* mem2reg *) reg [PICK_BITS-1:0]  pick_q     [0:8*FIELDS-1];    // byte of the record that is byte b of field f: [8*f + b]
    (* mem2reg *) reg                  signed_q   [0:FIELDS-1];
    (* mem2reg *) reg [FIELD_BITS-1:0] source_q   [0:COMPARATORS-1]; // field that is compared
    (* mem2reg *) reg                  less_q     [0:COMPARATORS-1]; // 1: less than; 0: equal to
    (* mem2reg *) reg [63:0]           mask_q     [0:COMPARATORS-1];
    (* mem2reg *) reg [63:0]           value_q    [0:COMPARATORS-1];
    (* mem2reg *) reg [TERMS-1:0]      if_true_q  [0:COMPARATORS-1]; // terms excluded where the outcome is 1
    (* mem2reg *) reg [TERMS-1:0]      if_false_q [0:COMPARATORS-1]; // terms excluded where it is 0
    (* mem2reg *) reg [RULES-1:0]      feeds_q    [0:TERMS-1];       // rules that the term is part of

    (* mem2reg *) reg [7:0]  byte_q    [0:RECORD_BYTES-1];           // stage 1
    (* mem2reg *) reg [63:0] field_q   [0:FIELDS-1];                 // stage 2
    (* mem2reg *) reg [63:0] operand_q [0:COMPARATORS-1];            // stage 3
    (* mem2reg *) reg        outcome_q [0:COMPARATORS-1];            // stage 4
    reg [TERMS-1:0]          excluded_q;                            // stage 5
    reg [RULES-1:0]          met_q;                                  // stage 6

    reg [RULES-1:0] any;
    reg [TERMS-1:0] excluded;
    integer         b, c, f, t;

    assign met = met_q;

    /* verilator lint_off BLKSEQ */
    always @(posedge clk) begin
        any = {RULES{1'b0}};
        for (t = 0; t < TERMS; t = t + 1)
            any = any | (excluded_q[t] ? {RULES{1'b0}} : feeds_q[t]);
        met_q <= (any ^ invert) & enable;

        excluded = {TERMS{1'b0}};
        for (c = 0; c < COMPARATORS; c = c + 1)
            excluded = excluded | (outcome_q[c] ? if_true_q[c] : if_false_q[c]);
        excluded_q = excluded;

        for (c = 0; c < COMPARATORS; c = c + 1)
            outcome_q[c] = less_q[c] ? operand_q[c] < value_q[c] : operand_q[c] == value_q[c];

        for (c = 0; c < COMPARATORS; c = c + 1)
            operand_q[c] = field_q[source_q[c]] & mask_q[c];

        for (f = 0; f < FIELDS; f = f + 1)
            field_q[f] = {
                byte_q[pick_q[8*f + 7]] ^ {signed_q[f], 7'd0}, byte_q[pick_q[8*f + 6]],
                byte_q[pick_q[8*f + 5]], byte_q[pick_q[8*f + 4]],
                byte_q[pick_q[8*f + 3]], byte_q[pick_q[8*f + 2]],
                byte_q[pick_q[8*f + 1]], byte_q[pick_q[8*f]]
            };

        for (b = 0; b < RECORD_BYTES; b = b + 1)
            byte_q[b] = record[8*b +: 8];

        if (load_field)
            for (f = 0; f < FIELDS; f = f + 1) if (load_index == f[INDEX_BITS-1:0]) begin
                for (b = 0; b < 8; b = b + 1)
                    pick_q[8*f + b] = load_data[8*b +: PICK_BITS];
                signed_q[f] = load_flag;
            end
        if (load_compare)
            for (c = 0; c < COMPARATORS; c = c + 1) if (load_index == c[INDEX_BITS-1:0]) begin
                mask_q[c]   = load_data[63:0];
                value_q[c]  = load_data[127:64];
                source_q[c] = load_source;
                less_q[c]   = load_flag;
            end
        if (load_exclude)
            for (c = 0; c < COMPARATORS; c = c + 1) if (load_index == c[INDEX_BITS-1:0]) begin
                if_true_q[c]  = load_data[TERMS-1:0];
                if_false_q[c] = load_data[64 +: TERMS];
            end
        if (load_feed)
            for (t = 0; t < TERMS; t = t + 1) if (load_index == t[INDEX_BITS-1:0])
                feeds_q[t] = load_data[RULES-1:0];
    end
    /* verilator lint_on BLKSEQ */

endmodule

`default_nettype wire
