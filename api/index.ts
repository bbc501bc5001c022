/** What the author of a tool uses: nothing here loads the CDK, so that none of it lands in a Lambda. */
export { fitting, fittingLines } from '../tools/answer-size.ts';
export { definePrompt, type Prompt } from '../tools/define-prompt.ts';
export { defineResource, type FixedResource, type Resource, type TemplatedResource } from '../tools/define-resource.ts';
export {
  type AddingCall,
  type Annotations,
  type Attachment,
  type Call,
  type ChangingCall,
  defineTool,
  type Progress,
  type PublicCall,
  type Tool,
  ToolError,
} from '../tools/define-tool.ts';
export type * from '../tools/other-scopes.ts';
export type { Pack } from '../tools/pack.ts';
export type { Scope, ScopeText } from '../tools/scopes.ts';
export { comparable, written, writtenLabel, writtenLine } from '../tools/text.ts';
export { clockIn, dayIn, timeZone } from '../tools/time-zone.ts';
