`default_nettype none

// SHA-256 (FIPS 180-4) of packets: padding, compression and chaining in hardware, one digest a packet, in order.
//
// PIPELINED = 1: II = 1 cycle, latency = 67 cycles for up to 55 bytes; see sha256_pipeline for longer messages.
// PIPELINED = 0: II = 66 / LANES cycles per block, latency = 70 cycles, lanes idle; see sha256_lanes.
// tready path: s_axis_tready comes from registers only, not from m_axis_tready and not from s_axis_tvalid.
// Reset: drops the packet begun and all results not taken; the next beat starts a packet.
module sha256 #(
    parameter PIPELINED   = 0,           // 0: LANES iterative cores; 1: one pipeline with a stage for each round
    parameter LANES       = 16,          // iterative cores, 1..64; ignored if PIPELINED = 1
    parameter FIFO_BLOCKS = 4            // blocks buffered per lane, a power of two in 2..1024; likewise ignored
) (
    input  wire         clk,
    input  wire         rst,             // synchronous, active high

    input  wire [511:0] s_axis_tdata,    // byte i of the beat at [8*i +: 8]
    input  wire [63:0]  s_axis_tkeep,    // contiguous from bit 0; all ones before the last beat; 0 in the empty message
    input  wire         s_axis_tvalid,
    output wire         s_axis_tready,
    input  wire         s_axis_tlast,

    output wire [255:0] m_axis_tdata,    // byte i of the digest at [8*i +: 8]
    output wire         m_axis_tvalid,
    input  wire         m_axis_tready,
    output wire         m_axis_tlast     // always 1: a digest is one beat
);

    // Initial hash value, H_0 in the low word (FIPS 180-4, section 5.3.3).
    localparam [255:0] IV = {
        32'h5be0cd19, 32'h1f83d9ab, 32'h9b05688c, 32'h510e527f,
        32'ha54ff53a, 32'h3c6ef372, 32'hbb67ae85, 32'h6a09e667
    };

    wire [511:0] block_tdata;
    wire         block_tfirst;
    wire         block_tlast;
    wire         block_tvalid;
    wire         block_tready;
    wire [255:0] hash;

    sha256_pad u_pad (
        .clk          (clk),
        .rst          (rst),
        .s_axis_tdata (s_axis_tdata),
        .s_axis_tkeep (s_axis_tkeep),
        .s_axis_tvalid(s_axis_tvalid),
        .s_axis_tready(s_axis_tready),
        .s_axis_tlast (s_axis_tlast),
        .block_tdata  (block_tdata),
        .block_tfirst (block_tfirst),
        .block_tlast  (block_tlast),
        .block_tvalid (block_tvalid),
        .block_tready (block_tready)
    );

    generate
        if (PIPELINED != 0 && PIPELINED != 1) begin : gen_illegal_pipelined
            PIPELINED_must_be_0_or_1 u_illegal_parameter ();
        end else if (LANES < 1 || LANES > 64) begin : gen_illegal_lanes
            LANES_must_be_in_1_to_64 u_illegal_parameter ();
        end else if (FIFO_BLOCKS < 2 || FIFO_BLOCKS > 1024
                || (FIFO_BLOCKS & (FIFO_BLOCKS - 1)) != 0) begin : gen_illegal_fifo_blocks
            FIFO_BLOCKS_must_be_a_power_of_two_in_2_to_1024 u_illegal_parameter ();
        end else if (PIPELINED == 1) begin : gen_pipeline
            sha256_pipeline #(
                .IV(IV)
            ) u_pipeline (
                .clk         (clk),
                .rst         (rst),
                .block_tdata (block_tdata),
                .block_tfirst(block_tfirst),
                .block_tlast (block_tlast),
                .block_tvalid(block_tvalid),
                .block_tready(block_tready),
                .hash_tdata  (hash),
                .hash_tvalid (m_axis_tvalid),
                .hash_tready (m_axis_tready)
            );
        end else begin : gen_lanes
            sha256_lanes #(
                .IV         (IV),
                .LANES      (LANES),
                .FIFO_BLOCKS(FIFO_BLOCKS)
            ) u_lanes (
                .clk         (clk),
                .rst         (rst),
                .block_tdata (block_tdata),
                .block_tfirst(block_tfirst),
                .block_tlast (block_tlast),
                .block_tvalid(block_tvalid),
                .block_tready(block_tready),
                .hash_tdata  (hash),
                .hash_tvalid (m_axis_tvalid),
                .hash_tready (m_axis_tready)
            );
        end
    endgenerate

    // The digest is H_0..H_7, each most significant byte first.
    genvar g;
    generate
        for (g = 0; g < 32; g = g + 1) begin : gen_digest_byte
            assign m_axis_tdata[8*g +: 8] = hash[32*(g/4) + 24 - 8*(g%4) +: 8];
        end
    endgenerate

    assign m_axis_tlast = 1'b1;

endmodule

`default_nettype wire
