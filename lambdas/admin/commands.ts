import { readAudit } from './audit/read.ts';
import { addClient } from './clients/add.ts';
import { listDenied } from './clients/denied.ts';
import { allowClient, denyClient } from './clients/deny.ts';
import { disableMachine, enableMachine } from './clients/disable.ts';
import { listClients } from './clients/list.ts';
import { removeClient } from './clients/remove.ts';
import { rotateSecret } from './clients/rotate-secret.ts';
import { showClient } from './clients/show.ts';
import { resetLimits } from './limits/reset.ts';
import { showLimits } from './limits/show.ts';
import type { Operation } from './operation.ts';
import { deleteClosed, deletePerson } from './people/delete.ts';
import { disablePerson, enablePerson } from './people/disable.ts';
import { endEverything, endGrantsOf, listGrants, revokeGrant } from './people/grants.ts';
import { liftSuppression } from './people/lift.ts';
import { movePerson } from './people/move.ts';
import { showPerson } from './people/show.ts';
import { unlinkPerson } from './people/unlink.ts';
import { addReviewer } from './reviewers/add.ts';
import { endExpiredReviewers } from './reviewers/end-expired.ts';
import { listReviewers } from './reviewers/list.ts';
import { removeReviewer } from './reviewers/remove.ts';
import { addTenant } from './tenants/add.ts';
import { addDomain, removeDomain } from './tenants/domains.ts';
import { listTenants } from './tenants/list.ts';
import { addMember, removeMember, setRole } from './tenants/members.ts';
import { changePolicy } from './tenants/policy.ts';
import { removeTenant } from './tenants/remove.ts';
import { showTenant } from './tenants/show.ts';
import { requireSso } from './tenants/sso.ts';
import { addTrust } from './trusts/add.ts';
import { disableTrust, enableTrust } from './trusts/enable.ts';
import { listTrusts } from './trusts/list.ts';
import { removeTrust } from './trusts/remove.ts';

/** Every command by its name. Each reads its own input and gives what the command line prints. */
export const commands: ReadonlyMap<string, (operation: Operation) => Promise<object>> = new Map([
  ['clients add', addClient],
  ['clients list', listClients],
  ['clients show', showClient],
  ['clients rotate-secret', rotateSecret],
  ['clients remove', removeClient],
  ['clients disable', disableMachine],
  ['clients enable', enableMachine],
  ['clients deny', denyClient],
  ['clients allow', allowClient],
  ['clients denied', listDenied],
  ['tenants add', addTenant],
  ['tenants list', listTenants],
  ['tenants show', showTenant],
  ['tenants remove', removeTenant],
  ['tenants policy', changePolicy],
  ['tenants sso', requireSso],
  ['tenants add-domain', addDomain],
  ['tenants remove-domain', removeDomain],
  ['tenants add-member', addMember],
  ['tenants set-role', setRole],
  ['tenants remove-member', removeMember],
  ['trusts add', addTrust],
  ['trusts list', listTrusts],
  ['trusts enable', enableTrust],
  ['trusts disable', disableTrust],
  ['trusts remove', removeTrust],
  ['reviewers add', addReviewer],
  ['reviewers list', listReviewers],
  ['reviewers remove', removeReviewer],
  ['reviewers end-expired', endExpiredReviewers],
  ['people show', showPerson],
  ['people disable', disablePerson],
  ['people enable', enablePerson],
  ['people move', movePerson],
  ['people lift', liftSuppression],
  ['people unlink', unlinkPerson],
  ['people delete', deletePerson],
  ['people delete-closed', deleteClosed],
  ['people grants', listGrants],
  ['people end-grants', endGrantsOf],
  ['people end-everything', endEverything],
  ['grants revoke', revokeGrant],
  ['limits show', showLimits],
  ['limits reset', resetLimits],
  ['audit', readAudit],
]);
