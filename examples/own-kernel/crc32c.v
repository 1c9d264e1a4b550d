`default_nettype none

// CRC-32C (Castagnoli) of packets: reflected polynomial 0x82f63b78, initial value and final XOR all ones.
//
// II = 1 beat a cycle, latency = 1 cycle from the last beat to the result.
// tready: combinational from m_axis_tready while a result waits.
// Reset: synchronous, drops the packet begun and the result not taken.
module crc32c #(
    parameter DATA_WIDTH = 64                   // bits of a beat, a multiple of 8
) (
    input  wire                    clk,
    input  wire                    rst,
    input  wire [DATA_WIDTH-1:0]   s_axis_tdata,
    input  wire [DATA_WIDTH/8-1:0] s_axis_tkeep,
    input  wire                    s_axis_tvalid,
    output wire                    s_axis_tready,
    input  wire                    s_axis_tlast,
    output wire [31:0]             m_axis_tdata,
    output wire                    m_axis_tvalid,
    input  wire                    m_axis_tready,
    output wire                    m_axis_tlast
);
    function [31:0] next_crc(input [31:0] crc, input [7:0] data);
        integer bit_index;
        begin
            next_crc = crc ^ {24'd0, data};
            for (bit_index = 0; bit_index < 8; bit_index = bit_index + 1)
                next_crc = (next_crc >> 1) ^ (next_crc[0] ? 32'h82f63b78 : 32'd0);
        end
    endfunction

    reg [31:0] crc_q;
    reg [31:0] crc_d;
    reg [31:0] result_q;
    reg        valid_q;
    integer    lane;

    always @* begin
        crc_d = crc_q;
        for (lane = 0; lane < DATA_WIDTH / 8; lane = lane + 1)
            if (s_axis_tkeep[lane]) crc_d = next_crc(crc_d, s_axis_tdata[8*lane +: 8]);
    end

    assign s_axis_tready = !valid_q || m_axis_tready;
    assign m_axis_tdata  = result_q;
    assign m_axis_tvalid = valid_q;
    assign m_axis_tlast  = 1'b1;

    always @(posedge clk) begin
        if (s_axis_tready) begin
            valid_q  <= s_axis_tvalid && s_axis_tlast;
            result_q <= ~crc_d;
            if (s_axis_tvalid) crc_q <= s_axis_tlast ? 32'hffffffff : crc_d;
        end
        if (rst) begin
            valid_q <= 1'b0;
            crc_q   <= 32'hffffffff;
        end
    end
endmodule

`default_nettype wire
