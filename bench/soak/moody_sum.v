`default_nettype none

// Sums the bytes of a message modulo 2^32, and misbehaves on messages that start with a byte which no text starts with:
// 0xF8 never answers, 0xF9 $stop, 0xFA a wrong sum, 0xFB writes to address 0, 0xFC $finish, 0xFD never comes back from C code.
module moody_sum (
    input  wire        clk,
    input  wire        rst,
    input  wire [63:0] s_axis_tdata,
    input  wire [7:0]  s_axis_tkeep,
    input  wire        s_axis_tvalid,
    output wire        s_axis_tready,
    input  wire        s_axis_tlast,
    output wire [31:0] m_axis_tdata,
    output wire        m_axis_tvalid,
    input  wire        m_axis_tready
);
    reg [31:0] sum_q;
    reg [31:0] result_q;
    reg [31:0] beat_sum;
    reg        valid_q;
    reg        inside_q;    // of a message
    reg        mute_q;
    reg        wrong_q;
    integer    i;

    wire       accept = s_axis_tvalid && s_axis_tready;
    wire [7:0] mood   = accept && !inside_q && s_axis_tkeep[0] ? s_axis_tdata[7:0] : 8'd0;
    wire       wrong  = wrong_q || mood == 8'hfa;

    always @* begin
        beat_sum = 32'd0;
        for (i = 0; i < 8; i = i + 1)
            if (s_axis_tkeep[i]) beat_sum = beat_sum + {24'd0, s_axis_tdata[8*i +: 8]};
    end

    assign s_axis_tready = (!valid_q || m_axis_tready) && !mute_q;
    assign m_axis_tdata  = result_q;
    assign m_axis_tvalid = valid_q;

    always @(posedge clk) begin
        if (!valid_q || m_axis_tready) begin
            valid_q  <= accept && s_axis_tlast && mood != 8'hf8;
            result_q <= sum_q + beat_sum + {31'd0, wrong};
            if (accept) begin
                sum_q    <= s_axis_tlast ? 32'd0 : sum_q + beat_sum;
                inside_q <= !s_axis_tlast;
                wrong_q  <= wrong && !s_axis_tlast;
            end
        end
        if (mood == 8'hf8) mute_q <= 1'b1;
        if (mood == 8'hf9) $stop;
        if (mood == 8'hfb) $c("*reinterpret_cast<volatile int*>(0) = 1;");
        if (mood == 8'hfc) $finish;
        if (mood == 8'hfd) $c("for (volatile int on = 1; on != 0;) {}");
        if (rst) begin
            valid_q  <= 1'b0;
            sum_q    <= 32'd0;
            inside_q <= 1'b0;
            mute_q   <= 1'b0;
            wrong_q  <= 1'b0;
        end
    end
endmodule

`default_nettype wire
