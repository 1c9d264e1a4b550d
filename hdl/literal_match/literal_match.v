// Answers each packet with a bitmap of the loaded byte patterns that occur anywhere in it.
//
// II       1 beat a cycle for any data and any patterns; one-beat packets follow each other without a gap.
// Latency  3 cycles from the tlast beat of a packet to the first cycle of its result.
// tready   s_axis_tready depends on registers only, never on m_axis_tready or s_axis_tvalid.
// Reset    synchronous, active high, control only; drops packets in flight and makes every pattern unused.
//
// The registers that load patterns are described in README.md.

`default_nettype none

module literal_match #(
    parameter DATA_BYTES    = 8,                 // bytes of message a beat: 8 or 16
    parameter PATTERNS      = 256,               // slots for patterns: 32..1024, a multiple of 32
    parameter PATTERN_BYTES = 16                 // longest pattern: 1..32
) (
    input  wire                    clk,
    input  wire                    rst,          // synchronous, active high

    input  wire [8*DATA_BYTES-1:0] s_axis_tdata, // byte i of the message at [8*i +: 8]
    input  wire [DATA_BYTES-1:0]   s_axis_tkeep, // read on the last beat only; 0 there: empty message
    input  wire                    s_axis_tvalid,
    output wire                    s_axis_tready,
    input  wire                    s_axis_tlast,

    output wire [PATTERNS-1:0]     m_axis_tdata, // bit i: pattern i occurs in the message
    output wire                    m_axis_tvalid,
    input  wire                    m_axis_tready,
    output wire                    m_axis_tlast, // a result is one beat

    input  wire [7:0]              s_axil_awaddr,
    input  wire                    s_axil_awvalid,
    output wire                    s_axil_awready,
    input  wire [31:0]             s_axil_wdata,
    input  wire [3:0]              s_axil_wstrb,
    input  wire                    s_axil_wvalid,
    output wire                    s_axil_wready,
    output wire [1:0]              s_axil_bresp,
    output wire                    s_axil_bvalid,
    input  wire                    s_axil_bready
);

    // A group is what one commit loads and one 32-bit word of the bitmap reports.
    localparam GROUPS  = PATTERNS / 32;
    // At least one, so that PATTERN_BYTES = 0 fails below, by name, and not somewhere inside.
    localparam OFFSETS = PATTERN_BYTES < 1 ? 1 : PATTERN_BYTES;
    localparam ROW     = 32 * OFFSETS;

    generate
        if (DATA_BYTES != 8 && DATA_BYTES != 16) begin : gen_illegal_data_bytes
            DATA_BYTES_must_be_8_or_16 u_illegal ();
        end
        if (PATTERNS < 32 || PATTERNS > 1024 || PATTERNS % 32 != 0) begin : gen_illegal_patterns
            PATTERNS_must_be_a_multiple_of_32_from_32_to_1024 u_illegal ();
        end
        if (PATTERN_BYTES < 1 || PATTERN_BYTES > 32) begin : gen_illegal_pattern_bytes
            PATTERN_BYTES_must_be_1_to_32 u_illegal ();
        end
    endgenerate

    // ---- admission ------------------------------------------------------------------------------
    // A beat in the pipeline never stalls. Instead a packet reserves its place in the result queue
    // when its last beat is accepted, so the ready of the sink fans out to nothing but a counter.
    // Four results are under way at most when the sink is always ready; eight leave some slack.

    reg  [3:0] reserved_q;                       // results under way or queued, 0..8
    reg        open_q;                           // the next beat is not the first of its packet
    wire       hold;                             // the loader wants the tables between two packets

    wire beat     = s_axis_tvalid && s_axis_tready;
    wire reserve  = beat && s_axis_tlast;
    wire released = m_axis_tvalid && m_axis_tready;

    assign s_axis_tready = !reserved_q[3] && (open_q || !hold);

    always @(posedge clk) begin
        if (beat) open_q <= !s_axis_tlast;
        if (reserve && !released) reserved_q <= reserved_q + 4'd1;
        if (!reserve && released) reserved_q <= reserved_q - 4'd1;
        if (rst) begin
            open_q     <= 1'b0;
            reserved_q <= 4'd0;
        end
    end

    // ---- control of the two matching stages -------------------------------------------------------

    reg                  read_valid_q, read_last_q, read_open_q;  // stage 1: the rows are read
    reg [DATA_BYTES-1:0] read_keep_q;
    reg                  hit_valid_q, hit_last_q, hit_open_q;     // stage 2: the hits are registered

    always @(posedge clk) begin
        read_valid_q <= beat;
        read_last_q  <= s_axis_tlast;
        read_keep_q  <= s_axis_tkeep | {DATA_BYTES{!s_axis_tlast}};
        if (read_valid_q) read_open_q <= !read_last_q;

        hit_valid_q <= read_valid_q;
        hit_last_q  <= read_last_q;
        if (hit_valid_q) hit_open_q <= !hit_last_q;

        if (rst) begin
            read_valid_q <= 1'b0;
            read_open_q  <= 1'b0;
            hit_valid_q  <= 1'b0;
            hit_open_q   <= 1'b0;
        end
    end

    // The state that a packet carries from beat to beat is set back behind its last beat and in every
    // cycle without a packet, which covers reset and newly loaded patterns too.
    wire read_restart = read_valid_q ? read_last_q : !read_open_q;
    wire hit_restart  = hit_valid_q ? hit_last_q : !hit_open_q;

    // ---- patterns ---------------------------------------------------------------------------------

    wire                quiet = !open_q && !read_valid_q && !hit_valid_q;
    wire                load_clear;
    wire [GROUPS-1:0]   load_row_enable;
    wire [GROUPS-1:0]   load_group_enable;
    wire [7:0]          load_symbol;
    wire [ROW-1:0]      load_row;
    wire [ROW-1:0]      load_beyond;
    wire [PATTERNS-1:0] found;

    literal_match_loader #(
        .PATTERNS      (PATTERNS),
        .PATTERN_BYTES (OFFSETS)
    ) u_loader (
        .clk               (clk),
        .rst               (rst),
        .s_axil_awaddr     (s_axil_awaddr),
        .s_axil_awvalid    (s_axil_awvalid),
        .s_axil_awready    (s_axil_awready),
        .s_axil_wdata      (s_axil_wdata),
        .s_axil_wstrb      (s_axil_wstrb),
        .s_axil_wvalid     (s_axil_wvalid),
        .s_axil_wready     (s_axil_wready),
        .s_axil_bresp      (s_axil_bresp),
        .s_axil_bvalid     (s_axil_bvalid),
        .s_axil_bready     (s_axil_bready),
        .hold              (hold),
        .quiet             (quiet),
        .load_clear        (load_clear),
        .load_row_enable   (load_row_enable),
        .load_group_enable (load_group_enable),
        .load_symbol       (load_symbol),
        .load_row          (load_row),
        .load_beyond       (load_beyond)
    );

    literal_match_lanes #(
        .DATA_BYTES    (DATA_BYTES),
        .PATTERNS      (PATTERNS),
        .PATTERN_BYTES (OFFSETS)
    ) u_lanes (
        .clk               (clk),
        .rst               (rst),
        .symbols           (s_axis_tdata),
        .read_valid        (read_valid_q),
        .read_keep         (read_keep_q),
        .read_restart      (read_restart),
        .hit_restart       (hit_restart),
        .found             (found),
        .load_clear        (load_clear),
        .load_row_enable   (load_row_enable),
        .load_group_enable (load_group_enable),
        .load_symbol       (load_symbol),
        .load_row          (load_row),
        .load_beyond       (load_beyond)
    );

    // ---- result queue -----------------------------------------------------------------------------
    // Never overflows: places are reserved at admission.

    reg [PATTERNS-1:0] queue [0:7];
    reg [2:0]          put_q, get_q;
    reg [3:0]          queued_q;

    wire put = hit_valid_q && hit_last_q;

    assign m_axis_tdata  = queue[get_q];
    assign m_axis_tvalid = queued_q != 4'd0;
    assign m_axis_tlast  = 1'b1;

    always @(posedge clk) if (put) queue[put_q] <= found;

    always @(posedge clk) begin
        if (put) put_q <= put_q + 3'd1;
        if (released) get_q <= get_q + 3'd1;
        if (put && !released) queued_q <= queued_q + 4'd1;
        if (!put && released) queued_q <= queued_q - 4'd1;
        if (rst) begin
            put_q    <= 3'd0;
            get_q    <= 3'd0;
            queued_q <= 4'd0;
        end
    end

endmodule

`default_nettype wire
