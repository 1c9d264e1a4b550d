`default_nettype none

// First-in first-out buffer for an AXI4-Stream of one-beat packets, in distributed RAM.
//
// II = 1 beat per cycle, latency = 1 cycle. tready path: registers only, so it cuts a backpressure chain.
// Reset: empties the buffer. Pack tlast and sideband into tdata where they are needed.
module axis_fifo #(
    parameter DATA_WIDTH = 32,
    parameter DEPTH      = 16            // beats; a power of two, at least 2
) (
    input  wire                  clk,
    input  wire                  rst,    // synchronous, active high

    input  wire [DATA_WIDTH-1:0] s_axis_tdata,
    input  wire                  s_axis_tvalid,
    output wire                  s_axis_tready,

    output wire [DATA_WIDTH-1:0] m_axis_tdata,
    output wire                  m_axis_tvalid,
    input  wire                  m_axis_tready
);

    generate
        if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0)
            DEPTH_must_be_a_power_of_two_of_at_least_2 u_illegal_parameter ();
        if (DATA_WIDTH < 1)
            DATA_WIDTH_must_be_at_least_1 u_illegal_parameter ();
    endgenerate

    localparam ADDR_BITS = $clog2(DEPTH);

    reg [DATA_WIDTH-1:0] mem [0:DEPTH-1];
    // One bit more than an address: equal pointers mean empty, pointers DEPTH apart mean full.
    reg [ADDR_BITS:0] write_q;
    reg [ADDR_BITS:0] read_q;

    assign s_axis_tready = (write_q ^ read_q) != {1'b1, {ADDR_BITS{1'b0}}};
    assign m_axis_tvalid = write_q != read_q;
    assign m_axis_tdata  = mem[read_q[ADDR_BITS-1:0]];

    always @(posedge clk) begin
        if (s_axis_tvalid && s_axis_tready) begin
            mem[write_q[ADDR_BITS-1:0]] <= s_axis_tdata;
            write_q                     <= write_q + 1'b1;
        end
        if (m_axis_tvalid && m_axis_tready)
            read_q <= read_q + 1'b1;
        if (rst) begin
            write_q <= {(ADDR_BITS + 1){1'b0}};
            read_q  <= {(ADDR_BITS + 1){1'b0}};
        end
    end

endmodule

`default_nettype wire
