export type ToolName =
  | 'verilator'
  | 'cxx'
  | 'clang'
  | 'cmake'
  | 'make'
  | 'iverilog'
  | 'yosys'
  | 'nextpnr'
  | 'chromium';
export type SystemName = 'debian' | 'fedora' | 'macos';

/** One entry of tools.json. */
export interface Tool {
  readonly name: ToolName;
  readonly label: string;
  /** Environment variable that names the executable, and then nothing else is tried. */
  readonly env: string | null;
  /** Names looked up on PATH, in this order. */
  readonly commands: readonly string[];
  readonly versionArgs: readonly string[];
  readonly versionPattern: string;
  readonly minimum: string | null;
  /** `kernels`: at run time; `addon`: to build the addon; `tests`, `browser`: by rtlift's own tests only; `speed`: optional. */
  readonly role: 'kernels' | 'addon' | 'tests' | 'browser' | 'speed';
  readonly neededFor: string;
  readonly without: string;
  /** null: part of the system's developer tools, not a package of its own. */
  readonly packages: Readonly<Record<SystemName, string | null>>;
}

export interface ToolResult {
  readonly tool: ToolName;
  /** Absolute path of what was found, also when it is not usable. */
  readonly path: string | null;
  readonly version: string | null;
  readonly ok: boolean;
  /** Why `ok` is false, else null. */
  readonly reason: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const TOOLS: readonly Tool[];
export const SYSTEM_LABELS: Readonly<Record<SystemName, string>>;
export function toolByName(name: string): Tool;
export function whichCommand(command: string, env?: Environment): Promise<string | null>;
export function compareVersions(a: string, b: string): -1 | 0 | 1;
export function findTool(
  name: ToolName,
  options?: { readonly env?: Environment; readonly timeoutMs?: number },
): Promise<ToolResult>;
export function detectSystem(options?: {
  readonly platform?: string;
  readonly osRelease?: string;
}): SystemName | null;
export function installCommand(
  system: SystemName,
  names: readonly ToolName[],
  options?: { readonly isRoot?: boolean },
): string;
export function installCommands(
  names: readonly ToolName[],
  options?: { readonly system?: SystemName | null; readonly isRoot?: boolean },
): [label: string, command: string][];
