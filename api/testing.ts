/** How a tool is tested, without a server. */
export { callTool, type TestedAnswer, type TestedCall } from '../tools/testing.ts';
