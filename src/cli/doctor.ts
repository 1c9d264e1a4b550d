import { styleText } from 'node:util';
import Table from 'cli-table3';
import { Command } from 'commander';
import { installCommands, TOOLS } from '../toolchain/find-tools.js';
import { type Check, collectReport, type DoctorReport } from './doctor-report.js';
import { SETUP_COMMAND } from './package-info.js';

type Format = 'green' | 'red' | 'yellow' | 'bold';
type Paint = (format: Format, text: string) => string;

const plain: Paint = (_format, text) => text;

/** hasColors knows NO_COLOR, FORCE_COLOR and TERM=dumb; styleText of Node 20 knows them from 20.18 only. */
function paintFor(stream: NodeJS.WriteStream): Paint {
  const isColoured = stream.isTTY && stream.hasColors();
  return isColoured ? (format, text) => styleText(format, text) : plain;
}

function showSize(bytes: number): string {
  return bytes < 1024 * 1024
    ? `${Math.ceil(bytes / 1024)} KiB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function showState(check: Check, paint: Paint): string {
  if (check.ok) return paint('green', check.version ?? 'loads');
  if (check.path === null) return paint('red', 'missing');
  return paint('yellow', check.reason ?? 'unusable');
}

function renderTable(checks: readonly Check[], width: number, paint: Paint): string {
  const longest = Math.max(...checks.map((check) => check.path?.length ?? 1));
  const pathWidth = Math.min(longest, Math.max(24, Math.floor(width / 3)));
  // Borders and padding of five columns take 16 characters; the last two share what is left.
  const textWidth = Math.max(20, Math.floor((width - 16 - 18 - 14 - pathWidth) / 2));
  const table = new Table({
    head: ['tool', 'version', 'found at', 'needed for', 'works without it'],
    colWidths: [20, 16, pathWidth + 2, textWidth + 2, textWidth + 2],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  // wordWrap breaks at spaces only, and a path has none.
  const piece = new RegExp(`.{${pathWidth}}`, 'g');
  for (const check of checks) {
    const path = (check.path ?? '-').replace(piece, '$& ').trim();
    table.push([check.label, showState(check, paint), path, check.neededFor, check.without]);
  }
  return table.toString();
}

function renderMissing(report: DoctorReport, paint: Paint): string[] {
  const missing = report.checks.filter((check) => !check.ok);
  if (missing.length === 0) return ['Nothing is missing.'];
  const lines = [paint('bold', 'How to get what is missing')];
  const tools = TOOLS.filter(({ name }) => missing.some((check) => check.name === name));
  if (tools.length > 0) {
    lines.push(`  ${tools.map((tool) => tool.label).join(', ')}:`);
    for (const [system, command] of installCommands(tools.map((tool) => tool.name))) {
      lines.push(`    ${system}: ${command}`);
    }
  }
  for (const check of missing) {
    if (tools.some((tool) => tool.name === check.name)) continue;
    lines.push(`  ${check.label} (${check.reason}):`, `    ${check.get}`);
  }
  if (tools.length > 0) lines.push(`  then: ${SETUP_COMMAND}`);
  return lines;
}

/**
 * The report as text.
 * @param width - columns of the terminal.
 */
export function renderReport(report: DoctorReport, width: number, paint: Paint = plain): string {
  const yes = (isUsable: boolean) => (isUsable ? paint('green', 'works') : paint('red', 'off'));
  const variables = Object.entries(report.environment).map(([key, value]) => `  ${key}=${value}`);
  return [
    `rtlift ${report.rtlift} on ${report.platform}`,
    renderTable(report.checks, width, paint),
    `javascript path: ${yes(report.paths.javascript)}, verilator path: ${yes(report.paths.verilator)}`,
    `cache: ${report.cache.path} (${showSize(report.cache.sizeBytes)})`,
    ...(variables.length > 0
      ? ['environment:', ...variables]
      : ['environment: no RTLIFT_* is set']),
    '',
    ...renderMissing(report, paint),
    '',
  ].join('\n');
}

/** `rtlift doctor`: what is found, what is missing, how to get it, what works without it. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('list every tool: found, version, how to get it, what works without it')
    .option('--json', 'print the same as JSON')
    .option('--strict', 'exit with 1 when the verilator path cannot run')
    .addHelpText(
      'after',
      '\nExits with 0, whatever is missing, unless --strict is given: the javascript path always works.',
    )
    .action(async (options: { json?: true; strict?: true }) => {
      const report = await collectReport();
      const text = options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : renderReport(report, process.stdout.columns ?? 120, paintFor(process.stdout));
      process.stdout.write(text);
      if (options.strict && !report.paths.verilator) process.exitCode = 1;
    });
}
