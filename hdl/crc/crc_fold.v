`default_nettype none

// Remainder of a message of right-aligned beats, most significant bit of the register first.
//
// With M the matrix that feeds one zero bit into the register, a beat of k bytes takes register r to
// M^(8k) * r ^ D(beat), where D is linear in the bits of the beat and does not depend on k, as leading zeros add nothing.
// D is computed ahead of the only feedback, acc = M^512 * acc ^ D for a beat that is not the last. Behind it, M^(8k) of
// the last beat is M^8 and M^(8 * 2^i) for each bit i of k - 1, a conditional stage each. No matrix is inverted, so any
// polynomial will do.
//
// II = 1 beat per cycle, latency = 9 cycles from the last beat to the remainder.
// tready path: none, a beat is taken in each cycle. Reset: drops all beats; the next one starts a message.
module crc_fold #(
    parameter             WIDTH = 32,
    parameter [WIDTH-1:0] POLY  = 0,
    parameter [WIDTH-1:0] INIT  = 0,
    parameter             REFIN = 0
) (
    input  wire             clk,
    input  wire             rst,             // synchronous, active high

    input  wire [511:0]     beat_data,
    input  wire [5:0]       beat_index,      // number of bytes less one; counts in the last beat only
    input  wire             beat_nonempty,   // 0: beat_data does not count
    input  wire             beat_last,
    input  wire             beat_valid,

    output wire [WIDTH-1:0] remainder,
    output wire             remainder_valid
);

    // ---- constants ----

    // Constant functions, run at elaboration and never in simulation.
    /* verilator coverage_off */

    // All matrices are made of powers of x modulo the polynomial: column j of M^n is x^(n+j), and a bit of the beat with
    // n bits behind it adds x^(n+WIDTH) to the register.
    localparam POWERS = 512 + WIDTH;

    function [WIDTH*POWERS-1:0] powers_of_x(input [WIDTH-1:0] poly);
        integer           n;
        reg [WIDTH-1:0]   power;
        begin
            power    = {WIDTH{1'b0}};
            power[0] = 1'b1;
            for (n = 0; n < POWERS; n = n + 1) begin
                powers_of_x[WIDTH*n +: WIDTH] = power;
                power = (power << 1) ^ ({WIDTH{power[WIDTH-1]}} & poly);
            end
        end
    endfunction

    localparam [WIDTH*POWERS-1:0] POWER = powers_of_x(POLY);

    // What bit b of word w of the beat adds, at [WIDTH*(16*b + w) +: WIDTH].
    function [WIDTH*512-1:0] columns_of_beat(input [WIDTH*POWERS-1:0] power);
        integer b;
        integer w;
        for (b = 0; b < 32; b = b + 1)
            for (w = 0; w < 16; w = w + 1)
                columns_of_beat[WIDTH*(16*b + w) +: WIDTH] =
                    power[WIDTH*(WIDTH + 511 - 32*w - (REFIN != 0 ? b : b ^ 7)) +: WIDTH];
    endfunction

    localparam [WIDTH*512-1:0] BEAT_COLUMN = columns_of_beat(POWER);

    // Nets of constant value, as an interpreting simulator copies a whole parameter for each part that it selects.
    wire [WIDTH*512-1:0] beat_column = BEAT_COLUMN;

    // Column j of the matrix of lane n, at [WIDTH*(8*j + n) +: WIDTH]: M^8 for lanes 0 and 1, then M^16 to M^512.
    function [WIDTH*WIDTH*8-1:0] columns_of_lanes(input [WIDTH*POWERS-1:0] power);
        integer j;
        integer n;
        for (j = 0; j < WIDTH; j = j + 1)
            for (n = 0; n < 8; n = n + 1)
                columns_of_lanes[WIDTH*(8*j + n) +: WIDTH] = power[WIDTH*((n == 0 ? 8 : 4 << n) + j) +: WIDTH];
    endfunction

    localparam [WIDTH*WIDTH*8-1:0] LANE_COLUMN = columns_of_lanes(POWER);

    wire [WIDTH*WIDTH*8-1:0] lane_column = LANE_COLUMN;

    /* verilator coverage_on */

    // Inputs of a LUT. The sums below are grouped by it, so that a row of 36 terms is two LUTs deep.
    localparam LUT = 6;

    // ---- control ----

    reg [1:0] valid_q;                       // bit 1 belongs to d_q[0]
    reg [1:0] last_q;
    reg       nonempty_q;
    reg [6:0] remainder_valid_q;

    wire      acc_valid = valid_q[1];
    wire      acc_last  = last_q[1];

    always @(posedge clk) begin
        valid_q           <= {valid_q[0], beat_valid};
        last_q            <= {last_q[0], beat_last};
        nonempty_q        <= beat_nonempty;
        remainder_valid_q <= {remainder_valid_q[5:0], acc_valid && acc_last};
        if (rst) begin
            valid_q           <= 2'd0;
            remainder_valid_q <= 7'd0;
        end
    end

    // step[n]: the message in stage n takes the matrix of the stage.
    wire [6:0] step_in = {beat_index, beat_nonempty};
    wire [6:0] step;

    genvar s;
    generate
        for (s = 0; s < 7; s = s + 1) begin : gen_step
            reg [s+1:0] step_q;
            assign step[s] = step_q[s+1];
            always @(posedge clk)
                step_q <= {step_q[s:0], step_in[s]};
        end
    endgenerate

    // ---- the stages ----

    // Arrays updated by loops of one statement with blocking assignments, as C++ compilers turn the simulated loops into
    // vector instructions (README, "Simulation speed"). The assignments are safe because this block alone reads the
    // arrays, last stage first; what leaves it is non-blocking.
    (* mem2reg *) reg [WIDTH-1:0] part_q [0:15];     // what word w of the beat adds
    (* mem2reg *) reg [WIDTH-1:0] d_q [0:6];         // D(beat), by stage
    (* mem2reg *) reg [WIDTH-1:0] r_q [0:6];         // r_q[0] is acc; r_q[n] is the register of the message in stage n
    reg [WIDTH-1:0] remainder_q;

    (* mem2reg *) reg [WIDTH-1:0] from [0:7];
    (* mem2reg *) reg [WIDTH-1:0] product [0:7];
    (* mem2reg *) reg [WIDTH-1:0] group [0:15];
    (* mem2reg *) reg [WIDTH-1:0] half [0:7];
    (* mem2reg *) reg [WIDTH-1:0] quarter [0:3];

    integer n;
    integer w;
    integer g;
    integer j;

    /* verilator lint_off BLKSEQ */
    always @(posedge clk) begin
        // Stages 0 to 6 in lanes 0 to 6, the feedback in lane 7.
        for (n = 0; n < 8; n = n + 1) begin
            from[n]    = n == 7 ? r_q[0] : r_q[n];
            product[n] = {WIDTH{1'b0}};
        end
        for (g = 0; g < WIDTH; g = g + LUT) begin
            for (n = 0; n < 8; n = n + 1)
                group[n] = {WIDTH{1'b0}};
            for (j = g; j < g + LUT && j < WIDTH; j = j + 1)
                for (n = 0; n < 8; n = n + 1)
                    group[n] = group[n] ^ ({WIDTH{from[n][j]}} & lane_column[WIDTH*(8*j + n) +: WIDTH]);
            for (n = 0; n < 8; n = n + 1)
                product[n] = product[n] ^ group[n];
        end

        remainder_q <= (step[6] ? product[6] : r_q[6]) ^ d_q[6];
        for (n = 6; n > 0; n = n - 1)
            r_q[n] = step[n-1] ? product[n-1] : r_q[n-1];
        if (acc_valid)
            r_q[0] = acc_last ? INIT : product[7] ^ d_q[0];
        if (rst)
            r_q[0] = INIT;

        for (n = 6; n > 0; n = n - 1)
            d_q[n] = d_q[n-1];
        for (w = 0; w < 8; w = w + 1)
            half[w] = part_q[w] ^ part_q[w+8];
        for (w = 0; w < 4; w = w + 1)
            quarter[w] = half[w] ^ half[w+4];
        d_q[0] = (quarter[0] ^ quarter[1]) ^ (quarter[2] ^ quarter[3]);
        if (!nonempty_q)
            d_q[0] = {WIDTH{1'b0}};

        for (w = 0; w < 16; w = w + 1)
            part_q[w] = {WIDTH{1'b0}};
        for (g = 0; g < 32; g = g + LUT) begin
            for (w = 0; w < 16; w = w + 1)
                group[w] = {WIDTH{1'b0}};
            for (j = g; j < g + LUT && j < 32; j = j + 1)
                for (w = 0; w < 16; w = w + 1)
                    group[w] = group[w] ^ ({WIDTH{beat_data[32*w + j]}} & beat_column[WIDTH*(16*j + w) +: WIDTH]);
            for (w = 0; w < 16; w = w + 1)
                part_q[w] = part_q[w] ^ group[w];
        end
    end
    /* verilator lint_on BLKSEQ */

    assign remainder       = remainder_q;
    assign remainder_valid = remainder_valid_q[6];

endmodule

`default_nettype wire
