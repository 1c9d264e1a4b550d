/** A place in a file of hdl/ and what a mistake makes of it; `find` occurs there once. */
export interface Edit {
  readonly find: string;
  readonly replace: string;
}

/** A mistake that somebody could have made in a built-in kernel. */
export interface Bug {
  readonly name: string;
  /** What kind of mistake it is. */
  readonly kind: string;
  /** As `rtlift verify` names the kernel. */
  readonly plan: string;
  /** Of hdl/. */
  readonly file: string;
  readonly edits: readonly Edit[];
}

/** Twenty bugs of unlike kinds: in data, control, handshakes, reset and settings. */
export const BUGS: readonly Bug[] = [
  {
    name: 'padding-56',
    kind: 'padding off by one: 56 bytes leave no room for the length',
    plan: 'sha256',
    file: 'sha256/sha256_pad.v',
    edits: [{ find: '!s_axis_tkeep[55]', replace: '!s_axis_tkeep[56]' }],
  },
  {
    name: 'length-16-bits',
    kind: 'counter overflow: the length field keeps 16 bits, less than 8 KiB',
    plan: 'sha1',
    file: 'sha256/sha256_pad.v',
    edits: [
      {
        find: "= {beats_q, 9'd0} + {54'd0, bytes, 3'd0};",
        replace: "= {48'd0, beats_q[6:0], 9'd0} + {54'd0, bytes, 3'd0};",
      },
    ],
  },
  {
    name: 'stale-beats',
    kind: 'stale state between messages: the count survives a block of padding alone',
    plan: 'sha256-pipelined',
    file: 'sha256/sha256_pad.v',
    edits: [
      {
        find: "beats_q        <= s_axis_tlast ? 55'd0",
        replace: "beats_q        <= s_axis_tlast && length_fits ? 55'd0",
      },
    ],
  },
  {
    name: 'lost-beat',
    kind: 'beat lost: tready does not look at the stage that stalls',
    plan: 'sha256',
    file: 'sha256/sha256_pad.v',
    edits: [
      {
        find: 'assign s_axis_tready = advance && !extra_q;',
        replace: 'assign s_axis_tready = !extra_q;',
      },
    ],
  },
  {
    name: 'initial-not-reset',
    kind: 'stale state after a reset in mid-packet: an initial value in place of a reset',
    plan: 'sha1',
    file: 'sha256/sha256_pad.v',
    edits: [
      { find: 'reg         packet_begun_q;', replace: "reg         packet_begun_q = 1'b0;" },
      {
        find: "            packet_begun_q <= 1'b0;\n            extra_q        <= 1'b0;\n            beats_q ",
        replace: "            extra_q        <= 1'b0;\n            beats_q ",
      },
    ],
  },
  {
    name: 'last-round',
    kind: 'isolated message: the last round needs another block in flight',
    plan: 'sha256',
    file: 'sha256/sha256_lanes.v',
    edits: [{ find: 'if (|running_q) begin', replace: 'if (|running_q[62:0]) begin' }],
  },
  {
    name: 'payload-changes',
    kind: 'payload changes while stalled: the data register has no enable',
    plan: 'siphash',
    file: 'siphash/siphash.v',
    edits: [
      {
        find: [
          '        if (collect) begin',
          '            for (n = 0; n < LANES; n = n + 1)',
          '                if (collect_q == n[LANE_BITS-1:0])',
          '                    tdata_q <= hash[OUT_BITS*n +: OUT_BITS];',
        ].join('\n'),
        replace: [
          '        for (n = 0; n < LANES; n = n + 1)',
          '            if (collect_q == n[LANE_BITS-1:0])',
          '                tdata_q <= hash[OUT_BITS*n +: OUT_BITS];',
          '        if (collect) begin',
        ].join('\n'),
      },
    ],
  },
  {
    name: 'order-swapped',
    kind: 'order of results: the turn passes to the next lane while the sink stalls',
    plan: 'siphash-128',
    file: 'siphash/siphash.v',
    edits: [
      {
        find: '            if (hash_valid[collect_q])\n',
        replace: '        end\n        if (hash_valid[collect_q]) begin\n',
      },
    ],
  },
  {
    name: 'output-in-reset',
    kind: 'output during reset: tvalid has no reset',
    plan: 'siphash',
    file: 'siphash/siphash.v',
    edits: [{ find: "            tvalid_q  <= 1'b0;\n", replace: '' }],
  },
  {
    name: 'valid-drops',
    kind: 'valid dropped: a read waits where a write uses the memory',
    plan: 'crc',
    file: 'lib/axis_fifo.v',
    edits: [
      {
        find: 'assign m_axis_tvalid = write_q != read_q;',
        replace: 'assign m_axis_tvalid = write_q != read_q && !s_axis_tvalid;',
      },
    ],
  },
  {
    name: 'fifo-overflows',
    kind: 'full off by one: one result more is let in than the FIFO holds',
    plan: 'crc',
    file: 'crc/crc.v',
    edits: [
      {
        find: 'assign s_axis_tready = credits_q != FIFO_DEPTH[CREDIT_BITS-1:0];',
        replace: 'assign s_axis_tready = credits_q <= FIFO_DEPTH[CREDIT_BITS-1:0];',
      },
    ],
  },
  {
    name: 'tail-of-48',
    kind: 'tkeep: the tail of one length is taken for the next',
    plan: 'crc-17',
    file: 'crc/crc_align.v',
    edits: [{ find: 'ones({in_keep[48],', replace: 'ones({in_keep[47],' }],
  },
  {
    name: 'empty-message',
    kind: 'empty message: lanes without tkeep count',
    plan: 'crc',
    file: 'crc/crc_fold.v',
    edits: [{ find: 'nonempty_q        <= beat_nonempty;', replace: "nonempty_q        <= 1'b1;" }],
  },
  {
    name: 'extra-result',
    kind: 'extra result: a bubble after a last beat gives another',
    plan: 'crc-17',
    file: 'crc/crc_fold.v',
    edits: [{ find: 'acc_valid && acc_last}', replace: 'acc_last}' }],
  },
  {
    name: 'push-and-pop',
    kind: 'push and pop at once: the count of places loses the push',
    plan: 'literalMatch-16',
    file: 'literal_match/literal_match.v',
    edits: [{ find: 'if (!reserve && released) reserved_q', replace: 'if (released) reserved_q' }],
  },
  {
    name: 'unknown-at-start',
    kind: 'unknown at start: a pointer lost its reset',
    plan: 'literalMatch',
    file: 'literal_match/literal_match.v',
    edits: [{ find: "            get_q    <= 3'd0;\n", replace: '' }],
  },
  {
    name: 'case-of-backquote',
    kind: 'comparison: the byte before the letters is folded as one',
    plan: 'literalMatch-16',
    file: 'literal_match/literal_match_loader.v',
    edits: [{ find: "lower >= 8'h61", replace: "lower >= 8'h60" }],
  },
  {
    name: 'key-taken-once',
    kind: 'settings: another key is ignored until a reset',
    plan: 'siphash',
    file: 'siphash/siphash_registers.v',
    edits: [{ find: 'key_q       <= {', replace: 'if (!key_valid_q) key_q <= {' }],
  },
  {
    name: 'index-bit',
    kind: 'loader: the top bit of an index is ignored',
    plan: 'recordFilter',
    file: 'record_filter/record_filter_registers.v',
    edits: [
      {
        find: 'index_q   <= s_axil_wdata[INDEX_BITS-1:0];',
        replace: "index_q   <= {1'b0, s_axil_wdata[INDEX_BITS-2:0]};",
      },
    ],
  },
  {
    name: 'score-32-bits',
    kind: 'carry lost: the score wraps at 32 bits',
    plan: 'classify',
    file: 'classify/classify.v',
    edits: [
      {
        find: [
          '    always @(posedge clk)',
          '        score_q <= (first_q[5] ? wide_bias : score_q) + wide_sum;',
        ].join('\n'),
        replace: [
          '    wire [31:0] next = (first_q[5] ? bias : score_q[31:0]) + wide_sum[31:0];',
          '    always @(posedge clk)',
          '        score_q <= {{15{next[31]}}, next};',
        ].join('\n'),
      },
    ],
  },
];
