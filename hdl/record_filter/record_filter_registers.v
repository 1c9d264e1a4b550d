`default_nettype none

// Registers of record_filter on AXI4-Lite, write channels only: stages the data of an entry, then loads it as a whole.
//
// II = one write every two cycles. Latency = 1 cycle from a write to its answer and to the strobe that loads an entry.
// tready path: awready and wready wait for both channels, never for bready.
// Reset: drops an answer and disables every rule; the tables and the staged data keep their contents.
//
// Map: README.md.
module record_filter_registers #(
    parameter FIELDS      = 4,
    parameter COMPARATORS = 16,
    parameter TERMS       = 16,
    parameter RULES       = 8,
    parameter INDEX_BITS  = 4,
    parameter FIELD_BITS  = 2
) (
    input  wire                  clk,
    input  wire                  rst,            // synchronous, active high

    input  wire [5:0]            s_axil_awaddr,
    input  wire                  s_axil_awvalid,
    output wire                  s_axil_awready,
    input  wire [31:0]           s_axil_wdata,
    input  wire [3:0]            s_axil_wstrb,
    input  wire                  s_axil_wvalid,
    output wire                  s_axil_wready,
    output wire [1:0]            s_axil_bresp,
    output wire                  s_axil_bvalid,
    input  wire                  s_axil_bready,

    output wire                  load_field,     // one cycle each: store an entry
    output wire                  load_compare,
    output wire                  load_exclude,
    output wire                  load_feed,
    output wire [INDEX_BITS-1:0] load_index,     // of the entry
    output wire [FIELD_BITS-1:0] load_source,
    output wire                  load_flag,
    output wire [127:0]          load_data,      // DATA0..DATA3
    output wire [RULES-1:0]      enable,
    output wire [RULES-1:0]      invert
);

    localparam [1:0] OKAY   = 2'b00;
    localparam [1:0] SLVERR = 2'b10;

    reg                      bvalid_q;
    reg                      berror_q;
    reg                      field_q;
    reg                      compare_q;
    reg                      exclude_q;
    reg                      feed_q;
    reg [INDEX_BITS-1:0]     index_q;
    reg [FIELD_BITS-1:0]     source_q;
    reg                      flag_q;
    (* mem2reg *) reg [31:0] data_q [0:3];
    reg [RULES-1:0]          enable_q;
    reg [RULES-1:0]          invert_q;

    wire write = s_axil_awvalid && s_axil_wvalid && !bvalid_q;
    wire whole = s_axil_awaddr[1:0] == 2'd0 && s_axil_wstrb == 4'hf;

    wire [3:0]  address = s_axil_awaddr[5:2];
    wire [31:0] index   = {24'd0, s_axil_wdata[7:0]};

    wire is_enable  = whole && address == 4'h0;
    wire is_invert  = whole && address == 4'h1;
    wire is_field   = whole && address == 4'h2 && index < FIELDS;
    wire is_compare = whole && address == 4'h3 && index < COMPARATORS;
    wire is_exclude = whole && address == 4'h4 && index < COMPARATORS;
    wire is_feed    = whole && address == 4'h5 && index < TERMS;
    wire is_data    = whole && address[3:2] == 2'b10;

    assign s_axil_awready = write;
    assign s_axil_wready  = write;
    assign s_axil_bvalid  = bvalid_q;
    assign s_axil_bresp   = berror_q ? SLVERR : OKAY;
    assign load_field     = field_q;
    assign load_compare   = compare_q;
    assign load_exclude   = exclude_q;
    assign load_feed      = feed_q;
    assign load_index     = index_q;
    assign load_source    = source_q;
    assign load_flag      = flag_q;
    assign load_data      = {data_q[3], data_q[2], data_q[1], data_q[0]};
    assign enable         = enable_q;
    assign invert         = invert_q;

    always @(posedge clk) begin
        field_q   <= write && is_field;
        compare_q <= write && is_compare;
        exclude_q <= write && is_exclude;
        feed_q    <= write && is_feed;
        // Read beside a strobe only.
        index_q   <= s_axil_wdata[INDEX_BITS-1:0];
        source_q  <= s_axil_wdata[8 +: FIELD_BITS];
        flag_q    <= s_axil_wdata[16];
        if (write) begin
            bvalid_q <= 1'b1;
            berror_q <= !(is_enable || is_invert || is_field || is_compare || is_exclude || is_feed || is_data);
        end else if (s_axil_bready) begin
            bvalid_q <= 1'b0;
        end
        if (write && is_enable) enable_q <= s_axil_wdata[RULES-1:0];
        if (write && is_invert) invert_q <= s_axil_wdata[RULES-1:0];
        if (write && is_data) data_q[address[1:0]] <= s_axil_wdata;
        if (rst) begin
            bvalid_q <= 1'b0;
            enable_q <= {RULES{1'b0}};
        end
    end

endmodule

`default_nettype wire
