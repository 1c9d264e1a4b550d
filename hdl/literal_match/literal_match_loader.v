// Takes patterns over AXI4-Lite and writes the rows of the tables that match them.
//
// II       one register write every two cycles.
// Latency  a commit takes 259 cycles from its write on, once the packets under way are through.
// tready   awready and wready wait for both channels and for the answer before, never for bready.
// Reset    synchronous, active high, control only: drops staged patterns and a commit under way.
//
// A group of 32 patterns is staged slot by slot. A commit then goes through the 256 symbols, compares
// each with all bytes of the group at once and writes the group's part of that row of all tables.
// Registers: see README.md.

`default_nettype none

module literal_match_loader #(
    parameter PATTERNS      = 256,
    parameter PATTERN_BYTES = 16
) (
    input  wire                        clk,
    input  wire                        rst,

    input  wire [7:0]                  s_axil_awaddr,
    input  wire                        s_axil_awvalid,
    output wire                        s_axil_awready,
    input  wire [31:0]                 s_axil_wdata,
    input  wire [3:0]                  s_axil_wstrb,
    input  wire                        s_axil_wvalid,
    output wire                        s_axil_wready,
    output wire [1:0]                  s_axil_bresp,
    output wire                        s_axil_bvalid,
    input  wire                        s_axil_bready,

    output wire                        hold,              // begin no further packet
    input  wire                        quiet,             // no packet is under way
    output wire                        load_clear,        // make all patterns unused
    output wire [PATTERNS/32-1:0]      load_row_enable,   // write load_row at load_symbol
    output wire [PATTERNS/32-1:0]      load_group_enable, // take load_beyond
    output wire [7:0]                  load_symbol,
    output wire [32*PATTERN_BYTES-1:0] load_row,          // word j: row of table j, 32 patterns
    output wire [32*PATTERN_BYTES-1:0] load_beyond        // word j: patterns not longer than j
);

    localparam GROUPS = PATTERNS / 32;
    localparam WORDS  = (PATTERN_BYTES + 3) / 4;

    localparam [1:0] OKAY   = 2'b00;
    localparam [1:0] SLVERR = 2'b10;

    // ---- writes -----------------------------------------------------------------------------------

    reg busy_q;                                          // a commit or clear is under way
    reg bvalid_q;
    reg berror_q;

    // A write that comes during a commit waits for it, so a host needs no polling.
    wire write = s_axil_awvalid && s_axil_wvalid && !busy_q && !bvalid_q;

    wire       whole   = s_axil_wstrb == 4'hf && s_axil_awaddr[1:0] == 2'd0;
    wire [5:0] address = s_axil_awaddr[7:2];

    wire [5:0]  length   = s_axil_wdata[5:0];
    wire        nocase   = s_axil_wdata[8];
    wire [4:0]  slot     = s_axil_wdata[20:16];
    wire [31:0] reserved = s_axil_wdata & 32'hffe0_fec0;

    wire is_stage  = whole && address == 6'h08 && length <= PATTERN_BYTES[5:0] && reserved == 32'd0;
    wire is_commit = whole && address == 6'h09 && s_axil_wdata < GROUPS;
    wire is_clear  = whole && address == 6'h0a;
    wire is_bytes  = whole && address[5:3] == 3'b010 && {29'd0, address[2:0]} < WORDS;

    wire stage  = write && is_stage;
    wire commit = write && is_commit;
    wire clear  = write && is_clear;

    assign s_axil_awready = write;
    assign s_axil_wready  = write;
    assign s_axil_bvalid  = bvalid_q;
    assign s_axil_bresp   = berror_q ? SLVERR : OKAY;

    always @(posedge clk) begin
        if (write) begin
            bvalid_q <= 1'b1;
            berror_q <= !(is_stage || is_commit || is_clear || is_bytes);
        end else if (s_axil_bready) begin
            bvalid_q <= 1'b0;
        end
        if (rst) bvalid_q <= 1'b0;
    end

    // ---- sequence of a commit -----------------------------------------------------------------------
    // busy, until quiet -> 256 rows compared, each written a cycle later -> group enable -> idle

    reg              filling_q;
    reg              clearing_q;
    reg              enable_q;
    reg [GROUPS-1:0] group_q;                            // one-hot
    reg [7:0]        symbol_q;
    reg              row_valid_q;
    reg [7:0]        row_symbol_q;

    wire filled = filling_q && symbol_q == 8'hff;
    wire done   = enable_q || (clearing_q && quiet);

    always @(posedge clk) begin
        if (commit || clear) busy_q <= 1'b1;
        if (done) busy_q <= 1'b0;

        if (clear) clearing_q <= 1'b1;
        if (done) clearing_q <= 1'b0;

        if (commit) group_q <= {{(GROUPS-1){1'b0}}, 1'b1} << s_axil_wdata[4:0];
        if (busy_q && quiet && !clearing_q && !row_valid_q && !enable_q) filling_q <= 1'b1;
        if (filled) filling_q <= 1'b0;
        if (filling_q) symbol_q <= symbol_q + 8'd1;
        row_valid_q  <= filling_q;
        row_symbol_q <= symbol_q;
        enable_q     <= row_valid_q && !filling_q;

        if (rst) begin
            busy_q      <= 1'b0;
            clearing_q  <= 1'b0;
            filling_q   <= 1'b0;
            symbol_q    <= 8'd0;
            row_valid_q <= 1'b0;
            enable_q    <= 1'b0;
        end
    end

    assign hold              = busy_q;
    assign load_clear        = clearing_q && quiet;
    assign load_row_enable   = row_valid_q ? group_q : {GROUPS{1'b0}};
    assign load_group_enable = enable_q ? group_q : {GROUPS{1'b0}};
    assign load_symbol       = row_symbol_q;

    // ---- staged group -------------------------------------------------------------------------------

    wire [31:0] slot_select = 32'd1 << slot;

    genvar j;
    generate
        for (j = 0; j < PATTERN_BYTES; j = j + 1) begin : gen_offset
            reg  [7:0]  value_q;                         // byte j of the pattern to be staged
            reg  [31:0] beyond_q;                        // staged patterns not longer than j

            wire [7:0] lower  = value_q | 8'h20;
            wire       letter = lower >= 8'h61 && lower <= 8'h7a;

            always @(posedge clk) begin
                if (write && is_bytes && {29'd0, address[2:0]} == j / 4)
                    value_q <= s_axil_wdata[8*(j%4) +: 8];
                if (stage) beyond_q <= length <= j ? beyond_q | slot_select : beyond_q & ~slot_select;
                // A slot that is not staged again for the next group is unused there.
                if (rst || load_clear || enable_q) beyond_q <= {32{1'b1}};
            end

            literal_match_row u_row (
                .clk     (clk),
                .stage   (stage),
                .slot    (slot_select),
                .value   (value_q),
                .fold    (nocase && letter),
                .compare (filling_q),
                .symbol  (symbol_q),
                .beyond  (beyond_q),
                .row     (load_row[32*j +: 32])
            );

            assign load_beyond[32*j +: 32] = beyond_q;
        end
    endgenerate

endmodule

`default_nettype wire
