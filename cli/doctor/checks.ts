import type { Group } from './check.ts';
import { authorize } from './checks/authorize.ts';
import { challenges } from './checks/challenge.ts';
import { cors } from './checks/cors.ts';
import { mail } from './checks/mail.ts';
import { metadata } from './checks/metadata.ts';
import { providers } from './checks/providers.ts';
import { registration, removal } from './checks/registration.ts';
import { reviewers } from './checks/reviewers.ts';
import { server } from './checks/server.ts';
import { signIn } from './checks/sign-in.ts';
import { goneClient, token } from './checks/token.ts';
import { wellKnown } from './checks/well-known.ts';

const afterwards: Group = { ...removal, checks: [...removal.checks, goneClient] };

/** All checks, in the order in which a client meets what they are about. */
export const groups: readonly Group[] = [
  ...[server, wellKnown, metadata, challenges, cors, registration, authorize, providers, token, mail, reviewers],
  signIn,
  afterwards,
];
