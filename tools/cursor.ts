import { ToolError } from './define-tool.ts';

const ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Where a list goes on: after the item with this id. */
export function cursorAfter(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** The id in a cursor. Throws for what this tool never gave. */
export function readCursor(cursor: string | undefined, tool: string): string | undefined {
  if (cursor === undefined) return undefined;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!ID.test(id)) throw new ToolError(`The cursor is not one that ${tool} gave. Start again without it.`);
  return id;
}
