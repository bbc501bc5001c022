import type { Finding } from './examine.ts';

const marks = { passed: 'ok  ', failed: 'FAIL', 'not checked': '-   ' } as const;

/** What came of a check, for a person: one line, and three more when it failed. */
export function shownFinding(finding: Finding): string {
  const { name, proves, outcome, says, milliseconds } = finding;
  switch (outcome) {
    case 'passed':
      return `${marks[outcome]}  ${name}${says === undefined ? '' : ` · ${says}`} · ${milliseconds} ms`;
    case 'not checked':
      return `${marks[outcome]}  ${name} · not checked: ${says}`;
    case 'failed':
      return [
        `${marks[outcome]}  ${name} · ${milliseconds} ms`,
        `      found   ${says}`,
        `      should  ${proves}`,
        `      remedy  ${finding.remedy}`,
      ].join('\n');
  }
}

/** How many checks came to what, in one sentence. */
export function shownSummary(findings: readonly Finding[]): string {
  const { passed, failed, notChecked } = countsOf(findings);
  const wrong = findings.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name);
  const named = failed === 0 ? '' : ` (${wrong.join(', ')})`;
  return `${passed} passed, ${failed} failed${named}, ${notChecked} not checked.`;
}

/** The whole report, for a program. */
export function reportOf(issuer: string, findings: readonly Finding[]): object {
  return { issuer, ...countsOf(findings), checks: findings };
}

/** True if something wrong was found. */
export function hasFailed(findings: readonly Finding[]): boolean {
  return countsOf(findings).failed > 0;
}

function countsOf(findings: readonly Finding[]) {
  const count = (wanted: Finding['outcome']) => findings.filter(({ outcome }) => outcome === wanted).length;
  return { passed: count('passed'), failed: count('failed'), notChecked: count('not checked') };
}
