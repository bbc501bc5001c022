import { ceilingOf } from '../../lib/ceiling.ts';
import { regionProblem } from '../../lib/edge-region.ts';
import type { Settings } from '../../lib/settings.ts';
import { Failure, sentenceFor } from '../shared/failure.ts';
import { webmailSender } from '../shared/webmail.ts';
import { type Finding, note, stop } from './finding.ts';
import type { Place } from './place.ts';
import type { Question } from './question.ts';
import { account } from './questions/account.ts';
import { bootstrap } from './questions/bootstrap.ts';
import { lambdas } from './questions/lambdas.ts';
import { identity, sandbox } from './questions/mail.ts';
import { providers } from './questions/providers.ts';
import { hostedZone, secrets, table } from './questions/resources.ts';
import { stack } from './questions/stack.ts';
import { types } from './questions/types.ts';

const questions = [stack, bootstrap, types, identity, sandbox, lambdas, hostedZone, table, secrets, providers];
const refusals = /^(AccessDenied|Unauthori[sz]ed|AuthorizationError|NotAuthorized|Forbidden)/;
const badCredentials =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|AuthFailure)/;

/** Asks the account what would keep a server from working there. Gives all that is worth saying, what ends it first. */
export async function preflight(place: Place): Promise<readonly Finding[]> {
  const known = [...settingsFindings(place.settings), ...regionFindings(place)];
  // Without credentials, or with those of another account, there is nothing to say about this one.
  const first = await answer(account, place, true);
  const isElsewhere = first.some(({ kind }) => kind === 'stop');
  const others = isElsewhere ? [] : await Promise.all(questions.map((question) => answer(question, place)));
  const all = [...first, ...known, ...others.flat()];
  return all.toSorted((one, other) => Number(other.kind === 'stop') - Number(one.kind === 'stop'));
}

/** What the settings alone say. */
function settingsFindings(settings: Settings): Finding[] {
  const { alarms, throttles, sender } = settings;
  const { requestsPerSecond, requestsUsd, tableUsd } = ceilingOf(settings);
  const webmail = webmailSender(sender);
  const findings: Finding[] = webmail === undefined ? [] : [note(webmail)];
  if (settings.edge && !settings.domain)
    findings.push(
      note('With edge and without domain, CloudFront still speaks TLS 1.0 at the name that it gives: set domain.'),
    );
  if (alarms.enabled && alarms.email === undefined)
    findings.push(note('Nobody is notified of alarms: set alarms.email in vestibule.config.ts.'));
  if (alarms.monthlyBudgetUsd === undefined)
    findings.push(
      note(
        `A flood that lasts a month could cost $${requestsUsd.toLocaleString('en')} for the ${requestsPerSecond} requests ` +
          `a second that throttles lets in, and $${tableUsd.toLocaleString('en')} for the table: lower throttles, or set ` +
          'alarms.monthlyBudgetUsd to be told early.',
      ),
    );
  const { existing, maxWriteUnits } = settings.table;
  const taken = throttles.mcp.perSecond * UNITS_OF_A_CALL;
  if (existing === undefined && (maxWriteUnits ?? 1_000) < taken)
    findings.push(
      note(
        `throttles.mcp lets in calls that write ${taken} units a second, more than the table takes: raise table.maxWriteUnits.`,
      ),
    );
  return findings;
}

/** What a call of a tool that writes takes, at most. See docs/cost.md. */
const UNITS_OF_A_CALL = 8;

function regionFindings({ settings, region }: Place): Finding[] {
  const problem = regionProblem(settings, region);
  return problem === undefined ? [] : [stop(problem)];
}

/** What comes of a question. One that may not be asked is said to be unanswered, and nothing is assumed. */
async function answer({ what, right, ask }: Question, place: Place, isNeeded = false): Promise<readonly Finding[]> {
  try {
    return await ask(place);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (error instanceof Failure) throw error;
    if (badCredentials.test(name)) return [stop(`AWS refuses the credentials: ${message}`)];
    if (refusals.test(name)) return [note(`Could not check ${what}: these credentials lack ${right}.`)];
    const reason = sentenceFor(error, `AWS in ${place.region}`);
    if (isNeeded) return [stop(`${reason} If the region is wrong, set AWS_REGION.`)];
    return [note(`Could not check ${what}. ${reason}`)];
  }
}
