// The implementation is shared with set-up, which runs before dist exists. The path is the same from src/ and dist/.
export {
  findTool,
  installCommands,
  TOOLS,
  type Tool,
  type ToolName,
} from '../../scripts/lib/tools.mjs';
