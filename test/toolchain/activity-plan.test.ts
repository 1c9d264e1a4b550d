import { describe, expect, test } from 'vitest';
import { MEMORY_LIMIT_BITS, planActivity } from '../../src/toolchain/activity-plan.js';
import { escapeName, plainName, readModelMembers } from '../../src/toolchain/model-members.js';
import { readSignalRoles } from '../../src/toolchain/signal-roles.js';

const ref = (name: string): string => `<varref name="${name}"/>`;
const element = (array: string, index: string): string =>
  `<arraysel>${ref(array)}${index}</arraysel>`;
const assign = (value: string, target: string): string => `<assign>${value}${target}</assign>`;
const delayed = (value: string, target: string): string =>
  `<assigndly>${value}${target}</assigndly>`;
const clocked = (clock: string, ...statements: string[]): string =>
  `<always><sentree><senitem edgeType="POS">${ref(clock)}</senitem></sentree>${statements.join('')}</always>`;
const when = (condition: string, ...ways: string[]): string =>
  `<if>${ref(condition)}${ways.map((way) => `<begin>${way}</begin>`).join('')}</if>`;
const loop = (counter: string, body: string): string =>
  `<while><begin/><begin>${ref(counter)}</begin><begin>${body}</begin>` +
  `<begin>${assign(ref(counter), ref(counter))}</begin></while>`;

/** Roles of the signals of a module `t`, without the module's name. */
function rolesOf(signals: Readonly<Record<string, string>>, ...logic: string[]) {
  const vars = Object.entries(signals).map(
    ([name, dir]) => `<var name="${name}"${dir === '' ? '' : ` dir="${dir}"`}/>`,
  );
  const roles = readSignalRoles(`<m>${vars.join('')}${logic.join('')}</m>`, 't');
  return Object.fromEntries([...roles].map(([name, { kind }]) => [name, kind]));
}

const PORTS = { clk: 'input', d: 'input', en: 'input' };

describe('the roles of signals', () => {
  test('a clocked assignment makes a register, an unclocked one a net', () => {
    const roles = rolesOf(
      { ...PORTS, 't.q': '', 't.n': '', 't.k': '' },
      clocked('clk', delayed(ref('t.n'), ref('t.q'))),
      `<contassign>${ref('d')}${ref('en')}${ref('t.n')}</contassign>`,
      `<contassign><const name="1"/>${ref('t.k')}</contassign>`,
    );
    expect(roles).toMatchObject({
      clk: 'clock',
      't.q': 'register',
      't.n': 'net',
      't.k': 'constant',
    });
  });

  test('a value on the way through a clocked process is a net, one that is kept a register', () => {
    const signals = { ...PORTS, 't.a': '', 't.b': '', 't.c': '', 't.e': '', 't.q': '' };
    const roles = rolesOf(
      signals,
      clocked(
        'clk',
        // Assigned before each use; used before it is assigned; assigned in one case only; in both.
        assign(ref('d'), ref('t.a')),
        delayed(ref('t.a') + ref('t.b'), ref('t.q')),
        assign(ref('d'), ref('t.b')),
        when('en', assign(ref('d'), ref('t.c'))),
        when('en', assign(ref('d'), ref('t.e')), assign(ref('en'), ref('t.e'))),
        delayed(ref('t.c') + ref('t.e'), ref('t.q')),
      ),
    );
    expect(roles).toMatchObject({
      't.a': 'net',
      't.b': 'register',
      't.c': 'register',
      't.e': 'net',
    });
  });

  test('a value that another process reads, or that is a port, is kept', () => {
    const roles = rolesOf(
      { ...PORTS, o: 'output', 't.a': '', 't.n': '' },
      clocked('clk', assign(ref('d'), ref('t.a')), assign(ref('d'), ref('o'))),
      `<contassign>${ref('t.a')}<const/>${ref('t.n')}</contassign>`,
    );
    expect(roles).toMatchObject({ 't.a': 'register', o: 'register', 't.n': 'net' });
  });

  test('an array of which a signal chooses the element is a memory, one written as a whole is not', () => {
    const roles = rolesOf(
      { ...PORTS, 't.ram': '', 't.pipe': '', 't.file': '', 't.i': '' },
      clocked('clk', delayed(ref('d'), element('t.ram', ref('en')))),
      clocked(
        'clk',
        assign('<const/>', ref('t.i')),
        loop('t.i', delayed(ref('d'), element('t.pipe', ref('t.i')))),
      ),
      clocked(
        'clk',
        delayed(ref('d'), element('t.file', ref('en'))),
        delayed(ref('d'), element('t.file', '<const/>')),
      ),
    );
    expect(roles).toMatchObject({ 't.ram': 'memory', 't.pipe': 'register', 't.file': 'register' });
  });

  test('an asynchronous reset is no clock', () => {
    const both =
      `<always><sentree><senitem edgeType="NEG">${ref('en')}</senitem><senitem edgeType="POS">${ref('clk')}</senitem></sentree>` +
      `${when('en', delayed(ref('d'), ref('t.q')))}</always>`;
    const roles = rolesOf({ ...PORTS, 't.q': '' }, both);
    expect(roles).toMatchObject({ clk: 'clock', en: 'net', 't.q': 'register' });
  });

  test('names that leave out the top module are found', () => {
    const roles = rolesOf(
      { ...PORTS, 't.gen_x[0].q': '', 't.u.p': '', 't.r': '' },
      clocked('clk', delayed(ref('d'), ref('gen_x[0].q')), delayed(ref('d'), ref('t.r'))),
      `<assignalias>${ref('t.r')}${ref('u.p')}</assignalias>`,
    );
    expect(roles).toMatchObject({ 't.gen_x[0].q': 'register', 't.u.p': 'register' });
  });
});

const SYMS = ['    Vk___024root TOP;', '    Vk_leaf TOP__t__DOT__u;'].join('\n');

function membersOf(
  root: string[],
  leaf: string[] = [],
  source = '',
): ReturnType<typeof readModelMembers> {
  return readModelMembers(
    new Map([
      ['Vk__Syms', SYMS],
      ['Vk___024root', root.join('\n')],
      ['Vk_leaf', leaf.join('\n')],
    ]),
    [source],
  );
}

describe('the members of a model', () => {
  test('are ports, variables of each width, and arrays', () => {
    const { members, unread } = membersOf([
      '    VL_IN8(clk,0,0);',
      '    VL_OUTW(data,255,0,8);',
      '    CData/*6:0*/ t__DOT__a;',
      '    QData/*54:0*/ t__DOT__b;',
      '    VlWide<16>/*511:0*/ t__DOT__c;',
      '    VlUnpacked<VlUnpacked<IData/*31:0*/, 64>, 16> t__DOT__d;',
      '    VlUnpacked<VlWide<8>/*255:0*/, 128> t__DOT__e;',
      '    VlQueue<IData/*31:0*/> t__DOT__f;',
      '    CData/*0:0*/ __Vtrigrprev__TOP__clk;',
      '    CData/*7:0*/ __Vdly__t__DOT__a;',
      '    IData/*18:0*/ t__DOT____VdfgTmp_h5bf1de54__0;',
      '    VlTriggerVec<1> __VactTriggered;',
    ]);
    expect(members.map(({ name, bits, isArray }) => [name, bits, isArray])).toEqual([
      ['clk', 1, false],
      ['data', 256, false],
      ['t__DOT__a', 7, false],
      ['t__DOT__b', 55, false],
      ['t__DOT__c', 512, false],
      ['t__DOT__d', 32 * 64 * 16, true],
      ['t__DOT__e', 256 * 128, true],
      ['t__DOT____VdfgTmp_h5bf1de54__0', 19, false],
    ]);
    expect(unread).toEqual(['t__DOT__f']);
  });

  test('of other classes have the place of their instance, and no ports that are copies', () => {
    const { members, hasInstances } = membersOf(
      ['    VL_IN8(clk,0,0);'],
      [
        '    VL_IN8(clk,0,0);',
        '    VL_OUT8(left_over,7,0);',
        '    VL_OUT8(q,7,0);',
        '    CData/*7:0*/ __PVT__r_q;',
      ],
      'vlSelf->q = vlSelf->__PVT__r_q;',
    );
    expect(hasInstances).toBe(true);
    expect(members.map(({ name, expression }) => [name, expression])).toEqual([
      ['clk', 'root.clk'],
      ['t__DOT__u__DOT__q', 'root.vlSymsp->TOP__t__DOT__u.q'],
      ['t__DOT__u__DOT__r_q', 'root.vlSymsp->TOP__t__DOT__u.__PVT__r_q'],
    ]);
  });

  test('have escaped names', () => {
    expect(escapeName('t.gen_x[0].u.q')).toBe('t__DOT__gen_x__BRA__0__KET____DOT__u__DOT__q');
    expect(plainName(escapeName('t.gen_x[0].u.q'))).toBe('t.gen_x[0].u.q');
    expect(escapeName('t.a*b')).toBe('t__DOT__a__02ab');
  });
});

describe('a plan', () => {
  const array = (name: string, words: number): string =>
    `    VlUnpacked<CData/*7:0*/, ${words}> t__DOT__${name};`;
  const roles = readSignalRoles(
    `<m>${['clk', 'd'].map((name) => `<var name="${name}" dir="input"/>`).join('')}` +
      `${['q', 'copy', 'lost', 'small', 'large', 'n', 'gate', 'g'].map((name) => `<var name="t.${name}"/>`).join('')}` +
      clocked(
        'clk',
        delayed(ref('d'), ref('t.q')),
        delayed(ref('d'), ref('t.lost')),
        delayed(ref('d'), element('t.small', ref('d'))),
        delayed(ref('d'), element('t.large', ref('d'))),
      ) +
      clocked('t.gate', delayed(ref('d'), ref('t.g'))) +
      `<contassign>${ref('t.q')}${ref('t.copy')}</contassign>` +
      `<contassign><not>${ref('d')}</not>${ref('t.n')}</contassign></m>`,
    't',
  );
  const plan = planActivity(
    roles,
    membersOf([
      '    VL_IN8(clk,0,0);',
      '    VL_IN8(d,7,0);',
      '    CData/*7:0*/ t__DOT__q;',
      '    CData/*7:0*/ t__DOT__copy;',
      '    CData/*7:0*/ t__DOT__g;',
      array('large', MEMORY_LIMIT_BITS / 8),
      array('small', 4),
    ]),
    ['clk'],
  );

  test('counts a signal once, and leaves out clocks and what goes beyond the limit', () => {
    expect(plan.groups).toEqual([
      { kind: 'registers', clock: 'clk', bits: 16 },
      { kind: 'nets', clock: 'clk', bits: 8 },
      { kind: 'memories', clock: 'clk', bits: 32 },
    ]);
  });

  test('says what it misses', () => {
    const misses = plan.misses.join('\n');
    expect(misses).toContain('registers that the model does not hold: t.lost');
    expect(misses).toContain(`t.large (${MEMORY_LIMIT_BITS} bits)`);
    expect(misses).toContain('the model holds 1 of 2 named ones');
    expect(misses).toContain('registers on clocks that are no ports');
    expect(misses).toContain('those on t.gate');
  });
});
