import { DARK_COLOURS, LIGHT_COLOURS } from '../../verify/coverage/page-style.js';

/**
 * Colours of charts: those of Okabe and Ito, which readers with any colour vision tell apart, darkened on white and lightened
 * on black until each has a contrast of at least 3 with the background (WCAG 2.2, 1.4.11).
 * @see Okabe and Ito, Color Universal Design, 2008
 */
const LIGHT = `${LIGHT_COLOURS}
  --s0: #0069a8; --s1: #c25200; --s2: #00805e; --s3: #b0487f; --s4: #7a5c00; --s5: #2f7fb8; --s6: #6b4fb0; --s7: #555d66;
  --on-series: #ffffff; --grid: #e6e9ed; --claim: #e9dcf5; --claim-edge: #6b4fb0;`;
const DARK = `${DARK_COLOURS}
  --s0: #5ab4f0; --s1: #ff9a4d; --s2: #3fd0a3; --s3: #f09bc6; --s4: #e8cb52; --s5: #9ad0f5; --s6: #b9a3f5; --s7: #b3bcc7;
  --on-series: #101316; --grid: #2a3038; --claim: #33284a; --claim-edge: #b9a3f5;`;

/** The system's theme, unless the button at the top has set `data-theme`. */
export const PALETTE = `:root { color-scheme: light dark;${LIGHT} }
@media (prefers-color-scheme: dark) { :root:not([data-theme='light']) {${DARK} } }
:root[data-theme='dark'] { color-scheme: dark;${DARK} }
:root[data-theme='light'] { color-scheme: light; }`;
