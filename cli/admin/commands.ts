import { auditGroup } from './audit.ts';
import { clientGroup } from './clients.ts';
import { flag, type Group, type Option, text } from './command.ts';
import { completionGroup } from './completion.ts';
import { grantGroup } from './grants.ts';
import { limitGroup } from './limits.ts';
import { peopleGroup } from './people.ts';
import { reviewerGroup } from './reviewers.ts';
import { statsGroup } from './stats.ts';
import { tenantGroup } from './tenants.ts';
import { trustGroup } from './trusts.ts';

/** What every command takes. */
export const sharedOptions = {
  stack: text('NAME', "the deployed stack (default: the project's)"),
  local: text('[URL]', 'the server on this machine (default http://localhost:3000)'),
  json: flag('print the result as JSON'),
  yes: flag("don't ask before what can't be undone"),
  help: flag('explain the commands that start with these words, with examples'),
} as const satisfies Readonly<Record<string, Option>>;

/** All commands, in the order of the help. */
export const groups: readonly Group[] = [
  clientGroup,
  tenantGroup,
  trustGroup,
  peopleGroup,
  reviewerGroup,
  grantGroup,
  limitGroup,
  auditGroup,
  statsGroup,
  completionGroup(() => ({ groups, sharedOptions })),
];
