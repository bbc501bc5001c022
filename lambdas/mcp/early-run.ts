import { jsonMembers } from '#core/http/json-rpc.ts';
import type { Request } from '#core/http/request.ts';
import type { AccessToken } from '#core/oauth/access-token.ts';
import type { Role } from '#core/oauth/permission.ts';
import type { Tool } from '#tools/define-tool.ts';
import { hasGranted } from './caller.ts';
import type { ComputingTime } from './computing-time.ts';
import type { Message } from './message.ts';
import { faultIn } from './message-shapes.ts';
import { readArguments } from './read-arguments.ts';
import { tools } from './served.ts';
import { runTool, type ToolRun } from './tool-run.ts';

const HELD_BACK_SECONDS = 60;
const MOST_HELD_BACK = 1_000;
/** Grants that were refused, and until when nothing is run early for them, so that a refusal costs less than a call. */
const heldBack = new Map<string, number>();

const usualRole: Role = 'member';

/** A run of a tool that began before it was known whether its caller may call it at all. */
export type EarlyRun = {
  readonly tool: Tool;
  readonly understood: ReturnType<typeof readArguments>;
  /**
   * What came of it, or what it threw. Undefined where the arguments were not understood, or where it asked for the
   * caller's role, which was not known yet and is another.
   */
  readonly take: (role: Role) => Promise<ToolRun | undefined>;
};

/**
 * Runs the tool that a message calls, if it may run early and the token has what it needs. The reads of the tool and of
 * the admission then take one round trip together. A caller who is not admitted gets nothing of it.
 */
export function runEarly(
  access: AccessToken,
  message: Message,
  request: Request,
  time: ComputingTime,
): EarlyRun | undefined {
  const { name, arguments: given, _meta } = jsonMembers(message.params);
  const tool = message.method === 'tools/call' ? tools.find((candidate) => candidate.name === name) : undefined;
  if (!tool?.early || !tool.bounded || tool.role || !hasGranted(access, tool) || isHeldBack(access, request.now))
    return undefined;
  const wantsProgress = jsonMembers(_meta).progressToken !== undefined;
  if (wantsProgress || faultIn(message)) return undefined;
  let isRoleAsked = false;
  const acting = {
    ...access,
    principal: access,
    isBound: access.jkt !== undefined,
    get role() {
      isRoleAsked = true;
      return usualRole;
    },
    request,
    time,
  };
  const understood = readArguments(tool.input, jsonMembers(given));
  const run = understood.then((read) => ('faults' in read ? undefined : runTool(tool, read.input, acting)));
  const take = async (role: Role) => {
    await run.catch(() => 'told below');
    return isRoleAsked && role !== usualRole ? undefined : run;
  };
  run.catch(() => 'heard of by those who take it');
  return { tool, understood, take };
}

/** Keeps the calls of a grant that was refused from running early for a while. */
export function holdBack({ grantId }: AccessToken, now: number): void {
  if (heldBack.size >= MOST_HELD_BACK) heldBack.clear();
  heldBack.set(grantId, now + HELD_BACK_SECONDS);
}

function isHeldBack({ grantId }: AccessToken, now: number): boolean {
  return (heldBack.get(grantId) ?? 0) > now;
}
