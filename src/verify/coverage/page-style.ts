/** Colours that every page of rtlift shares. */
export const LIGHT_COLOURS = `--text: #1c2024; --soft: #5b6470; --back: #ffffff; --card: #f5f6f8; --rule: #d9dde3; --link: #0b57c2;
  --good: #1a7f46; --good-back: #e8f6ee; --some: #8a5a00; --some-back: #fff4d6; --none: #b3261e; --none-back: #fdeae8;`;
export const DARK_COLOURS = `--text: #e4e7eb; --soft: #9aa4b1; --back: #14171b; --card: #1d2127; --rule: #343a43; --link: #7db2ff;
    --good: #5fd08e; --good-back: #12291d; --some: #f2c14e; --some-back: #332a10; --none: #ff8a80; --none-back: #3a1a18;`;

/**
 * Style of the coverage page. What is not covered is told by a sign and a note as well, not by colour alone.
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  ${LIGHT_COLOURS}
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    ${DARK_COLOURS}
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 110rem; color: var(--text); background: var(--back);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem; overflow-wrap: anywhere; }
p { margin: .25rem 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.soft { color: var(--soft); max-width: 60rem; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .25rem .75rem; background: var(--back); z-index: 2; }
.totals { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.25rem 0 0; }
.totals div.total { flex: 0 1 18rem; padding: .75rem 1rem; background: var(--card); border-radius: 8px; }
.totals dt { color: var(--soft); }
.totals dd { margin: 0; }
.totals strong { font-size: 1.7rem; line-height: 1.3; }
.bar { display: block; height: 6px; border-radius: 3px; background: var(--rule); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--good); }
.bar.low span { background: var(--some); }
table { border-collapse: collapse; }
th { text-align: left; font-weight: 600; color: var(--soft); }
.list { width: 100%; }
.list th, .list td { padding: .35rem 1.25rem .35rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
.list tbody th { color: inherit; font-weight: 400; }
.list .share { min-width: 13rem; font-variant-numeric: tabular-nums; }
.files tbody th { width: 100%; }
.list code { overflow-wrap: anywhere; }
.list .place { white-space: nowrap; }
code, .source { font-family: var(--mono); font-size: 13px; }
h2 code { font-size: inherit; }
.scroll { overflow-x: auto; border: 1px solid var(--rule); border-radius: 8px; margin-top: .75rem; }
.source { width: 100%; line-height: 1.45; tab-size: 4; }
.source th { padding: .35rem .75rem; border-bottom: 1px solid var(--rule); font: 600 13px/1.45 system-ui, sans-serif; }
.source td { padding: 0 .75rem; vertical-align: top; }
.source .gutter { text-align: right; color: var(--soft); user-select: none; white-space: nowrap; width: 1%; }
.source th.gutter { user-select: auto; }
.source .code { white-space: pre; border-left: 4px solid transparent; }
.source tr.all .code { border-left-color: var(--good); }
.source tr.all .mark { color: var(--good); }
.source tr.some { background: var(--some-back); }
.source tr.some .code { border-left-color: var(--some); }
.source tr.some .mark { color: var(--some); font-weight: 700; }
.source tr.none { background: var(--none-back); }
.source tr.none .code { border-left-color: var(--none); }
.source tr.none .mark { color: var(--none); font-weight: 700; }
.source tr { scroll-margin-top: 35vh; }
.source tr:target { outline: 2px solid var(--link); outline-offset: -2px; }
.note { display: block; white-space: normal; max-width: min(60rem, calc(100vw - 20rem)); min-width: 14rem; padding: .1rem 0 .2rem 2rem; text-indent: -1.1rem;
  font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; user-select: none;
  overflow-wrap: anywhere; }
tr.some .note { color: var(--some); }
tr.none .note { color: var(--none); }
.note .why { color: var(--text); }
@media (max-width: 50rem) { body { padding: 1rem; } .list .share { min-width: 6rem; } .list .place { white-space: normal; } }
@media print { .scroll { overflow: visible; } .source .code { white-space: pre-wrap; } }
`;
