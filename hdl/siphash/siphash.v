`default_nettype none

// SipHash-2-4 (Aumasson and Bernstein, INDOCRYPT 2012) of packets under a key set over AXI4-Lite, one hash a packet.
//
// II = 1 beat per cycle while the lane that gets the message has room; LANES rounds a cycle in all, a message of n bytes
// takes 2 * floor(n / 8) + 6 of them (10 for 128 bits). Latency = 9 cycles for up to 7 bytes (13 for 128 bits).
// tready path: s_axis_tready comes from registers only, not from m_axis_tready and not from s_axis_tvalid.
// Reset: drops all messages, hashes and the key; no packet is accepted until a key has been written.
module siphash #(
    parameter OUT_BITS   = 64,           // 64 or 128
    parameter LANES      = 8,            // messages under way side by side, one SipRound a cycle each, 1..64
    parameter FIFO_DEPTH = 32            // beats, and hashes, buffered per lane; a power of two in 2..1024
) (
    input  wire                clk,
    input  wire                rst,             // synchronous, active high

    input  wire [63:0]         s_axis_tdata,    // byte i of the beat at [8*i +: 8]
    input  wire [7:0]          s_axis_tkeep,    // contiguous from bit 0; all ones before the last beat; 0: empty message
    input  wire                s_axis_tvalid,
    output wire                s_axis_tready,
    input  wire                s_axis_tlast,

    output wire [OUT_BITS-1:0] m_axis_tdata,    // byte i of the hash at [8*i +: 8]
    output wire                m_axis_tvalid,
    input  wire                m_axis_tready,
    output wire                m_axis_tlast,    // always 1: a hash is one beat

    input  wire [7:0]          s_axil_awaddr,   // registers: README.md
    input  wire                s_axil_awvalid,
    output wire                s_axil_awready,
    input  wire [31:0]         s_axil_wdata,
    input  wire [3:0]          s_axil_wstrb,
    input  wire                s_axil_wvalid,
    output wire                s_axil_wready,
    output wire [1:0]          s_axil_bresp,
    output wire                s_axil_bvalid,
    input  wire                s_axil_bready
);

    generate
        if (OUT_BITS != 64 && OUT_BITS != 128) begin : gen_illegal_out_bits
            OUT_BITS_must_be_64_or_128 u_illegal_parameter ();
        end
        if (LANES < 1 || LANES > 64) begin : gen_illegal_lanes
            LANES_must_be_in_1_to_64 u_illegal_parameter ();
        end
        if (FIFO_DEPTH < 2 || FIFO_DEPTH > 1024 || (FIFO_DEPTH & (FIFO_DEPTH - 1)) != 0) begin : gen_illegal_fifo_depth
            FIFO_DEPTH_must_be_a_power_of_two_in_2_to_1024 u_illegal_parameter ();
        end
    endgenerate

    localparam        LANE_BITS = LANES > 1 ? $clog2(LANES) : 1;
    localparam [31:0] LAST_LANE = LANES - 1;

    wire [127:0] key;
    wire         key_valid;

    siphash_registers u_registers (
        .clk           (clk),
        .rst           (rst),
        .s_axil_awaddr (s_axil_awaddr),
        .s_axil_awvalid(s_axil_awvalid),
        .s_axil_awready(s_axil_awready),
        .s_axil_wdata  (s_axil_wdata),
        .s_axil_wstrb  (s_axil_wstrb),
        .s_axil_wvalid (s_axil_wvalid),
        .s_axil_wready (s_axil_wready),
        .s_axil_bresp  (s_axil_bresp),
        .s_axil_bvalid (s_axil_bvalid),
        .s_axil_bready (s_axil_bready),
        .key           (key),
        .key_valid     (key_valid)
    );

    // ---- a beat becomes a word m_i: the length mod 256 goes into byte 7 of the last one (section 2.2) ----

    reg  [4:0]  beats_q;                 // beats of this packet so far, mod 32
    wire [4:0]  beats = beats_q + 5'd1;

    // tkeep is a thermometer code, so halving it finds the number of bytes.
    wire        full    = s_axis_tkeep[7];
    wire [2:0]  keep_3  = s_axis_tkeep[3] ? s_axis_tkeep[6:4] : s_axis_tkeep[2:0];
    wire        keep_1  = keep_3[1] ? keep_3[2] : keep_3[0];
    wire [2:0]  partial = {s_axis_tkeep[3], keep_3[1], keep_1};

    wire [63:0] word;
    // A full last beat leaves no room for the length: the lane appends a word with nothing else.
    wire        word_last   = s_axis_tlast && !full;
    wire        word_append = s_axis_tlast && full;

    assign word[63:56] = full ? s_axis_tdata[63:56] : {beats_q, partial};

    // ---- messages are dealt to the lanes round robin, hashes collected likewise, hence in order ----

    reg  [LANE_BITS-1:0]      deal_q;    // lane that gets the message at the input
    reg  [LANE_BITS-1:0]      collect_q; // lane that owes the next hash
    wire [LANES-1:0]          lane_ready;
    wire [LANES-1:0]          hash_valid;
    wire [OUT_BITS*LANES-1:0] hash;      // of lane i at [OUT_BITS*i +: OUT_BITS]

    reg  [OUT_BITS-1:0]       tdata_q;
    reg                       tvalid_q;

    assign s_axis_tready = key_valid && lane_ready[deal_q];

    wire push    = s_axis_tvalid && s_axis_tready;
    wire collect = !tvalid_q || m_axis_tready;

    always @(posedge clk) begin
        if (push) begin
            beats_q <= s_axis_tlast ? 5'd0 : beats;
            if (s_axis_tlast)
                deal_q <= deal_q == LAST_LANE[LANE_BITS-1:0] ? {LANE_BITS{1'b0}} : deal_q + 1'b1;
        end
        if (rst) begin
            beats_q <= 5'd0;
            deal_q  <= {LANE_BITS{1'b0}};
        end
    end

    genvar g;
    generate
        for (g = 0; g < 7; g = g + 1) begin : gen_byte
            assign word[8*g +: 8] = s_axis_tdata[8*g +: 8] & {8{s_axis_tkeep[g]}};
        end
        for (g = 0; g < LANES; g = g + 1) begin : gen_lane
            wire [70:0]         fifo_tdata;
            wire                fifo_tvalid;
            wire                fifo_tready;
            wire [OUT_BITS-1:0] done_tdata;
            wire                done_tvalid;
            wire                done_tready;

            axis_fifo #(
                .DATA_WIDTH(71),
                .DEPTH     (FIFO_DEPTH)
            ) u_words (
                .clk          (clk),
                .rst          (rst),
                .s_axis_tdata ({beats, word_append, word_last, word}),
                .s_axis_tvalid(push && deal_q == g),
                .s_axis_tready(lane_ready[g]),
                .m_axis_tdata (fifo_tdata),
                .m_axis_tvalid(fifo_tvalid),
                .m_axis_tready(fifo_tready)
            );

            siphash_lane #(
                .OUT_BITS(OUT_BITS)
            ) u_lane (
                .clk        (clk),
                .rst        (rst),
                .key        (key),
                .word_tdata (fifo_tdata[63:0]),
                .word_tlast (fifo_tdata[64]),
                .word_append(fifo_tdata[65]),
                .word_count (fifo_tdata[70:66]),
                .word_tvalid(fifo_tvalid),
                .word_tready(fifo_tready),
                .hash_tdata (done_tdata),
                .hash_tvalid(done_tvalid),
                .hash_tready(done_tready)
            );

            axis_fifo #(
                .DATA_WIDTH(OUT_BITS),
                .DEPTH     (FIFO_DEPTH)
            ) u_hashes (
                .clk          (clk),
                .rst          (rst),
                .s_axis_tdata (done_tdata),
                .s_axis_tvalid(done_tvalid),
                .s_axis_tready(done_tready),
                .m_axis_tdata (hash[OUT_BITS*g +: OUT_BITS]),
                .m_axis_tvalid(hash_valid[g]),
                .m_axis_tready(collect && collect_q == g)
            );
        end
    endgenerate

    // ---- output register ----

    integer n;

    always @(posedge clk) begin
        if (collect) begin
            for (n = 0; n < LANES; n = n + 1)
                if (collect_q == n[LANE_BITS-1:0])
                    tdata_q <= hash[OUT_BITS*n +: OUT_BITS];
            tvalid_q <= hash_valid[collect_q];
            if (hash_valid[collect_q])
                collect_q <= collect_q == LAST_LANE[LANE_BITS-1:0] ? {LANE_BITS{1'b0}} : collect_q + 1'b1;
        end
        if (rst) begin
            tvalid_q  <= 1'b0;
            collect_q <= {LANE_BITS{1'b0}};
        end
    end

    assign m_axis_tdata  = tdata_q;
    assign m_axis_tvalid = tvalid_q;
    assign m_axis_tlast  = 1'b1;

endmodule

`default_nettype wire
