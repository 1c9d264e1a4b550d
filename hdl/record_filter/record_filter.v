`default_nettype none

// Answers each fixed-size record with a bitmap of the loaded rules that it meets.
//
// II       1 record a cycle for any records and any rules.
// Latency  7 cycles from a record to the first cycle of its bitmap.
// tready   s_axis_tready depends on registers only, never on m_axis_tready or s_axis_tvalid.
// Reset    synchronous, active high, control only; drops records in flight and disables every rule.
//
// A record is one beat, so neither stream needs tkeep and the input no tlast. The registers that load rules are described
// in README.md.
module record_filter #(
    parameter RECORD_BYTES = 36,                 // bytes of a record and of a beat: 1..64
    parameter FIELDS       = 4,                  // fields extracted: 2, 4, 8
    parameter COMPARATORS  = 16,                 // comparisons of a field with a constant: 8, 16, 32, 64
    parameter TERMS        = 16,                 // ANDs of comparisons: 8, 16, 32, 64
    parameter RULES        = 8                   // ORs of terms, or their inverse: 8, 16, 24, 32
) (
    input  wire                      clk,
    input  wire                      rst,        // synchronous, active high

    input  wire [8*RECORD_BYTES-1:0] s_axis_tdata, // byte i of the record at [8*i +: 8]
    input  wire                      s_axis_tvalid,
    output wire                      s_axis_tready,

    output wire [RULES-1:0]          m_axis_tdata, // bit i: the record meets rule i
    output wire                      m_axis_tvalid,
    input  wire                      m_axis_tready,
    output wire                      m_axis_tlast, // a result is one beat

    input  wire [5:0]                s_axil_awaddr,
    input  wire                      s_axil_awvalid,
    output wire                      s_axil_awready,
    input  wire [31:0]               s_axil_wdata,
    input  wire [3:0]                s_axil_wstrb,
    input  wire                      s_axil_wvalid,
    output wire                      s_axil_wready,
    output wire [1:0]                s_axil_bresp,
    output wire                      s_axil_bvalid,
    input  wire                      s_axil_bready
);

    generate
        if (RECORD_BYTES < 1 || RECORD_BYTES > 64) begin : gen_illegal_record_bytes
            RECORD_BYTES_must_be_1_to_64 u_illegal ();
        end
        if (FIELDS != 2 && FIELDS != 4 && FIELDS != 8) begin : gen_illegal_fields
            FIELDS_must_be_2_4_or_8 u_illegal ();
        end
        if (COMPARATORS != 8 && COMPARATORS != 16 && COMPARATORS != 32 && COMPARATORS != 64) begin : gen_illegal_comparators
            COMPARATORS_must_be_8_16_32_or_64 u_illegal ();
        end
        if (TERMS != 8 && TERMS != 16 && TERMS != 32 && TERMS != 64) begin : gen_illegal_terms
            TERMS_must_be_8_16_32_or_64 u_illegal ();
        end
        if (RULES < 8 || RULES > 32 || RULES % 8 != 0) begin : gen_illegal_rules
            RULES_must_be_a_multiple_of_8_from_8_to_32 u_illegal ();
        end
    endgenerate

    // ---- admission ----
    // The pipeline never stalls. A record reserves its place in the result FIFO when it is accepted, so the ready of the sink
    // fans out to a counter and not to the enable of every stage.

    localparam STAGES     = 6;
    localparam FIFO_DEPTH = 16;                  // above the latency, so that II stays 1

    reg [4:0]        reserved_q;                 // results under way or queued, 0..FIFO_DEPTH
    reg [STAGES-1:0] valid_q;                    // bit s: stage s + 1 holds a record

    wire accept   = s_axis_tvalid && s_axis_tready;
    wire released = m_axis_tvalid && m_axis_tready;

    assign s_axis_tready = !reserved_q[4];

    always @(posedge clk) begin
        valid_q <= {valid_q[STAGES-2:0], accept};
        if (accept && !released) reserved_q <= reserved_q + 5'd1;
        if (!accept && released) reserved_q <= reserved_q - 5'd1;
        if (rst) begin
            valid_q    <= {STAGES{1'b0}};
            reserved_q <= 5'd0;
        end
    end

    // ---- rules ----

    localparam MOST_ENTRIES = COMPARATORS > TERMS ? COMPARATORS : TERMS;
    localparam INDEX_BITS   = $clog2(MOST_ENTRIES);
    localparam FIELD_BITS   = $clog2(FIELDS);

    wire                  load_field;
    wire                  load_compare;
    wire                  load_exclude;
    wire                  load_feed;
    wire [INDEX_BITS-1:0] load_index;
    wire [FIELD_BITS-1:0] load_source;
    wire                  load_flag;
    wire [127:0]          load_data;
    wire [RULES-1:0]      enable;
    wire [RULES-1:0]      invert;
    wire [RULES-1:0]      met;

    record_filter_registers #(
        .FIELDS      (FIELDS),
        .COMPARATORS (COMPARATORS),
        .TERMS       (TERMS),
        .RULES       (RULES),
        .INDEX_BITS  (INDEX_BITS),
        .FIELD_BITS  (FIELD_BITS)
    ) u_registers (
        .clk            (clk),
        .rst            (rst),
        .s_axil_awaddr  (s_axil_awaddr),
        .s_axil_awvalid (s_axil_awvalid),
        .s_axil_awready (s_axil_awready),
        .s_axil_wdata   (s_axil_wdata),
        .s_axil_wstrb   (s_axil_wstrb),
        .s_axil_wvalid  (s_axil_wvalid),
        .s_axil_wready  (s_axil_wready),
        .s_axil_bresp   (s_axil_bresp),
        .s_axil_bvalid  (s_axil_bvalid),
        .s_axil_bready  (s_axil_bready),
        .load_field     (load_field),
        .load_compare   (load_compare),
        .load_exclude   (load_exclude),
        .load_feed      (load_feed),
        .load_index     (load_index),
        .load_source    (load_source),
        .load_flag      (load_flag),
        .load_data      (load_data),
        .enable         (enable),
        .invert         (invert)
    );

    record_filter_pipeline #(
        .RECORD_BYTES (RECORD_BYTES),
        .FIELDS       (FIELDS),
        .COMPARATORS  (COMPARATORS),
        .TERMS        (TERMS),
        .RULES        (RULES),
        .INDEX_BITS   (INDEX_BITS),
        .FIELD_BITS   (FIELD_BITS)
    ) u_pipeline (
        .clk            (clk),
        .record         (s_axis_tdata),
        .met            (met),
        .load_field     (load_field),
        .load_compare   (load_compare),
        .load_exclude   (load_exclude),
        .load_feed      (load_feed),
        .load_index     (load_index),
        .load_source    (load_source),
        .load_flag      (load_flag),
        .load_data      (load_data),
        .enable         (enable),
        .invert         (invert)
    );

    // ---- results ----

    wire fifo_ready_unused;                      // a reservation stands for a free place

    axis_fifo #(
        .DATA_WIDTH (RULES),
        .DEPTH      (FIFO_DEPTH)
    ) u_result_fifo (
        .clk           (clk),
        .rst           (rst),
        .s_axis_tdata  (met),
        .s_axis_tvalid (valid_q[STAGES-1]),
        .s_axis_tready (fifo_ready_unused),
        .m_axis_tdata  (m_axis_tdata),
        .m_axis_tvalid (m_axis_tvalid),
        .m_axis_tready (m_axis_tready)
    );

    assign m_axis_tlast = 1'b1;

endmodule

`default_nettype wire
