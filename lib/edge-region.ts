import type { Settings } from './settings.ts';

/** Where CloudFront takes certificates and web ACLs from. */
const HOME = 'us-east-1';

/** Why a server with these settings cannot be in a region, in one sentence, or undefined if it can. */
export function regionProblem(
  { edge, firewall, domain }: Pick<Settings, 'edge' | 'firewall' | 'domain'>,
  region: string,
): string | undefined {
  if (!edge || region === HOME) return undefined;
  const missing = [
    ...(firewall.webAclArn === undefined ? ['firewall.webAclArn'] : []),
    ...(domain && domain.edgeCertificateArn === undefined ? ['domain.edgeCertificateArn'] : []),
  ];
  if (missing.length === 0) return undefined;
  return (
    `edge: CloudFront takes web ACLs and certificates from ${HOME} alone: deploy there instead of to ${region}, or make ` +
    `them there and set ${missing.join(' and ')}.`
  );
}
