`default_nettype none

// Scores packets: the sum over their tokens of a weight, found by hash, times a value, found by kind, plus a bias.
//
// II = 1 beat per cycle; one more cycle for a packet whose last beat is full and ends inside a token.
// Latency = 8 cycles from the last beat of a packet to its result, 9 where that extra cycle is taken.
// tready path: s_axis_tready comes from registers only, not from m_axis_tready and not from s_axis_tvalid; awready and
// wready wait for both valids and depend on bready.
// Reset: drops the packet begun and all results not taken; weights, values, bias and threshold stay.
module classify #(
    parameter DATA_BYTES = 8,                    // bytes a beat: 8 or 16
    parameter TABLE      = 8192                  // weights, a power of two in 256..65536
) (
    input  wire                    clk,
    input  wire                    rst,          // synchronous, active high

    input  wire [8*DATA_BYTES-1:0] s_axis_tdata, // byte i of the beat at [8*i +: 8]
    input  wire [DATA_BYTES-1:0]   s_axis_tkeep, // contiguous from bit 0; all ones before the last beat; 0: empty message
    input  wire                    s_axis_tvalid,
    output wire                    s_axis_tready,
    input  wire                    s_axis_tlast,

    output wire [47:0]             m_axis_tdata, // 46:0 score, two's complement; 47 score >= threshold
    output wire                    m_axis_tvalid,
    input  wire                    m_axis_tready,
    output wire                    m_axis_tlast, // always 1: a result is one beat

    input  wire [4:0]              s_axil_awaddr,
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

    generate
        if (DATA_BYTES != 8 && DATA_BYTES != 16) begin : gen_illegal_data_bytes
            DATA_BYTES_must_be_8_or_16 u_illegal_parameter ();
        end
        if (TABLE < 256 || TABLE > 65536 || (TABLE & (TABLE - 1)) != 0) begin : gen_illegal_table
            TABLE_must_be_a_power_of_two_in_256_to_65536 u_illegal_parameter ();
        end
    endgenerate

    localparam INDEX_BITS = $clog2(TABLE);
    localparam SLOTS      = DATA_BYTES / 2;
    localparam SUM_BITS   = 16 + $clog2(SLOTS);  // int8 times int8, SLOTS of them

    // ---- admission ----
    // Nothing behind s_axis_tready stalls. A packet reserves its place in the result queue with its last beat instead,
    // so m_axis_tready reaches the queue and this counter only.

    reg  [4:0] reserved_q;                       // results under way or queued, 0..16
    reg        flush_q;                          // a beat without bytes goes in, to end the packet's last token
    reg        open_q;                           // the next beat is not the first of its packet
    wire       open_tail;                        // the last byte of the beat at the input is part of a token

    assign s_axis_tready = !reserved_q[4] && !flush_q;

    wire beat     = s_axis_tvalid && s_axis_tready;
    wire reserve  = beat && s_axis_tlast;
    wire released = m_axis_tvalid && m_axis_tready;
    wire last     = flush_q || (reserve && !open_tail);

    // Markers go along with the beats. Whatever a reset leaves in the stages between is in front of a first beat.
    reg  [5:0] first_q;
    reg  [6:0] last_q;

    always @(posedge clk) begin
        flush_q <= reserve && open_tail;
        if (beat || flush_q)
            open_q <= !last;
        if (reserve && !released)
            reserved_q <= reserved_q + 5'd1;
        if (!reserve && released)
            reserved_q <= reserved_q - 5'd1;
        first_q <= {first_q[4:0], !open_q};
        last_q  <= {last_q[5:0], last};
        if (rst) begin
            flush_q    <= 1'b0;
            open_q     <= 1'b0;
            reserved_q <= 5'd0;
            last_q     <= 7'd0;
        end
    end

    // ---- settings ----

    wire                  write_values;
    wire [1:0]            write_values_at;
    wire                  write_weights;
    wire [INDEX_BITS-3:0] write_weights_at;
    wire [31:0]           bias;
    wire [31:0]           threshold;

    classify_registers #(
        .TABLE(TABLE)
    ) u_registers (
        .clk             (clk),
        .rst             (rst),
        .s_axil_awaddr   (s_axil_awaddr),
        .s_axil_awvalid  (s_axil_awvalid),
        .s_axil_awready  (s_axil_awready),
        .s_axil_wdata    (s_axil_wdata),
        .s_axil_wstrb    (s_axil_wstrb),
        .s_axil_wvalid   (s_axil_wvalid),
        .s_axil_wready   (s_axil_wready),
        .s_axil_bresp    (s_axil_bresp),
        .s_axil_bvalid   (s_axil_bvalid),
        .s_axil_bready   (s_axil_bready),
        .write_values    (write_values),
        .write_values_at (write_values_at),
        .write_weights   (write_weights),
        .write_weights_at(write_weights_at),
        .bias            (bias),
        .threshold       (threshold)
    );

    // ---- tokens, products, their sum a beat ----

    wire [SLOTS-1:0]            token_valid;
    wire [INDEX_BITS*SLOTS-1:0] token_index;
    wire [4*SLOTS-1:0]          token_kind;
    wire [SUM_BITS-1:0]         sum;

    classify_tokens #(
        .DATA_BYTES(DATA_BYTES),
        .INDEX_BITS(INDEX_BITS)
    ) u_tokens (
        .clk        (clk),
        .rst        (rst),
        .beat       (beat),
        .flush      (flush_q),
        .tdata      (s_axis_tdata),
        .tkeep      (s_axis_tkeep),
        .open_tail  (open_tail),
        .token_valid(token_valid),
        .token_index(token_index),
        .token_kind (token_kind)
    );

    classify_products #(
        .SLOTS     (SLOTS),
        .INDEX_BITS(INDEX_BITS),
        .SUM_BITS  (SUM_BITS)
    ) u_products (
        .clk             (clk),
        .token_valid     (token_valid),
        .token_index     (token_index),
        .token_kind      (token_kind),
        .sum             (sum),
        .write_values    (write_values),
        .write_values_at (write_values_at),
        .write_weights   (write_weights),
        .write_weights_at(write_weights_at),
        .write_data      (s_axil_wdata)
    );

    // ---- score ----
    // A product is at most 2^14 and a token takes two bytes with its separator, so 47 bits hold the score of any
    // message below 2^32 bytes.

    reg  signed [46:0] score_q;
    wire signed [46:0] wide_bias      = {{15{bias[31]}}, bias};
    wire signed [46:0] wide_threshold = {{15{threshold[31]}}, threshold};
    wire signed [46:0] wide_sum       = {{(47-SUM_BITS){sum[SUM_BITS-1]}}, sum};
    wire               is_over        = score_q >= wide_threshold;
    wire               queue_ready_unused;       // never full: places are reserved at admission

    always @(posedge clk)
        score_q <= (first_q[5] ? wide_bias : score_q) + wide_sum;

    axis_fifo #(
        .DATA_WIDTH(48),
        .DEPTH     (16)
    ) u_queue (
        .clk          (clk),
        .rst          (rst),
        .s_axis_tdata ({is_over, score_q}),
        .s_axis_tvalid(last_q[6]),
        .s_axis_tready(queue_ready_unused),
        .m_axis_tdata (m_axis_tdata),
        .m_axis_tvalid(m_axis_tvalid),
        .m_axis_tready(m_axis_tready)
    );

    assign m_axis_tlast = 1'b1;

endmodule

`default_nettype wire
