`default_nettype none

// Takes the settings over the write channels of AXI4-Lite; see README.md for the registers.
//
// II = 1 write per cycle. tready path: awready and wready wait for both valids and depend on bready.
// Reset: drops an answer not taken; settings and pointer stay.
module classify_registers #(
    parameter TABLE = 8192
) (
    input  wire                     clk,
    input  wire                     rst,              // synchronous, active high

    input  wire [4:0]               s_axil_awaddr,
    input  wire                     s_axil_awvalid,
    output wire                     s_axil_awready,
    input  wire [31:0]              s_axil_wdata,
    input  wire [3:0]               s_axil_wstrb,
    input  wire                     s_axil_wvalid,
    output wire                     s_axil_wready,
    output wire [1:0]               s_axil_bresp,
    output wire                     s_axil_bvalid,
    input  wire                     s_axil_bready,

    output wire                     write_values,     // wdata holds the values of four kinds
    output wire [1:0]               write_values_at,
    output wire                     write_weights,    // wdata holds four weights
    output wire [$clog2(TABLE)-3:0] write_weights_at,
    output wire [31:0]              bias,
    output wire [31:0]              threshold
);

    localparam        INDEX_BITS = $clog2(TABLE);
    localparam [31:0] POINTERS   = TABLE - 4;         // bits that a pointer may have
    localparam [1:0]  OKAY       = 2'b00;
    localparam [1:0]  SLVERR     = 2'b10;

    reg                  bvalid_q;
    reg                  berror_q;
    reg [31:0]           bias_q;
    reg [31:0]           threshold_q;
    reg [INDEX_BITS-3:0] pointer_q;

    wire [2:0] word    = s_axil_awaddr[4:2];
    wire       pointer = word == 3'd6;
    wire       legal   = s_axil_wstrb == 4'hf && s_axil_awaddr[1:0] == 2'd0
                       && !(pointer && (s_axil_wdata & ~POINTERS) != 32'd0);
    wire       ready   = s_axil_awvalid && s_axil_wvalid && (!bvalid_q || s_axil_bready);
    wire       write   = ready && legal;

    assign s_axil_awready   = ready;
    assign s_axil_wready    = ready;
    assign s_axil_bvalid    = bvalid_q;
    assign s_axil_bresp     = berror_q ? SLVERR : OKAY;
    assign write_values     = write && !word[2];
    assign write_values_at  = word[1:0];
    assign write_weights    = write && word == 3'd7;
    assign write_weights_at = pointer_q;
    assign bias             = bias_q;
    assign threshold        = threshold_q;

    always @(posedge clk) begin
        if (ready) begin
            bvalid_q <= 1'b1;
            berror_q <= !legal;
        end else if (s_axil_bready) begin
            bvalid_q <= 1'b0;
        end
        if (write && word == 3'd4)
            bias_q <= s_axil_wdata;
        if (write && word == 3'd5)
            threshold_q <= s_axil_wdata;
        if (write && pointer)
            pointer_q <= s_axil_wdata[INDEX_BITS-1:2];
        if (write_weights)
            pointer_q <= pointer_q + 1'b1;
        if (rst)
            bvalid_q <= 1'b0;
    end

endmodule

`default_nettype wire
