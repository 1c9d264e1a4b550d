`default_nettype none

// Fletcher-32 of a message of bytes, as 16-bit words, low byte first; an odd last byte is a word with 0 above it.
// II = 1 beat (4 bytes) a cycle, latency = 1 cycle. s_axis_tready is combinational from m_axis_tready.
// Replace the arithmetic by your own; the handshake around it can stay.
module NAME (
    input  wire        clk,
    input  wire        rst,            // synchronous, active high

    input  wire [31:0] s_axis_tdata,
    input  wire [3:0]  s_axis_tkeep,
    input  wire        s_axis_tvalid,
    output wire        s_axis_tready,
    input  wire        s_axis_tlast,

    output wire [31:0] m_axis_tdata,
    output wire        m_axis_tvalid,
    input  wire        m_axis_tready,
    output wire        m_axis_tlast
);
    reg [15:0] low_q, high_q;          // sums of the message so far
    reg        fresh_q;                // the next beat is the first of a message
    reg [31:0] result_q;
    reg        valid_q;

    // Accept while the result register is empty or drains in this cycle.
    assign s_axis_tready = !valid_q || m_axis_tready;
    assign m_axis_tdata  = result_q;
    assign m_axis_tvalid = valid_q;
    assign m_axis_tlast  = 1'b1;

    // a + b modulo 2^16 - 1, for a and b of 0 to 2^16 - 1
    function [15:0] add;
        input [15:0] a;
        input [15:0] b;
        reg   [16:0] sum;
        begin
            sum = a + b;
            add = sum[15:0] + {15'd0, sum[16]};
        end
    endfunction

    wire [15:0] word_0 = {s_axis_tkeep[1] ? s_axis_tdata[15:8] : 8'd0, s_axis_tkeep[0] ? s_axis_tdata[7:0] : 8'd0};
    wire [15:0] word_1 = {s_axis_tkeep[3] ? s_axis_tdata[31:24] : 8'd0, s_axis_tkeep[2] ? s_axis_tdata[23:16] : 8'd0};

    wire [15:0] low    = fresh_q ? 16'd0 : low_q;
    wire [15:0] high   = fresh_q ? 16'd0 : high_q;
    wire [15:0] low_0  = add(low, word_0);
    wire [15:0] high_0 = s_axis_tkeep[0] ? add(high, low_0) : high;
    wire [15:0] low_1  = add(low_0, word_1);
    wire [15:0] high_1 = s_axis_tkeep[2] ? add(high_0, low_1) : high_0;

    always @(posedge clk) begin
        if (s_axis_tready) valid_q <= s_axis_tvalid && s_axis_tlast;
        if (s_axis_tready && s_axis_tvalid) begin
            low_q    <= low_1;
            high_q   <= high_1;
            result_q <= {high_1, low_1};
            fresh_q  <= s_axis_tlast;
        end
        if (rst) begin
            valid_q <= 1'b0;
            fresh_q <= 1'b1;
        end
    end
endmodule

`default_nettype wire
